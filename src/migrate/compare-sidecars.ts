// A hand-written sidecar against the one that is injected in its place: what the running mount has otherwise.
import { jsonEqual } from '../pod/json.ts';
import type { Difference } from './difference.ts';
import { describeMounted } from './mount-views.ts';
import type { SidecarFacts } from './sidecar-facts.ts';
import { TUNING_NAMES } from './sidecar-tuning.ts';
import type { TuningName } from './sidecar-tuning.ts';

export interface SidecarComparison {
  /** What makes it another mount. */
  readonly broken: readonly Difference[];
  /** What makes it the same mount with other means. */
  readonly differences: readonly Difference[];
}

/** Flags that every injected sidecar has (src/plan/rclone-command.ts); docs/migrate.md names them. */
const ALWAYS_ADDED = new Set(['--allow-other', '--disable', '--use-json-log', '--vfs-cache-poll-interval']);

/** Flags that the settings refuse: nothing keeps them (src/settings/check-settings.ts). */
const NEVER_KEPT = new Set([
  '--allow-non-empty',
  '--daemon',
  '--daemon-wait',
  '--disable',
  '--rc',
  '--rc-no-auth',
  '--rc-addr',
]);

/** Compares place, content and means. */
export function compareSidecars(before: SidecarFacts, after: SidecarFacts): SidecarComparison {
  const at = before.ref.container.name;
  const line = (what: string, why: string, keep: string | null = null): Difference => ({
    at,
    what,
    why,
    keep,
  });
  const [was, is] = [describeMounted(before), describeMounted(after)];
  return {
    broken: was === is ? [] : [line(was, `becomes ${is}`)],
    differences: [
      ...compareForm(before, after, line),
      ...OPTIONS.flatMap((name) => compareTuning(name, before, after, line)),
      ...compareResources(before, after, line),
      ...compareFlags(before, after, line),
      ...compareRest(before, after, line),
    ],
  };
}

type Line = (what: string, why: string, keep?: string | null) => Difference;

function compareForm(before: SidecarFacts, after: SidecarFacts, line: Line): Difference[] {
  const lines: Difference[] = [];
  if (!before.isPrivileged)
    lines.push(line('not privileged', 'is privileged now: it could not mount (MS301)'));
  if (!before.isBidirectional)
    lines.push(line('no mountPropagation: Bidirectional', 'has it now: nobody could see the mount (MS202)'));
  if (before.site?.volume !== after.site?.volume)
    lines.push(
      line(
        `mount in volume ${before.site?.volume}`,
        `lives in volume ${after.site?.volume}`,
        'media-stack/mounts: "volume"',
      ),
    );
  if (before.isNative !== after.isNative)
    lines.push(
      before.isNative
        ? line('native sidecar', 'becomes a plain container in front of the app: settings sidecar.mode')
        : line(
            'plain container',
            'becomes a native sidecar (restartPolicy: Always), for which the app waits',
          ),
    );
  const [was, is] = [before.ref.container.image ?? '', after.ref.container.image ?? ''];
  if (fullName(was) !== fullName(is))
    lines.push(
      /(^|\/)[^:@]*(:latest)?$/.test(was)
        ? line(`image ${was}`, `becomes ${is}: one without a version can change any day (MS404)`)
        : line(`image ${was}`, `becomes ${is}`, 'settings remotes[].image or images.rclone'),
    );
  return lines;
}

