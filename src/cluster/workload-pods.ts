// The pods of a workload, and the ReplicaSets between.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Cluster } from './cluster.ts';
import { listObjects } from './objects.ts';
import type { ResourceKind } from './resource-path.ts';

export interface WorkloadPods {
  /** Controlled by the workload or by one of its ReplicaSets, by name. */
  readonly pods: readonly JsonObject[];
  /** Of a Deployment; the newest last. */
  readonly replicaSets: readonly JsonObject[];
}

/** Rejects with a ClusterError where pods or ReplicaSets may not be listed. */
export async function listWorkloadPods(cluster: Cluster, workload: JsonObject): Promise<WorkloadPods> {
  const namespace = textAt(workload, ['metadata', 'namespace']);
  const labelSelector = renderSelector(valueAt(workload, ['spec', 'selector']));
  const list = (kind: ResourceKind) => listObjects(cluster, kind, namespace, { labelSelector });
  const isOwnedBy = (uids: ReadonlySet<unknown>) => (object: JsonObject) => {
    const owners = valueAt(object, ['metadata', 'ownerReferences']);
    return Array.isArray(owners) && owners.some((owner) => isJsonObject(owner) && uids.has(owner['uid']));
  };
  const uid = valueAt(workload, ['metadata', 'uid']);
  const replicaSets =
    workload['kind'] === 'Deployment' ? (await list('ReplicaSet')).filter(isOwnedBy(new Set([uid]))) : [];
  const owners = new Set([uid, ...replicaSets.map((set) => valueAt(set, ['metadata', 'uid']))]);
  const byName = (a: JsonObject, b: JsonObject) =>
    textAt(a, ['metadata', 'name']) < textAt(b, ['metadata', 'name']) ? -1 : 1;
  return {
    pods: (await list('Pod')).filter(isOwnedBy(owners)).toSorted(byName),
    replicaSets: replicaSets.toSorted((a, b) => revisionOf(a) - revisionOf(b)),
  };
}

/** The number that the Deployment controller gives each of its ReplicaSets. */
function revisionOf(replicaSet: JsonObject): number {
  return Number(valueAt(replicaSet, ['metadata', 'annotations', 'deployment.kubernetes.io/revision']) ?? 0);
}

/** A LabelSelector in the notation of a query (k8s.io/apimachinery/pkg/labels). */
export function renderSelector(selector: unknown): string {
  const labels = valueAt(selector, ['matchLabels']);
  const expressions = valueAt(selector, ['matchExpressions']);
  const parts = isJsonObject(labels)
    ? Object.entries(labels).map(([key, value]) => `${key}=${typeof value === 'string' ? value : ''}`)
    : [];
  for (const expression of Array.isArray(expressions) ? (expressions as unknown[]) : []) {
    if (!isJsonObject(expression)) continue;
    const { operator, values } = expression;
    const key = textAt(expression, ['key']);
    const set = `(${Array.isArray(values) ? values.map(String).join(',') : ''})`;
    if (operator === 'In') parts.push(`${key} in ${set}`);
    else if (operator === 'NotIn') parts.push(`${key} notin ${set}`);
    else if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
  }
  return parts.join(',');
}
