// JSON pointers (RFC 6901) to and from path segments.
import type { PathSegment } from '../problem/field-path.ts';

/** `/spec/containers/0/a~1b` is `['spec', 'containers', '0', 'a/b']`; the empty pointer is the whole document. */
export function parsePointer(pointer: string): string[] {
  // RFC 6901 section 4: ~1 first, then ~0, so that `~01` becomes `~1` and not `/`.
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The reverse of `parsePointer`: `['metadata', 'annotations', 'a/b']` is `/metadata/annotations/a~1b`. */
export function renderPointer(path: readonly PathSegment[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
