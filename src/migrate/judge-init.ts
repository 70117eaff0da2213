// Which hand-written init containers do no more than our init-dirs.
import type { Intent } from '../intent/intent.ts';
import { isOurInitDirs } from '../intent/mount-sidecar.ts';
import { INIT_DIRS_NAME } from '../intent/survey.ts';
import { isNativeSidecar, isSubPathMount } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { isWithin } from '../pod/mount-path.ts';
import type { Container } from '../pod/pod.ts';
import { placeOf } from './container-files.ts';
import { readDirectoryWork } from './directory-commands.ts';
import type { DirectoryWork } from './directory-commands.ts';
import type { Left } from './judge-sidecar.ts';
import { parseShellText } from './shell-text.ts';

export type InitVerdict =
  | { readonly kind: 'removable'; readonly ref: ContainerRef }
  /** Stays, and runs before any mount is there: the mounts must come behind it. */
  | {
      readonly kind: 'stays';
      readonly ref: ContainerRef;
      readonly onlyMakes: boolean;
      readonly left: Left | null;
    }
  | { readonly kind: 'other' };

/** `points` are the mount points of the sidecars that are replaced, relative to the media volume. */
export function judgeInit(
  ref: ContainerRef,
  intent: Intent,
  mediaVolume: string,
  points: readonly string[],
): InitVerdict {
  const { container } = ref;
  if (isOurInitDirs(container) || isNativeSidecar(ref)) return { kind: 'other' };
  const usesMedia = (container.volumeMounts ?? []).some(
    (mount) => mount.name === mediaVolume && !isSubPathMount(mount),
  );
  const isInitDirs = container.name === INIT_DIRS_NAME;
  if (!usesMedia && !isInitDirs) return { kind: 'other' };
  const stays = (why: string, onlyMakes: boolean): InitVerdict => ({
    kind: 'stays',
    ref,
    onlyMakes,
    left: isInitDirs
      ? { name: container.name, why, mend: 'Remove it by hand, if nothing needs that.' }
      : null,
  });
  const work = readWork(container);
  if (typeof work === 'string') return stays(`it does more than make directories: ${work}`, false);
  const more = [...work.made, ...work.cleared].filter((path) => {
    const place = placeOf(container, path);
    const isOurs =
      place?.mount.name === mediaVolume &&
      points.some((point) => place.path === '' || isWithin(point, place.path));
    return !isOurs;
  });
  if (more.length > 0) return stays(`it also makes ${more.join(', ')}, which the webhook does not`, true);
  if (work.made.length > 0) return { kind: 'removable', ref };
  return stays(`it makes nothing below ${intent.mediaPath}`, true);
}

/** What it does; the first thing beside directories as text. */
function readWork({ command, args }: Container): DirectoryWork | string {
  const words = [...(command ?? []), ...(args ?? [])];
  const [first = '', second = '', text = '', ...more] = words;
  if (!/(^|\/)(sh|ash|bash|dash)$/.test(first)) return readDirectoryWork([words]);
  const commands = /^-[a-z]*c$/.test(second) && more.length === 0 ? parseShellText(text) : null;
  return commands === null ? 'its shell text is more than simple commands' : readDirectoryWork(commands);
}
