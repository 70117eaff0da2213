// What a JSON Schema cannot say about the settings: names are unique, paths stay inside the media path,
// quantities and durations parse, flags are flags.
import { cleanPath } from '../pod/mount-path.ts';
import { parseQuantity } from '../pod/quantity.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { renderFieldPath } from '../problem/field-path.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { FIXED_RULE_IDS, RULE_IDS } from '../problem/rule-ids.ts';
import { mediaPathConflict } from './container-paths.ts';
import { isDuration } from './duration.ts';
import { relativeMountPoint } from './remote-mount.ts';
import type { Remote } from './remote-schema.ts';
import type { ResourceSettings, Settings } from './schema.ts';

/** Directory of the media path that holds the private mounts; no remote may be mounted there. */
export const PRIVATE_DIRECTORY = '.media-stack';

/** Flags that the sidecar sets itself, or that break it: rclone must stay in the foreground and keep its paths. */
const OWN_FLAGS: Readonly<Record<string, string>> = {
  '--daemon': 'rclone must stay in the foreground of its container',
  '--daemon-wait': 'rclone must stay in the foreground of its container',
  '--config': 'the configuration comes from the Secret of the remote',
  '--cache-dir': 'the cache volume is set by rclone.cacheSize',
  '--allow-non-empty': 'the sidecar decides this itself, after a look at the mount point',
  '--read-only': 'use rclone.readOnly or remotes[].readOnly, which bring the cache volume too',
  '--vfs-cache-mode': 'use rclone.vfsCacheMode or remotes[].vfsCacheMode, which bring the cache volume too',
  '--vfs-cache-max-size': 'use rclone.cacheSize, of which rclone gets 80 %',
  '--disable': 'About is disabled by the sidecar, so that a probe never asks the backend',
  '--rc': 'use rclone.rc: socket',
  '--rc-addr': 'use rclone.rc: socket, which nobody outside the sidecars can reach',
  '--rc-no-auth': 'use rclone.rc: socket, which nobody outside the sidecars can reach',
  '--metrics-addr': 'use remotes[].metricsAddr',
};

/** Every problem that the schema does not find, each with the path of the field; empty when all is well. */
export function checkSettings(settings: Settings): Problem[] {
  const problems: Problem[] = [];
  const report = (path: PathSegment[], message: string, hint: string): void => {
    problems.push({ code: 'settings-value', level: 'deny', path: renderFieldPath(path), message, hint });
  };
  const conflict = mediaPathConflict(cleanPath(settings.media.path));
  if (conflict !== null) {
    report(
      ['media', 'path'],
      `${quote(settings.media.path)} cannot be the media path: ${conflict}`,
      'Choose another one, e.g. /mnt/media',
    );
  }
  checkResources(settings.sidecar.resources, ['sidecar', 'resources'], report);
  checkResources(settings.initDirs.resources, ['initDirs', 'resources'], report);
  checkQuantity(settings.rclone.cacheSize, ['rclone', 'cacheSize'], report);
  for (const key of ['dirCacheTime', 'attrTimeout', 'pollInterval'] as const) {
    if (!isDuration(settings.rclone[key])) {
      report(
        ['rclone', key],
        `${quote(settings.rclone[key])} is no duration`,
        'Write a number with a unit, e.g. 60s, 5m or 1h30m.',
      );
    }
  }
  checkFlags(settings.rclone.flags, ['rclone', 'flags'], report);
  settings.remotes.forEach((remote, index) => checkRemote(remote, index, settings, report));
  for (const [id, level] of Object.entries(settings.policy.rules)) {
    const path = ['policy', 'rules', id];
    if (!RULE_IDS.includes(id)) {
      const hint = `${didYouMean(id, RULE_IDS)}All rules are listed in docs/rules/README.md.`;
      report(path, `there is no rule ${quote(id)}`, hint);
    } else if (FIXED_RULE_IDS.includes(id) && level !== 'deny') {
      const message = `${id} cannot be ${quote(level)}: it is about what no injection can act on`;
      report(path, message, 'Take it away: the webhook refuses such a pod in any case.');
    }
  }
  checkMountPoints(settings, report);
  return problems;
}

