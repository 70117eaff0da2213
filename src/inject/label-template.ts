// Puts the label on a pod template that stands in an object.
import { MOUNTS_LABEL } from '../intent/labels.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import { valueAt } from '../pod/value-at.ts';
import type { PathSegment } from '../problem/field-path.ts';

/** One operation on the object; it makes the template's metadata and labels where they are absent or null. */
export function labelTemplate(object: JsonObject, templatePath: readonly PathSegment[]): Operation {
  let value: unknown = 'true';
  let path: readonly PathSegment[] = [...templatePath, 'metadata', 'labels', MOUNTS_LABEL];
  // The longest path whose parent is there.
  for (const depth of [1, 2]) {
    const parent = [...templatePath, 'metadata', 'labels'].slice(0, templatePath.length + 3 - depth);
    if (isJsonObject(valueAt(object, parent))) break;
    value = { [path.at(-1) ?? '']: value };
    path = parent;
  }
  const op = valueAt(object, path) === undefined ? 'add' : 'replace';
  return { op, path: renderPointer(path), value };
}
