// Reading a value of any shape by a path.
import type { PathSegment } from '../problem/field-path.ts';
import { isJsonObject } from './json.ts';

/** What stands at a path; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current = value;
  for (const segment of path) {
    if (Array.isArray(current)) current = typeof segment === 'number' ? current[segment] : undefined;
    else if (isJsonObject(current) && Object.hasOwn(current, segment)) current = current[segment];
    else return undefined;
  }
  return current;
}
