// Affinity before and after a migration: nothing may be lost, the preference of the settings may come.
import { isJsonObject, jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NodeSelectorTerm, Pod } from '../pod/pod.ts';
import type { PodComparison } from './compare-pods.ts';
import type { Difference } from './difference.ts';

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** The terms count, not their order. */
export function compareAffinity(before: Pod, after: Pod): PodComparison {
  const [was, is] = [preferredTerms(before), preferredTerms(after)];
  const isLost = was.some((term) => !is.some((other) => jsonEqual(term, other)));
  const added = is.filter((term) => !was.some((other) => jsonEqual(term, other)));
  const isEqual = !isLost && jsonEqual(otherAffinity(before), otherAffinity(after));
  return {
    broken: isEqual ? [] : [{ at: '', what: 'the affinity', why: 'is not the same any more', keep: null }],
    differences: added.map(describeAdded),
  };
}

interface Term {
  readonly weight?: number | undefined;
  readonly preference?: NodeSelectorTerm | undefined;
}

/** With values in alphabetical order: it means nothing. */
function preferredTerms(pod: Pod): Term[] {
  return (pod.spec.affinity?.nodeAffinity?.[PREFERRED] ?? []).map((term) => ({
    ...term,
    preference: {
      ...term.preference,
      matchExpressions: (term.preference?.matchExpressions ?? []).map((expression) => ({
        ...expression,
        values: (expression.values ?? []).toSorted(),
      })),
    },
  }));
}

/** An empty object says what an absent one says. */
function otherAffinity(pod: Pod): JsonObject {
  const affinity = (pod.spec.affinity ?? {}) as JsonObject;
  const nodeAffinity = isJsonObject(affinity['nodeAffinity']) ? affinity['nodeAffinity'] : {};
  const withoutEmpty = (object: JsonObject) =>
    Object.fromEntries(
      Object.entries(object).filter(([, value]) => !isJsonObject(value) || Object.keys(value).length > 0),
    );
  const { [PREFERRED]: _terms, ...rest } = nodeAffinity;
  return withoutEmpty({ ...affinity, nodeAffinity: withoutEmpty(rest) });
}

function describeAdded({ preference }: Term): Difference {
  const nodes = (preference?.matchExpressions ?? []).flatMap(({ values }) => values ?? []);
  return {
    at: '',
    what: `no preference for ${nodes.join(', ')}`,
    why: 'is added: settings preferredNodes',
    keep: null,
  };
}