/** An image without a registry comes from docker.io (distribution/reference: normalize.go). */
function fullName(image: string): string {
  const [first = ''] = image.split('/', 1);
  const hasRegistry = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return hasRegistry ? image : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`;
}

/** What keeps a value where no annotation does, because the sidecars of the pod differ or it was not wanted. */
const SETTINGS: Readonly<Record<TuningName, string>> = {
  'read-only': 'remotes[].readOnly or rclone.readOnly',
  'vfs-cache-mode': 'remotes[].vfsCacheMode or rclone.vfsCacheMode',
  'cache-size': 'remotes[].cacheSize or rclone.cacheSize',
  'dir-cache-time': 'rclone.dirCacheTime',
  'attr-timeout': 'rclone.attrTimeout',
  'poll-interval': 'rclone.pollInterval',
  'cpu-request': 'sidecar.resources',
  'cpu-limit': 'sidecar.resources',
  'memory-request': 'sidecar.resources',
  'memory-limit': 'sidecar.resources',
};

function compareTuning(
  name: TuningName,
  before: SidecarFacts,
  after: SidecarFacts,
  line: Line,
): Difference[] {
  const [was, is] = [before.tuning[name], after.tuning[name]];
  if (was.key === is.key) return [];
  if (name === 'cache-size' && was.key === null)
    return [
      line(
        before.tuning['vfs-cache-mode'].key === 'off' ? 'no cache' : 'cache without a bound',
        `gets a volume of its own, of which rclone takes ${is.short} (media-stack/cache-size)`,
      ),
    ];
  const keep = was.annotation === null ? null : `media-stack/${name} or settings ${SETTINGS[name]}`;
  const note = was.isDefault && was.annotation !== null && name !== 'read-only' ? ", rclone's default" : '';
  return [line(`${was.shown}${note}`, `becomes ${is.short}`, keep)];
}

const RESOURCES = TUNING_NAMES.filter((name) => /^(cpu|memory)-/.test(name));
const OPTIONS = TUNING_NAMES.filter((name) => !RESOURCES.includes(name));

/** One line where nothing was written: that is how most are. */
function compareResources(before: SidecarFacts, after: SidecarFacts, line: Line): Difference[] {
  if (RESOURCES.some((name) => before.tuning[name].key !== null))
    return RESOURCES.flatMap((name) => compareTuning(name, before, after, line));
  const given = RESOURCES.filter((name) => after.tuning[name].key !== null).map(
    (name) => after.tuning[name].shown,
  );
  return given.length === 0
    ? []
    : [line('no requests and limits', `gets ${given.join(', ')} (media-stack/memory-limit and its like)`)];
}

function compareFlags(before: SidecarFacts, after: SidecarFacts, line: Line): Difference[] {
  const nameOf = (flag: string) => flag.split('=', 1)[0] ?? flag;
  const lost = before.otherFlags.filter((flag) => !after.otherFlags.includes(flag));
  const added = after.otherFlags
    .filter((flag) => !before.otherFlags.includes(flag) && !ALWAYS_ADDED.has(nameOf(flag)))
    .filter((flag) => !lost.some((other) => nameOf(other) === nameOf(flag)));
  const lines = lost.map((flag) => {
    const replaced = after.otherFlags.find((other) => nameOf(other) === nameOf(flag));
    return line(
      flag,
      replaced === undefined ? 'is dropped' : `becomes ${replaced}`,
      flag.startsWith('--') && !NEVER_KEPT.has(nameOf(flag)) ? `settings remotes[].flags: [${flag}]` : null,
    );
  });
  if (before.openRc !== null)
    lines.push(
      line(
        `open remote control on ${before.openRc}`,
        'is closed: who reaches it is root on the node (MS403); settings rclone.rc: socket gives a private one',
      ),
    );
  return [...lines, ...added.map((flag) => line(`no ${flag}`, 'comes from the settings'))];
}

function compareRest(before: SidecarFacts, after: SidecarFacts, line: Line): Difference[] {
  const lines = [
    ...[...before.variables].flatMap(([name, variable]) => {
      if (jsonEqual(variable, after.variables.get(name))) return [];
      return [line(`env ${name}`, after.variables.has(name) ? 'gets another value' : 'is dropped')];
    }),
    ...before.otherMounts.map((mount) => line(mount, 'is dropped')),
    ...before.otherFields.map((field) =>
      line(field, after.otherFields.includes(field) ? 'becomes that of the injected sidecar' : 'is dropped'),
    ),
  ];
  if (before.cache !== 'emptyDir')
    lines.push(line(`cache in ${before.cache}`, 'becomes an emptyDir of the pod'));
  return lines;
}
