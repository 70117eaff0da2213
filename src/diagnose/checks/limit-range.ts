import { isJsonObject } from '../../pod/json.ts';
import type { JsonObject } from '../../pod/json.ts';
import type { Container } from '../../pod/pod.ts';
import { parseQuantity } from '../../pod/quantity.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { listRefusals } from '../refusals.ts';
import { textAt } from '../../pod/text-at.ts';

export const limitRange: Check = {
  id: 'limit-range',
  group: 'cluster',
  title: 'LimitRanges leave room for the sidecars',
  run: (facts) => {
    const { limitRanges, subject } = facts;
    if (subject.expected === null) return null;
    const told = fromRefusals(facts);
    if (limitRanges.state !== 'known')
      return told.length > 0 ? { looked: 'not read', findings: told } : notMade(limitRanges, 'LimitRanges');
    const containers = [...subject.survey.sidecars, ...subject.survey.initDirs].map((ref) => ref.container);
    const findings = limitRanges.value.flatMap((range) =>
      containers.flatMap((container) => judge(range, container, facts)),
    );
    const names = limitRanges.value.map((range) => textAt(range, ['metadata', 'name']));
    return {
      looked: names.length === 0 ? 'there is none' : names.join(', '),
      // The words of the API server say the same, and more exactly where they name a container.
      findings: findings.length > 0 ? findings : told,
    };
  },
};

const RESOURCES = ['cpu', 'memory'] as const;

function judge(range: JsonObject, container: Container, facts: Facts): Finding[] {
  const name = textAt(range, ['metadata', 'name']);
  const spec = isJsonObject(range['spec']) ? range['spec'] : {};
  const limits = Array.isArray(spec['limits']) ? (spec['limits'] as unknown[]) : [];
  return limits.flatMap((limit) => {
    if (!isJsonObject(limit) || limit['type'] !== 'Container') return [];
    return RESOURCES.flatMap((resource) => {
      const words = contradiction(limit, container, resource);
      return words === null ? [] : [toFinding(name, `${container.name}: ${words}`, resource, facts)];
    });
  });
}

/** plugin/pkg/admission/limitranger: max against the limit, min against the request. */
function contradiction(
  limit: JsonObject,
  { resources }: Container,
  resource: 'cpu' | 'memory',
): string | null {
  const asked = resources?.limits?.[resource];
  const requested = resources?.requests?.[resource] ?? asked;
  const max = amount(limit['max'], resource);
  const min = amount(limit['min'], resource);
  if (max !== null && asked !== undefined && (parseQuantity(asked) ?? 0) > max.value)
    return `its ${resource} limit ${asked} is above the maximum ${max.text}`;
  if (min !== null && requested !== undefined && (parseQuantity(requested) ?? 0) < min.value)
    return `its ${resource} request ${requested} is below the minimum ${min.text}`;
  const ratio = amount(limit['maxLimitRequestRatio'], resource);
  const [high, low] = [parseQuantity(asked ?? ''), parseQuantity(requested ?? '')];
  if (ratio !== null && high !== null && low !== null && low > 0 && high / low > ratio.value)
    return `its ${resource} limit ${asked ?? ''} is more than ${ratio.text} times its request ${requested ?? ''}`;
  return null;
}

function amount(list: unknown, resource: string): { readonly value: number; readonly text: string } | null {
  const text = isJsonObject(list) ? list[resource] : undefined;
  if (typeof text !== 'string' && typeof text !== 'number') return null;
  const value = parseQuantity(text);
  return value === null ? null : { value, text: String(text) };
}

function toFinding(range: string, words: string, resource: 'cpu' | 'memory', { subject }: Facts): Finding {
  return fail({
    code: 'limit_range',
    found: `${words} (LimitRange ${range})`,
    cause: 'the API server refuses every new pod with this sidecar',
    mend: [
      `raise the LimitRange (kubectl edit limitrange ${range} -n ${subject.namespace}), or set what it allows on the pod template:`,
    ],
    yaml: `metadata:\n  annotations:\n    media-stack/${resource}-request: ...\n    media-stack/${resource}-limit: ...\n`,
    symptom: 'pod_not_created',
  });
}

function fromRefusals(facts: Facts): Finding[] {
  return listRefusals(facts)
    .filter(({ kind }) => kind === 'limit_range')
    .map(({ message }) =>
      fail({
        code: 'limit_range',
        found: message,
        cause: 'a LimitRange of the namespace is below what a container of the pod asks for',
        mend: [`kubectl describe limitrange -n ${facts.subject.namespace}`],
        symptom: 'pod_not_created',
      }),
    );
}
