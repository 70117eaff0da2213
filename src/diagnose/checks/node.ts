import { isJsonObject } from '../../pod/json.ts';
import type { JsonObject } from '../../pod/json.ts';
import { valueAt } from '../../pod/value-at.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { problemsOfRules } from '../rule-findings.ts';
import { editCommand, podWords } from '../subject-words.ts';
import { textAt } from '../../pod/text-at.ts';

const PREFERRED_YAML =
  'affinity:\n  nodeAffinity:\n    preferredDuringSchedulingIgnoredDuringExecution:\n      - weight: 100\n        preference:\n          matchExpressions:\n            - { key: kubernetes.io/hostname, operator: In, values: [NODE] }\n';

export const node: Check = {
  id: 'node',
  group: 'cluster',
  title: 'the pod can run on any node',
  run: (facts) => {
    const { subject, nodes } = facts;
    const pending = unschedulable(subject.object);
    const name = valueAt(subject.object, ['spec', 'nodeName']);
    const findings = [
      ...pins(facts, pending),
      ...(pending === null ? [] : waits(pending, facts)),
      ...sickNode(facts),
    ];
    if (findings.length === 0 && subject.expected === null) return null;
    const count = valueOf(nodes)?.length;
    const where = typeof name === 'string' && name !== '' ? `on node ${name}` : 'on no node yet';
    const base = {
      looked: count === undefined ? where : `${where}, ${count} ${count === 1 ? 'node' : 'nodes'} in all`,
      findings,
    };
    if (nodes.state === 'known' || findings.length > 0) return base;
    const refused = notMade(nodes, 'the nodes');
    return { looked: where, findings: refused.findings };
  },
};

/** The scheduler's own words; null where it has found a node. */
function unschedulable(object: JsonObject): string | null {
  const conditions = valueAt(object, ['status', 'conditions']);
  if (!Array.isArray(conditions)) return null;
  const found: unknown = conditions.find(
    (entry: unknown) =>
      isJsonObject(entry) && entry['type'] === 'PodScheduled' && entry['status'] === 'False',
  );
  return isJsonObject(found) && typeof found['message'] === 'string' ? found['message'] : null;
}

/** MS101 to MS103: the mounts come with the pod, so it needs no node of its own. */
function pins({ subject }: Facts, pending: string | null): Finding[] {
  return problemsOfRules(subject, ['MS101', 'MS102', 'MS103']).map(({ problem }) => {
    const draft = {
      code: 'node_pinned',
      found: `${problem.message} (${problem.code}, ${problem.path})`,
      cause: 'the pod may run on the named nodes alone; where they are gone, full or renamed it runs nowhere',
      mend: ['prefer nodes instead of requiring them: every node can have the mounts', editCommand(subject)],
      yaml: PREFERRED_YAML,
      symptom: 'some_nodes_only' as const,
    };
    return pending === null ? warn(draft) : fail(draft);
  });
}

function waits(message: string, { subject }: Facts): Finding[] {
  const affinity = /didn't match Pod's node affinity\/selector|didn't match pod affinity/.test(message);
  return [
    fail({
      code: affinity ? 'affinity_unmet' : 'unschedulable',
      found: `no node takes the pod: ${message.slice(0, 400)}`,
      cause:
        CAUSES.find(([pattern]) => pattern.test(message))?.[1] ??
        'the scheduler says for each group of nodes why it does not fit',
      mend: [
        affinity
          ? 'kubectl get nodes --show-labels, and compare with nodeSelector and affinity of the pod'
          : `kubectl describe pod ${podWords(subject)}`,
      ],
      symptom: affinity ? 'some_nodes_only' : 'pod_not_starting',
      role: affinity ? 'effect' : 'cause',
    }),
  ];
}

// pkg/scheduler/framework/plugins: ErrReason of each plugin.
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/node affinity\/selector/, 'nodeSelector or required affinity of the pod fits no node'],
  [/persistentvolumeclaim "[^"]*" not found/, 'the claim of a volume does not exist'],
  [/unbound immediate PersistentVolumeClaims/, 'the claim of a volume is not bound'],
  [
    /volume node affinity conflict/,
    'the volume of the claim lies on one node (local, or a zone), and the pod may not run there',
  ],
  [
    /Insufficient (?:cpu|memory)/,
    'no node has the CPU or memory that the pod requests; the sidecars request theirs too',
  ],
  [/taint/, 'the nodes have a taint that the pod does not tolerate'],
];

function sickNode({ subject, nodes }: Facts): Finding[] {
  const name = valueAt(subject.object, ['spec', 'nodeName']);
  const found = (valueOf(nodes) ?? []).find((entry) => valueAt(entry, ['metadata', 'name']) === name);
  const conditions = found === undefined ? undefined : valueAt(found, ['status', 'conditions']);
  if (!Array.isArray(conditions) || typeof name !== 'string') return [];
  const ready: unknown = conditions.find(
    (entry: unknown) => isJsonObject(entry) && entry['type'] === 'Ready',
  );
  if (!isJsonObject(ready) || ready['status'] === 'True') return [];
  return [
    fail({
      code: 'node_not_ready',
      found: `node ${name} is not Ready: ${textAt(ready, ['message']) || textAt(ready, ['reason'])}`,
      cause: 'its kubelet does not answer: what it says of the pod is old',
      mend: [`kubectl describe node ${name}`],
      symptom: 'some_nodes_only',
    }),
  ];
}
