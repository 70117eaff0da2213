import { containerPath, isNativeSidecar, mountsAt } from '../pod/containers.ts';
import { isOurInitDirs } from '../intent/mount-sidecar.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { makesDirectories } from './makes-directories.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms304: Rule = {
  id: 'MS304',
  title: 'mount sidecar in the wrong place among the init containers',
  level: 'deny',
  why: 'Init containers run in order: one that stands before the sidecar sees no mounts, and a sidecar before init-dirs has no mount point (KEP-753).',
  check: (view) => [...lateSidecars(view), ...lateInitDirs(view)],
};

function nativeSidecars({ survey }: PodView): SidecarRef[] {
  return survey.sidecars.filter(isNativeSidecar);
}

function lateSidecars(view: PodView): Finding[] {
  // The annotation says that the init containers in front are meant to run without the mounts (a recursive chown).
  if (view.intent.position === 'last') return [];
  const sidecars = nativeSidecars(view);
  return view.survey.userInits.flatMap((user) => {
    if (
      !mountsAt(user.container, view.intent.mediaPath).some(
        ({ mount }) => mount.name === view.survey.media.name,
      )
    )
      return [];
    // What makes the mount point of a hand-written sidecar has to stand before it (MS303).
    const makes = makesDirectories(user.container);
    const late = sidecars.filter((ref) => ref.index > user.index && !(makes && !ref.ours));
    if (late.length === 0) return [];
    const names =
      late
        .slice(0, 3)
        .map((ref) => ref.container.name)
        .join(', ') + (late.length > 3 ? ', ...' : '');
    return [
      {
        path: containerPath(user),
        message: `init container ${user.container.name} uses ${view.intent.mediaPath} but runs before ${names}`,
        hint: 'Move the sidecars in front of it; if it must run without the mounts, say so: media-stack/sidecar-position: "last".',
      },
    ];
  });
}

function lateInitDirs(view: PodView): Finding[] {
  const made = view.survey.initDirs.filter((ref) => isOurInitDirs(ref.container) || !isNativeSidecar(ref));
  const sidecars = nativeSidecars(view);
  return sidecars
    .filter((sidecar) => made.length > 0 && made.every((ref) => ref.index > sidecar.index))
    .map((sidecar) => ({
      path: containerPath(sidecar),
      message: `sidecar ${sidecar.container.name} starts before ${made[0]?.container.name ?? 'init-dirs'}, which makes its mount point`,
      hint: 'Put init-dirs first among the init containers.',
    }));
}
