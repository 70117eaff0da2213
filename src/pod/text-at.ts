// Reading a text from a value of any shape.
import type { PathSegment } from '../problem/field-path.ts';
import { valueAt } from './value-at.ts';

/** The string at a path; empty where there is none. */
export function textAt(value: unknown, path: readonly PathSegment[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}
