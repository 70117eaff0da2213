// A requirement on nodes as a preference: appended, never twice.
import { appendPreferred } from '../inject/append-preferred.ts';
import { preferredTerm } from '../plan/affinity.ts';
import { jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import type { PodSpec } from '../pod/pod.ts';
import { valueAt } from '../pod/value-at.ts';
import type { PathSegment } from '../problem/field-path.ts';

/** Operations that add these preferences to the pod spec at `specPath`. */
export function preferInstead(
  object: JsonObject,
  specPath: readonly PathSegment[],
  preferences: readonly JsonObject[],
): readonly Operation[] {
  // There is a finding, so decodePod has seen the shape.
  const affinity = valueAt(object, [...specPath, 'affinity']) as PodSpec['affinity'];
  const present = affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const isThere = (preference: JsonObject) => present.some((term) => jsonEqual(term.preference, preference));
  const missing = preferences.filter((preference) => !isThere(preference));
  return appendPreferred(affinity, specPath, missing.map(preferredTerm)).operations;
}
