// Whether a container's own command makes directories.
import { commandWords } from '../pod/containers.ts';
import type { Container } from '../pod/pod.ts';

/** True when command or arguments hold mkdir (or `install -d`). */
export function makesDirectories(container: Container): boolean {
  return commandWords(container).some((word) => /\bmkdir\b|\binstall -d\b/.test(word));
}
