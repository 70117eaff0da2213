// The Pod Security level that a namespace enforces (KEP-2579): privileged sidecars need `privileged`.
import { valueAt } from '../pod/value-at.ts';
import { isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { readObject } from './objects.ts';

/** The label's value; null where it is not set (then the cluster's default counts, as a rule privileged) or unreadable. */
export async function readEnforcedLevel(cluster: Cluster, namespace: string): Promise<string | null> {
  try {
    const object = await readObject(cluster, { kind: 'Namespace', namespace: null, name: namespace });
    const level = valueAt(object, ['metadata', 'labels', 'pod-security.kubernetes.io/enforce']);
    return typeof level === 'string' ? level : null;
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return null;
    throw error;
  }
}
