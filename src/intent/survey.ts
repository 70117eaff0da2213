// What is there: which containers of a pod are mount sidecars, which is init-dirs, which is the app, and which
// volume is the media volume. Decides by content, in a fixed order; changes nothing.
import { listContainers, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { chooseApps } from './app-containers.ts';
import type { Intent } from './intent.ts';
import { chooseMediaVolume, claimProblem } from './media-volume.ts';
import type { MediaVolume } from './media-volume.ts';
import { isOurInitDirs, isOurSidecar, readMountSidecar } from './mount-sidecar.ts';
import type { MountSidecar } from './mount-sidecar.ts';

export const INIT_DIRS_NAME = 'init-dirs';

export interface SidecarRef extends ContainerRef {
  readonly sidecar: MountSidecar;
  readonly ours: boolean;
}

export interface Survey {
  readonly sidecars: readonly SidecarRef[];
  /** Every container named init-dirs and every one that is ours. */
  readonly initDirs: readonly ContainerRef[];
  /** App containers, in the order of the pod; empty when there is none. */
  readonly apps: readonly ContainerRef[];
  /** Init containers of the user: neither mount sidecar nor init-dirs. */
  readonly userInits: readonly ContainerRef[];
  readonly media: MediaVolume;
  /** Names of volumes at the media path among the app containers; more than one is MS208. */
  readonly mediaCandidates: readonly string[];
  /** Why the app containers and the media volume were chosen. */
  readonly reasons: { readonly apps: string; readonly media: string };
  /** MS503: the annotation media-stack/containers names what is no app container. */
  readonly problems: readonly Problem[];
}

/** Surveys a pod. `claimTemplates` are the names of the volumes a StatefulSet adds to its pods. */
export function surveyPod(
  pod: Pod,
  intent: Intent,
  settings: Settings,
  claimTemplates: readonly string[],
): Survey {
  const sidecars: SidecarRef[] = [];
  const initDirs: ContainerRef[] = [];
  const others: ContainerRef[] = [];
  for (const ref of listContainers(pod)) {
    const sidecar = readMountSidecar(ref.container, intent);
    if (sidecar) sidecars.push({ ...ref, sidecar, ours: isOurSidecar(ref.container) });
    else if (isInitDirs(ref)) initDirs.push(ref);
    else others.push(ref);
  }
  const regular = others.filter((ref) => ref.list === 'containers');
  const userInits = others.filter((ref) => ref.list === 'initContainers');
  const chosen = chooseApps(pod, regular, intent, settings);
  const media = chooseMediaVolume(
    pod,
    { apps: chosen.apps, regular, userInits, sidecars, initDirs },
    intent,
    claimTemplates,
  );
  const mediaCandidates = [
    ...new Set(
      chosen.apps.flatMap((ref) => mountsAt(ref.container, intent.mediaPath).map(({ mount }) => mount.name)),
    ),
  ];
  return {
    sidecars,
    initDirs,
    apps: chosen.apps,
    userInits,
    media: media.volume,
    mediaCandidates,
    reasons: { apps: chosen.why, media: media.why },
    problems: [...chosen.problems, ...claimProblem(media.volume, intent, media.why)],
  };
}

function isInitDirs(ref: ContainerRef): boolean {
  return (
    ref.list === 'initContainers' && (ref.container.name === INIT_DIRS_NAME || isOurInitDirs(ref.container))
  );
}
