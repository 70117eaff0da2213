// Reading text of any object by a path.
import { valueAt } from '../pod/value-at.ts';
import type { PathSegment } from '../problem/field-path.ts';

/** The text at a path; '' where there is none, or something else. */
export function textAt(value: unknown, path: readonly PathSegment[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}
