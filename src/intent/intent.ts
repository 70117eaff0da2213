// What is asked for: settings and the annotations of one pod put together. An annotation wins over the setting of
// one remote, and that over the setting for all.
import type { JsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import { parseQuantity } from '../pod/quantity.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { PRIVATE_DIRECTORY } from '../settings/check-settings.ts';
import { relativeMountPoint } from '../settings/remote-mount.ts';
import type { Remote } from '../settings/remote-schema.ts';
import type { ResourceSettings, Settings } from '../settings/schema.ts';
import { annotationProblem, parseAnnotations } from './annotations.ts';
import type { Overrides } from './annotations.ts';

/** One remote as this pod shall have it. */
export interface RemoteIntent {
  readonly name: string;
  /** `rclone-NAME`. */
  readonly containerName: string;
  readonly secret: string;
  /** What rclone mounts: `zurg:`. */
  readonly source: string;
  /** Where the app sees it: `/mnt/media/zurg`. */
  readonly path: string;
  /** Where it is mounted with private mounts: `/mnt/media/.media-stack/zurg`. */
  readonly privatePath: string;
  readonly probePath: string;
  readonly image: string;
  readonly readOnly: boolean;
  readonly vfsCacheMode: string;
  readonly cacheSize: string | number;
  readonly flags: readonly string[];
  readonly metricsAddr: string | null;
}

export interface Intent {
  readonly mediaPath: string;
  /** `/mnt/media/.media-stack`. */
  readonly privateRoot: string;
  /** One volume source: `{ persistentVolumeClaim: { claimName } }`. */
  readonly mediaSource: JsonObject;
  /** The claim of the annotation media-stack/media-claim. */
  readonly claimAsked: string | null;
  /** What the pod asked for, null where only the settings speak. */
  readonly mountsAsked: 'volume' | 'private' | null;
  readonly mountsSetting: 'volume' | 'private';
  /** The selected remotes, in the order of the settings. */
  readonly remotes: readonly RemoteIntent[];
  /** All remotes of the settings: what counts as a mount sidecar does not depend on the selection. */
  readonly knownRemotes: readonly RemoteIntent[];
  readonly containersAsked: readonly string[] | null;
  readonly mode: 'native' | 'container';
  readonly position: 'first' | 'last';
  readonly waitForContent: boolean;
  readonly dirCacheTime: string;
  readonly attrTimeout: string;
  readonly pollInterval: string;
  readonly resources: ResourceSettings;
  readonly ignore: readonly string[];
}

/** The intent of a labelled pod, with an MS503 problem for every annotation that cannot be followed. */
export function resolveIntent(
  pod: Pick<Pod, 'metadata'>,
  settings: Settings,
): { intent: Intent; problems: Problem[] } {
  const { overrides, problems } = parseAnnotations(pod);
  const mediaPath = overrides.mediaPath ?? settings.media.path;
  const knownRemotes = settings.remotes.map((remote) =>
    resolveRemote(remote, mediaPath, overrides, settings),
  );
  const resources = resolveResources(settings.sidecar.resources, overrides);
  problems.push(...remoteProblems(overrides, settings), ...resourceProblems(resources, overrides));
  const intent: Intent = {
    mediaPath,
    privateRoot: `${mediaPath}/${PRIVATE_DIRECTORY}`,
    mediaSource:
      overrides.mediaClaim === undefined
        ? (settings.media.volume as JsonObject)
        : { persistentVolumeClaim: { claimName: overrides.mediaClaim } },
    claimAsked: overrides.mediaClaim ?? null,
    mountsAsked: overrides.mounts ?? null,
    mountsSetting: settings.media.mounts,
    remotes: overrides.remotes
      ? knownRemotes.filter((remote) => overrides.remotes?.includes(remote.name))
      : knownRemotes,
    knownRemotes,
    containersAsked: overrides.containers ?? null,
    mode: overrides.sidecarMode ?? settings.sidecar.mode,
    position: overrides.sidecarPosition ?? settings.sidecar.position,
    waitForContent: overrides.waitForContent ?? settings.sidecar.waitForContent,
    dirCacheTime: overrides.dirCacheTime ?? settings.rclone.dirCacheTime,
    attrTimeout: overrides.attrTimeout ?? settings.rclone.attrTimeout,
    pollInterval: overrides.pollInterval ?? settings.rclone.pollInterval,
    resources,
    ignore: overrides.ignore ?? [],
  };
  return { intent, problems };
}

function resolveRemote(
  remote: Remote,
  mediaPath: string,
  overrides: Overrides,
  settings: Settings,
): RemoteIntent {
  // The settings were checked: a mount point outside the media path never gets here.
  const point = relativeMountPoint(remote, settings.media.path) ?? remote.name;
  return {
    name: remote.name,
    containerName: `rclone-${remote.name}`,
    secret: remote.secret,
    source: remote.remote ?? `${remote.name}:`,
    path: `${mediaPath}/${point}`,
    privatePath: `${mediaPath}/${PRIVATE_DIRECTORY}/${point}`,
    probePath: remote.probePath,
    image: remote.image ?? settings.images.rclone,
    readOnly: overrides.readOnly ?? remote.readOnly ?? settings.rclone.readOnly,
    vfsCacheMode: overrides.vfsCacheMode ?? remote.vfsCacheMode ?? settings.rclone.vfsCacheMode,
    cacheSize: overrides.cacheSize ?? remote.cacheSize ?? settings.rclone.cacheSize,
    flags: [...settings.rclone.flags, ...remote.flags],
    metricsAddr: remote.metricsAddr ?? null,
  };
}

function resolveResources(settings: ResourceSettings, overrides: Overrides): ResourceSettings {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = overrides;
  if ((cpuRequest ?? cpuLimit ?? memoryRequest ?? memoryLimit) === undefined) return settings;
  return {
    requests: {
      cpu: cpuRequest ?? atMost(settings.requests.cpu, cpuLimit),
      memory: memoryRequest ?? atMost(settings.requests.memory, memoryLimit),
    },
    limits: {
      cpu: cpuLimit ?? atLeast(settings.limits.cpu, cpuRequest),
      memory: memoryLimit ?? atLeast(settings.limits.memory, memoryRequest),
    },
  };
}

type Amount = string | number;

/** A limit given alone pulls the standard request down with it, and a request given alone the limit up. */
function atMost(request: Amount, limit: string | undefined): Amount {
  return limit !== undefined && (parseQuantity(limit) ?? 0) < (parseQuantity(request) ?? 0) ? limit : request;
}

function atLeast(limit: Amount, request: string | undefined): Amount {
  return request !== undefined && (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? 0)
    ? request
    : limit;
}

function remoteProblems(overrides: Overrides, settings: Settings): Problem[] {
  const known = settings.remotes.map((remote) => remote.name);
  return (overrides.remotes ?? [])
    .filter((name) => !known.includes(name))
    .map((name) =>
      annotationProblem(
        'remotes',
        `there is no remote ${quote(name)} in the settings`,
        `${didYouMean(name, known)}Known remotes: ${known.join(', ')}.`,
      ),
    );
}

function resourceProblems(resources: ResourceSettings, overrides: Overrides): Problem[] {
  const problems: Problem[] = [];
  for (const name of ['cpu', 'memory'] as const) {
    const request = resources.requests[name];
    const limit = resources.limits[name];
    if ((parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? 0)) continue;
    const both = `${name}-request ${quote(request)} is above ${name}-limit ${quote(limit)}`;
    problems.push(
      annotationProblem(
        overrides[`${name}Request`] === undefined ? `${name}-limit` : `${name}-request`,
        both,
        'Lower the request or raise the limit.',
      ),
    );
  }
  return problems;
}
