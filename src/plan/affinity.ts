// The preference for nodes: appended, never required, never twice.
import { jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NodeSelectorTerm, Pod } from '../pod/pod.ts';

const HOSTNAME_KEY = 'kubernetes.io/hostname';
const WEIGHT = 100;

/** The preferred scheduling term for these nodes, or null when the pod already prefers just them. */
export function preferredNodesTerm(pod: Pod, nodes: readonly string[]): JsonObject | null {
  if (nodes.length === 0) return null;
  const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (terms.some((term) => prefersJust(term.preference, nodes))) return null;
  return renderPreferredNodesTerm(nodes);
}

/** The term as we write it. */
export function renderPreferredNodesTerm(nodes: readonly string[]): JsonObject {
  return preferredTerm({ matchExpressions: [{ key: HOSTNAME_KEY, operator: 'In', values: [...nodes] }] });
}

/** A preference as we write it: it outweighs every other one. */
export function preferredTerm(preference: JsonObject): JsonObject {
  return { weight: WEIGHT, preference };
}

/** Same nodes in any order, whatever the weight. */
function prefersJust(term: NodeSelectorTerm | undefined, nodes: readonly string[]): boolean {
  const [expression, ...others] = term?.matchExpressions ?? [];
  return (
    expression !== undefined &&
    others.length === 0 &&
    (term?.matchFields ?? []).length === 0 &&
    expression.key === HOSTNAME_KEY &&
    expression.operator === 'In' &&
    jsonEqual([...(expression.values ?? [])].toSorted(), [...nodes].toSorted())
  );
}
