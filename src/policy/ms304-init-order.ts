import { containerPath, isNativeSidecar, mountsAt } from '../pod/containers.ts';
import { isOurInitDirs } from '../intent/mount-sidecar.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { makesDirectories } from './makes-directories.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms304: Rule = {
  id: 'MS304',
  title: 'mount sidecar in the wrong place',
  level: 'deny',
  why: 'Init containers run in order: one that stands before the sidecar sees no mounts, and a sidecar before init-dirs has no mount point (KEP-753). Plain containers start in order too, and our sidecars hold back what stands behind them until they have mounted.',
  check: (view) => [...lateSidecars(view), ...lateInitDirs(view), ...latePlainSidecars(view)],
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
  const [first] = view.survey.initDirs.filter((ref) => isOurInitDirs(ref.container) || !isNativeSidecar(ref));
  if (first === undefined) return [];
  return nativeSidecars(view)
    .filter((sidecar) => first.index > sidecar.index)
    .map((sidecar) => ({
      path: containerPath(sidecar),
      message: `sidecar ${sidecar.container.name} starts before ${first.container.name}, which makes its mount point`,
      hint: 'Put init-dirs first among the init containers.',
    }));
}

/** Only ours have a gate that holds the app back: for a hand-written one the order changes nothing. */
function latePlainSidecars({ survey }: PodView): Finding[] {
  return survey.sidecars
    .filter((ref) => ref.list === 'containers' && ref.ours)
    .flatMap((sidecar) => {
      const app = survey.apps.find(({ index }) => index < sidecar.index);
      if (app === undefined) return [];
      return [
        {
          path: containerPath(sidecar),
          message: `sidecar ${sidecar.container.name} stands behind the app container ${app.container.name}, which would start without its mounts`,
          hint: 'Move it in front of the app. If it was injected, another webhook has changed the order: let that one append.',
        },
      ];
    });
}
