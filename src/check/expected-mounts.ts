// Which mounts a pod should have: those that its label asks for, those of its mount sidecars, and, where it uses the
// media volume without either, those that it lacks.
import { resolveIntent } from '../intent/intent.ts';
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { readMountsLabel } from '../intent/labels.ts';
import { isSwitchedOn, optionValue, readRcloneFlags } from '../intent/rclone-flags.ts';
import { readRcloneSource } from '../intent/rclone-source.ts';
import { surveyPod } from '../intent/survey.ts';
import type { SidecarRef, Survey } from '../intent/survey.ts';
import { isSubPathMount, listContainers } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import { parseQuantity } from '../pod/quantity.ts';
import type { Settings } from '../settings/schema.ts';

export interface ExpectedSidecar {
  readonly container: string;
  /** What rclone mounts (`zurg:`), null where the command does not tell. */
  readonly source: string | null;
  /** Flags that another rclone in this container needs to find the same server: --config. */
  readonly configFlags: readonly string[];
  /** Too little memory for a second rclone beside the one that mounts: the kernel might kill that one. */
  readonly isSmall: boolean;
  /** Whether statfs is answered without the server: rclone asks it for About unless that is disabled. */
  readonly answersStatfs: boolean;
}

export interface ExpectedMount {
  /** Name in the settings; for a mount of something else the container's name. */
  readonly remote: string;
  /** Where the app sees it: `/mnt/media/zurg`. */
  readonly point: string;
  /** Where rclone mounts it; another place than `point` with private mounts, where `point` is a link. */
  readonly mountedAt: string;
  /** What is listed: the point, or the probe path below it. */
  readonly listed: string;
  /** Null where no container of the pod mounts it. */
  readonly sidecar: ExpectedSidecar | null;
}

export interface ExpectedMounts {
  readonly mediaPath: string;
  readonly label: 'absent' | 'true' | 'false' | 'malformed';
  /** Containers that should see the mounts, the app first; empty for a standalone rclone. */
  readonly apps: readonly string[];
  /** The apps that have nothing at the media path. */
  readonly appsWithoutMedia: readonly string[];
  readonly mounts: readonly ExpectedMount[];
}

/** The mounts of a pod; null where it has nothing to do with media, or has opted out with the label "false". */
export function expectMounts(pod: Pod, settings: Settings): ExpectedMounts | null {
  const label = readMountsLabel(pod);
  if (label === 'false') return null;
  const { intent } = resolveIntent(pod, settings);
  const survey = surveyPod(pod, intent, settings, []);
  if (label === 'absent' && survey.sidecars.length === 0 && !usesMedia(pod, intent, survey)) return null;
  const byRemote = (remote: RemoteIntent) => survey.sidecars.find((ref) => ref.sidecar.remote === remote);
  const asked = label === 'absent' && survey.sidecars.length > 0 ? [] : intent.remotes;
  const others = survey.sidecars.filter(
    ({ sidecar }) => sidecar.remote === null || !asked.includes(sidecar.remote),
  );
  const apps = survey.apps.map((ref) => ref.container);
  return {
    mediaPath: intent.mediaPath,
    label,
    apps: apps.map(({ name }) => name),
    appsWithoutMedia: apps
      .filter(
        ({ volumeMounts }) =>
          !(volumeMounts ?? []).some(({ mountPath }) => isAt(mountPath, intent.mediaPath)),
      )
      .map(({ name }) => name),
    mounts: [
      ...asked.map((remote) => describeMount(remote, byRemote(remote))),
      ...others.map((ref) => describeMount(ref.sidecar.remote, ref)),
    ],
  };
}

function describeMount(remote: RemoteIntent | null, ref: SidecarRef | undefined): ExpectedMount {
  const target = ref?.sidecar.target ?? (ref?.ours ? (ref.container.args?.[0] ?? null) : null);
  const mountedAt = target ?? remote?.path ?? '';
  const isPrivate = remote !== null && mountedAt === remote.privatePath;
  const point = isPrivate ? remote.path : mountedAt;
  const probePath = remote?.probePath ?? '';
  return {
    remote: remote?.name ?? ref?.container.name ?? '',
    point,
    mountedAt,
    listed: probePath === '' ? point : `${point}/${probePath}`,
    sidecar: ref === undefined ? null : describeSidecar(ref),
  };
}

function describeSidecar({ container }: SidecarRef): ExpectedSidecar {
  const flags = readRcloneFlags(container) ?? new Map();
  const config = optionValue(flags, '--config');
  const disabled = optionValue(flags, '--disable') ?? '';
  return {
    container: container.name,
    source: readRcloneSource(container),
    configFlags: [
      ...(config === null ? [] : [`--config=${config}`]),
      ...(isSwitchedOn(flags, '--no-check-certificate') ? ['--no-check-certificate'] : []),
    ],
    isSmall: (parseQuantity(container.resources?.limits?.['memory'] ?? '') ?? Infinity) < MIN_MEMORY,
    answersStatfs: disabled.split(',').includes('About'),
  };
}

/** An rclone that lists one folder has been seen to take 40 MiB. */
const MIN_MEMORY = 128 * 2 ** 20;

/** Mounts the media path, or the whole media volume anywhere: a sub-path is an app's configuration. */
function usesMedia(pod: Pod, intent: Intent, survey: Survey): boolean {
  return listContainers(pod).some(({ container }) =>
    (container.volumeMounts ?? []).some(
      (mount) =>
        isAt(mount.mountPath, intent.mediaPath) ||
        (survey.media.exists && mount.name === survey.media.name && !isSubPathMount(mount)),
    ),
  );
}

function isAt(mountPath: string, path: string): boolean {
  return mountPath === path || mountPath === `${path}/`;
}
