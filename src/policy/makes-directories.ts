// Whether a container's own command makes directories.
import type { Container } from '../pod/pod.ts';

/** True when command or arguments hold mkdir (or `install -d`). */
export function makesDirectories(container: Container): boolean {
  return [...(container.command ?? []), ...(container.args ?? [])].some((word) =>
    /\bmkdir\b|\binstall -d\b/.test(word),
  );
}
