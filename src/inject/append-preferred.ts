// Puts preferences for nodes behind those that a pod has: for the injection, and for lint --fix.
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { PodSpec } from '../pod/pod.ts';
import type { PathSegment } from '../problem/field-path.ts';

export interface AppendedTerms {
  readonly operations: readonly Operation[];
  /** The field that had to be made, with what stood there; null where the list was there. */
  readonly made: { readonly path: readonly PathSegment[]; readonly was: null | undefined } | null;
}

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Operations on whatever holds the pod spec at `specPath`: absent objects once, else term by term at `/-`. */
export function appendPreferred(
  affinity: PodSpec['affinity'],
  specPath: readonly PathSegment[],
  terms: readonly JsonObject[],
): AppendedTerms {
  const affinityPath = [...specPath, 'affinity'];
  if (!affinity) return make(affinityPath, affinity, { nodeAffinity: { [PREFERRED]: terms } });
  const nodePath = [...affinityPath, 'nodeAffinity'];
  const { nodeAffinity } = affinity;
  if (!nodeAffinity) return make(nodePath, nodeAffinity, { [PREFERRED]: terms });
  const listPath = [...nodePath, PREFERRED];
  const list = nodeAffinity[PREFERRED];
  if (!list) return make(listPath, list, terms);
  const path = renderPointer([...listPath, '-']);
  return { operations: terms.map((value) => ({ op: 'add', path, value })), made: null };
}

function make(path: readonly PathSegment[], was: null | undefined, value: unknown): AppendedTerms {
  return { operations: [{ op: 'add', path: renderPointer(path), value }], made: { path, was } };
}
