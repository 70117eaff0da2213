// What a mount sidecar mounts: the `zurg:` of `rclone mount zurg: /mnt/media/zurg`.
import type { Container } from '../pod/pod.ts';
import { isOurSidecar, shellCommands } from './mount-sidecar.ts';

/** A section of rclone.conf, or a backend on the fly (`:webdav:`), with the path behind it. */
const REMOTE = /^:?[\w][\w .+@-]*(,[^:]*)?:/;

/** The source, as written; null where no command is to be seen. */
export function readRcloneSource(container: Container): string | null {
  const args = container.args ?? [];
  const words = isOurSidecar(container) ? args : [...(container.command ?? []), ...args];
  for (const command of [words, ...words.filter((word) => /\brclone\b/.test(word)).flatMap(shellCommands)]) {
    const mount = command.indexOf('mount');
    if (mount === -1) continue;
    const rest = command.slice(mount + 1);
    const found =
      // Flags may stand between, whose values look like remotes too (--rc-addr localhost:5572).
      rest.find((word, index) => REMOTE.test(word) && rest[index + 1]?.startsWith('/')) ??
      rest.find((word) => REMOTE.test(word) && !/:\d+$/.test(word));
    if (found !== undefined) return found;
  }
  return null;
}