type ReportProblem = (path: PathSegment[], message: string, hint: string) => void;

function checkRemote(remote: Remote, index: number, settings: Settings, report: ReportProblem): void {
  const path = ['remotes', index];
  const twin = settings.remotes.findIndex((other) => other.name === remote.name);
  if (twin < index) {
    report(
      [...path, 'name'],
      `two remotes have the name ${quote(remote.name)} (the other is remotes[${twin}])`,
      'Give each remote a name of its own.',
    );
  }
  // All containers of a pod share one network.
  const port = remote.metricsAddr?.split(':').at(-1);
  const sharing = settings.remotes.findIndex((other) => other.metricsAddr?.split(':').at(-1) === port);
  if (port !== undefined && sharing < index) {
    report(
      [...path, 'metricsAddr'],
      `port ${port} is that of remotes[${sharing}] too`,
      'Give each remote a port of its own.',
    );
  }
  if (remote.cacheSize !== undefined) checkQuantity(remote.cacheSize, [...path, 'cacheSize'], report);
  checkFlags(remote.flags, [...path, 'flags'], report);
  if (remote.probePath.split('/').includes('..')) {
    report(
      [...path, 'probePath'],
      `${quote(remote.probePath)} leads out of the mount`,
      'Name a directory below the mount point.',
    );
  }
}

function checkMountPoints(settings: Settings, report: ReportProblem): void {
  const points: { index: number; point: string }[] = [];
  settings.remotes.forEach((remote, index) => {
    const path = ['remotes', index, remote.path === undefined ? 'name' : 'path'];
    const point = relativeMountPoint(remote, settings.media.path);
    if (point === null) {
      report(
        path,
        `${quote(remote.path)} is outside the media path ${settings.media.path}`,
        `Name a directory below it, e.g. path: ${remote.name}`,
      );
      return;
    }
    if (point.includes('/') || point === PRIVATE_DIRECTORY) {
      const why = point.includes('/')
        ? 'is not directly below the media path'
        : 'is the directory of private mounts';
      report(path, `${quote(point)} ${why}`, `Choose one directory, e.g. path: ${remote.name}`);
    }
    const twin = points.find(
      (other) => other.point === point && settings.remotes[other.index]?.name !== remote.name,
    );
    if (twin) {
      report(
        path,
        `mount point ${quote(point)} is that of remotes[${twin.index}] too`,
        'Give each remote a directory of its own.',
      );
    }
    points.push({ index, point });
  });
}

function checkResources(resources: ResourceSettings, path: PathSegment[], report: ReportProblem): void {
  for (const name of ['cpu', 'memory'] as const) {
    const request = checkQuantity(resources.requests[name], [...path, 'requests', name], report);
    const limit = checkQuantity(resources.limits[name], [...path, 'limits', name], report);
    if (request !== null && limit !== null && request > limit) {
      report(
        [...path, 'requests', name],
        `the request ${quote(resources.requests[name])} is above the limit ${quote(resources.limits[name])}`,
        'Lower the request or raise the limit.',
      );
    }
  }
}

function checkQuantity(value: string | number, path: PathSegment[], report: ReportProblem): number | null {
  const parsed = parseQuantity(value);
  if (parsed !== null && parsed > 0) return parsed;
  report(
    path,
    `${quote(value)} is no quantity above zero`,
    'Write it as Kubernetes does, e.g. 500m for half a core, 256Mi or 10Gi for bytes.',
  );
  return null;
}

function checkFlags(flags: readonly string[], path: PathSegment[], report: ReportProblem): void {
  flags.forEach((flag, index) => {
    if (!/^--[a-z][a-z0-9-]*(=|$)/.test(flag)) {
      report(
        [...path, index],
        `${quote(flag)} is no rclone flag`,
        'Write flag and value as one item, e.g. --buffer-size=32Mi',
      );
      return;
    }
    const reason = OWN_FLAGS[flag.split('=', 1)[0] ?? ''];
    if (reason !== undefined)
      report([...path, index], `${quote(flag)} cannot be set here`, `Take it away: ${reason}.`);
  });
}
