// JSON Pointers (RFC 6901).

/** `jsonPointer(['metadata', 'annotations', 'a/b'])` is `/metadata/annotations/a~1b`. */
export function jsonPointer(segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${escapeSegment(String(segment))}`).join('');
}

/** RFC 6901 section 4: `~` first, else the `~` of `~1` would be escaped again. */
function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}
