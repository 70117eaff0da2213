import { commandWords, containerPath, isNativeSidecar, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import { mountPointOf, shellCommands } from '../intent/mount-sidecar.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms307: Rule = {
  id: 'MS307',
  title: 'recursive chown or chmod over the cloud mounts',
  level: 'warn',
  why: 'It walks the whole library on the remote, which takes hours and may be throttled, and fails on a read-only mount: the init container then never ends well.',
  check: (view) => view.survey.userInits.flatMap((ref) => checkInit(ref, view)),
};

function checkInit(ref: ContainerRef, { intent, survey }: PodView): Finding[] {
  const sees = mountsAt(ref.container, intent.mediaPath).some(
    ({ mount }) => mount.name === survey.media.name,
  );
  if (!sees) return [];
  // In front of the sidecars, or beside plain ones, it runs before the mounts are there.
  const mounted = survey.sidecars
    .filter((sidecar) => isNativeSidecar(sidecar) && sidecar.index < ref.index)
    .map(({ sidecar }) => mountPointOf(sidecar, intent));
  const command = recursiveChange(ref, mounted);
  if (command === null) return [];
  return [
    {
      path: containerPath(ref),
      message: `init container ${ref.container.name} runs ${JSON.stringify(command)} behind the sidecars, over everything in the cloud`,
      hint: 'Let it run before the mounts are there: media-stack/sidecar-position: "last". Or name the directories that it is about.',
    },
  ];
}

/** The first command that changes owner or mode of one of these places, or of what holds or is in it, recursively. */
function recursiveChange({ container }: ContainerRef, places: readonly string[]): string | null {
  const words = commandWords(container);
  for (const command of [words, ...words.flatMap(shellCommands)]) {
    const program = command.findIndex((word) => /(^|\/)ch(own|mod|grp)$/.test(word));
    if (program === -1) continue;
    const rest = command.slice(program + 1);
    if (!rest.some((word) => word === '--recursive' || /^-[a-zA-Z]*R/.test(word))) continue;
    const touches = rest
      .filter((word) => word.startsWith('/'))
      .map((word) => cleanPath(word.replace(/\/?\*$/, '')))
      .some((path) => places.some((place) => isWithin(place, path) || isWithin(path, place)));
    if (touches) return command.slice(program, program + 6).join(' ');
  }
  return null;
}
