// Which containers mount a remote. A mount sidecar is a container named rclone-REMOTE, or one that runs
// `rclone mount` onto the media path or a place below it, hand-written or ours. An image that merely is rclone is
// none: a sync job is an app.
import { commandWords } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Container } from '../pod/pod.ts';
import { variableResolver } from './container-variables.ts';
import type { Intent, RemoteIntent } from './intent.ts';

export interface MountSidecar {
  /** The remote of the settings that it mounts; null for a mount of something else. */
  readonly remote: RemoteIntent | null;
  /** Where rclone mounts, as far as the command line tells. */
  readonly target: string | null;
}

/** $0 of our scripts: by this, not by the name, a container is known to be ours. */
export const MOUNT_SCRIPT_NAME = 'media-stack-mount';
export const INIT_DIRS_SCRIPT_NAME = 'media-stack-init-dirs';

/** Flags of rclone whose value may be a path of its own and may stand in the next word. */
const PATH_FLAGS = new Set([
  '--config',
  '--cache-dir',
  '--log-file',
  '--temp-dir',
  '--ca-cert',
  '--client-cert',
  '--client-key',
]);

/** No command is longer, and nobody has looked at the length of this one. */
const MAX_WORDS = 1000;

/** The container as a mount sidecar, or null when it is none. */
export function readMountSidecar(container: Container, intent: Intent): MountSidecar | null {
  const target = rcloneMountTarget(container, intent.mediaPath);
  const byName = intent.knownRemotes.find((remote) => remote.containerName === container.name);
  // It may have the media volume at another path than the app.
  if (byName) return { remote: byName, target: target ?? rcloneMountTarget(container, '/') };
  if (target === null) return null;
  const byTarget = intent.knownRemotes.find(
    (remote) => remote.path === target || remote.privatePath === target,
  );
  return { remote: byTarget ?? null, target };
}

/** Where a mount sidecar mounts, or should. */
export function mountPointOf({ target, remote }: MountSidecar, intent: Intent): string {
  return target ?? remote?.path ?? intent.mediaPath;
}

/** True when the container is a mount sidecar that this project injected. */
export function isOurSidecar(container: Container): boolean {
  return container.command?.[3] === MOUNT_SCRIPT_NAME;
}

/** True when the container is an init-dirs that this project injected. */
export function isOurInitDirs(container: Container): boolean {
  return container.command?.[3] === INIT_DIRS_SCRIPT_NAME;
}

/** True for an init-dirs of ours that makes this mount point: it makes what its arguments name, nothing else. */
export function makesPoint(container: Container, point: string): boolean {
  return isOurInitDirs(container) && (container.args ?? []).includes(point);
}

/**
 * Where a container mounts by rclone, when that is the media path or below it; else null. Understands the argv
 * form (`args: [mount, "zurg:", /mnt/media/zurg]`) and a shell text (`sh -c "exec rclone mount zurg: ..."`).
 */
export function rcloneMountTarget(container: Container, mediaPath: string): string | null {
  const words = commandWords(container);
  const entrypointIsRclone =
    (container.command ?? []).length === 0 && /(^|\/)rclone([:@]|$)/.test(container.image ?? '');
  const resolve = variableResolver(container);
  const direct = targetOfWords(words, mediaPath, resolve, entrypointIsRclone);
  if (direct !== null) return direct;
  for (const text of words) {
    if (!/\brclone\b/.test(text) || !/\bmount\b/.test(text)) continue;
    for (const command of shellCommands(text)) {
      const found = targetOfWords(command, mediaPath, resolve, false);
      if (found !== null) return found;
    }
  }
  return null;
}

function targetOfWords(
  words: readonly string[],
  mediaPath: string,
  resolve: (word: string) => string,
  entrypointIsRclone: boolean,
): string | null {
  const mount = words.indexOf('mount');
  if (mount === -1) return null;
  const isRclone = entrypointIsRclone || words.slice(0, mount).some((word) => /(^|\/)rclone$/.test(word));
  if (!isRclone) return null;
  for (let index = mount + 1; index < Math.min(words.length, mount + MAX_WORDS); index += 1) {
    const word = resolve(words[index] ?? '');
    if (!word.startsWith('/') || PATH_FLAGS.has(words[index - 1] ?? '')) continue;
    const path = cleanPath(word);
    if (isWithin(path, mediaPath)) return path;
  }
  return null;
}

/** The commands of a shell text as words, good enough to find one: quotes and line continuations are taken away. */
export function shellCommands(text: string): string[][] {
  return text
    .replaceAll('\\\n', ' ')
    .split(/[;&|()\n]+/)
    .map((command) => {
      const words = command.split(/\s+/);
      // What a text only says, it does not do.
      const talk = words.findIndex((word) => word === 'echo' || word === 'printf' || word.startsWith('#'));
      return (talk === -1 ? words : words.slice(0, talk))
        .map((word) => word.replaceAll(/["'\\]/g, ''))
        .filter((word) => word !== '');
    });
}
