// What --fix may do: one mender for a rule, in a file of its own, listed in menders.ts.
import type { JsonObject } from '../pod/json.ts';
import { isJsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { PathSegment } from '../problem/field-path.ts';

/** A finding to mend. Most rules look only at what decodePod has let through: a mender may rely on the shapes it checks. */
export interface MendInput {
  /** A pod, or the object that holds the template. */
  readonly object: JsonObject;
  /** From the object to what has the pod's metadata and spec. */
  readonly templatePath: readonly PathSegment[];
  /** Of the finding, from the object. */
  readonly path: readonly PathSegment[];
}

export interface Mender {
  /** The rule whose findings it mends. */
  readonly id: string;
  /** True where the finding kept other rules from looking: what they find afterwards was there before. */
  readonly reveals?: true;
  /** Operations on the object; null where a mend would be a guess. */
  readonly mend: (input: MendInput) => readonly Operation[] | null;
}

/** The operation that writes a field, whether it is there or not; what is above it must be there. */
export function writeField(object: JsonObject, path: readonly PathSegment[], value: unknown): Operation {
  const isThere = valueAt(object, path) !== undefined;
  return { op: isThere ? 'replace' : 'add', path: renderPointer(path), value };
}

/** The operation that removes a field, with the map it stands in where it is alone there. */
export function removeField(object: JsonObject, path: readonly PathSegment[]): Operation {
  const parent = valueAt(object, path.slice(0, -1));
  const isAlone = isJsonObject(parent) && Object.keys(parent).length === 1;
  return { op: 'remove', path: renderPointer(isAlone ? path.slice(0, -1) : path) };
}
