// Asks the API server whether it would take a pod: a dry run, which goes through every webhook and stores nothing.
import type { Admission } from '../diagnose/facts.ts';
import { isInjected } from '../diagnose/dry-run-pod.ts';
import type { JsonObject } from '../pod/json.ts';
import { isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { requestJson } from './cluster.ts';
import { resourcePath } from './resource-path.ts';

/** Rejects with a ClusterError where the account may not create pods. */
export async function askAdmission(
  cluster: Cluster,
  namespace: string,
  pod: JsonObject,
  signal?: AbortSignal,
): Promise<Admission> {
  try {
    const created = await requestJson(cluster, {
      method: 'POST',
      path: `${resourcePath('Pod', namespace)}?dryRun=All&fieldManager=media-stack`,
      body: pod,
      ...(signal ? { signal } : {}),
    });
    return { outcome: 'admitted', injected: isInjected(created) };
  } catch (error) {
    if (!isClusterError(error)) throw error;
    const isAnswer = error.reason === 'invalid' || error.reason === 'server';
    // RBAC and admission both say Forbidden.
    const isRefusal = error.reason === 'forbidden' && !/cannot create resource/.test(error.message);
    if (isAnswer || isRefusal) return { outcome: 'refused', message: error.message };
    throw error;
  }
}
