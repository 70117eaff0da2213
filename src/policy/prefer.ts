// A requirement on nodes as a preference: appended, weight 100, never twice.
import { valueAt } from '../pod/value-at.ts';
import { isJsonObject, jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { PathSegment } from '../problem/field-path.ts';
import { writeField } from './mender.ts';

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const WEIGHT = 100;

/** Operations that add these preferences to the pod spec at `specPath`; null where its affinity has an odd shape. */
export function preferInstead(
  object: JsonObject,
  specPath: readonly PathSegment[],
  preferences: readonly JsonObject[],
): Operation[] | null {
  const affinityPath = [...specPath, 'affinity'];
  const nodePath = [...affinityPath, 'nodeAffinity'];
  const listPath = [...nodePath, PREFERRED];
  const terms = preferences.map((preference) => ({ weight: WEIGHT, preference }));
  const affinity = valueAt(object, affinityPath) ?? null;
  if (affinity === null) return [writeField(object, affinityPath, { nodeAffinity: { [PREFERRED]: terms } })];
  if (!isJsonObject(affinity)) return null;
  const nodeAffinity = valueAt(object, nodePath) ?? null;
  if (nodeAffinity === null) return [writeField(object, nodePath, { [PREFERRED]: terms })];
  if (!isJsonObject(nodeAffinity)) return null;
  const list = valueAt(object, listPath) ?? null;
  if (list === null) return [writeField(object, listPath, terms)];
  if (!Array.isArray(list)) return null;
  const isThere = (preference: JsonObject) =>
    list.some((term: unknown) => isJsonObject(term) && jsonEqual(term['preference'], preference));
  return terms
    .filter(({ preference }) => !isThere(preference))
    .map((value) => ({ op: 'add', path: renderPointer([...listPath, '-']), value }));
}
