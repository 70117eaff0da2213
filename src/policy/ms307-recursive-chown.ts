import { containerPath, isNativeSidecar, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import { shellCommands } from '../intent/mount-sidecar.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms307: Rule = {
  id: 'MS307',
  title: 'recursive chown or chmod over the cloud mounts',
  level: 'warn',
  why: 'It walks the whole library on the remote, which takes hours and may be throttled, and fails on a read-only mount: the init container then never ends well.',
  check: (view) => view.survey.userInits.flatMap((ref) => checkInit(ref, view)),
};

function checkInit(ref: ContainerRef, { intent, survey }: PodView): Finding[] {
  // In front of the sidecars, or beside plain ones, it runs before the mounts are there.
  const isBehind = survey.sidecars.some((sidecar) => isNativeSidecar(sidecar) && sidecar.index < ref.index);
  const sees = mountsAt(ref.container, intent.mediaPath).some(
    ({ mount }) => mount.name === survey.media.name,
  );
  if (!isBehind || !sees) return [];
  const command = recursiveChange(ref, intent.mediaPath);
  if (command === null) return [];
  return [
    {
      path: containerPath(ref),
      message: `init container ${ref.container.name} runs ${JSON.stringify(command)} behind the sidecars, over everything in the cloud`,
      hint: 'Let it run before the mounts are there: media-stack/sidecar-position: "last". Or name the directories that it is about.',
    },
  ];
}

/** The first command that changes owner or mode of the media path, or of what holds or is in it, recursively. */
function recursiveChange({ container }: ContainerRef, mediaPath: string): string | null {
  const words = [...(container.command ?? []), ...(container.args ?? [])];
  for (const command of [words, ...words.flatMap(shellCommands)]) {
    const program = command.findIndex((word) => /(^|\/)ch(own|mod|grp)$/.test(word));
    if (program === -1) continue;
    const rest = command.slice(program + 1);
    if (!rest.some((word) => word === '--recursive' || /^-[a-zA-Z]*R/.test(word))) continue;
    const touches = rest
      .filter((word) => word.startsWith('/'))
      .map((word) => cleanPath(word.replace(/\/?\*$/, '') || '/'))
      .some((path) => isWithin(mediaPath, path) || isWithin(path, mediaPath));
    if (touches) return command.slice(program, program + 6).join(' ');
  }
  return null;
}
