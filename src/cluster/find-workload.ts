// Finds a workload by the name that a person knows, whatever its kind.
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { ROLLOUT_KINDS, renderReference } from '../workload/workload-reference.ts';
import type { ReferenceKind, WorkloadReference } from '../workload/workload-reference.ts';
import { ClusterError, isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { listObjects, readObject } from './objects.ts';

/** What a name without a kind may mean; the kinds of a stage win over those of the next one. */
export type SearchStages = readonly (readonly ReferenceKind[])[];

/** Deployment, StatefulSet, DaemonSet: one as good as the other. */
export const WORKLOAD_STAGES: SearchStages = [ROLLOUT_KINDS];

/**
 * The one object that is meant. Rejects with `not_found`, with the nearest name where there is one, also where several
 * kinds have one of that name; with `forbidden` where none was found and not all could be looked at.
 */
export async function findWorkload(
  cluster: Cluster,
  namespace: string,
  { kind, name }: WorkloadReference,
  stages: SearchStages = WORKLOAD_STAGES,
): Promise<JsonObject> {
  const searched = kind === null ? stages : [[kind]];
  let forbidden: ClusterError | undefined;
  for (const kinds of searched) {
    const answers = await Promise.all(kinds.map((one) => tryRead(cluster, namespace, one, name)));
    const found = answers.filter((answer) => answer !== null && !(answer instanceof ClusterError));
    forbidden ??= answers.find((answer) => answer instanceof ClusterError);
    const [only, ...others] = found as JsonObject[];
    if (only === undefined) continue;
    if (others.length === 0) return only;
    const names = [only, ...others].map((object) => renderReference(textAt(object, ['kind']), name));
    throw new ClusterError(
      'not_found',
      `several workloads in namespace ${namespace} are called ${name}: ${names.join(', ')}`,
      `Say which one: ${names[0] ?? ''}`,
    );
  }
  if (forbidden !== undefined) throw forbidden;
  throw await notFound(cluster, namespace, name, searched.flat());
}

async function tryRead(
  cluster: Cluster,
  namespace: string,
  kind: ReferenceKind,
  name: string,
): Promise<JsonObject | ClusterError | null> {
  try {
    return await readObject(cluster, { kind, namespace, name });
  } catch (error) {
    if (isClusterError(error, 'not_found')) return null;
    if (isClusterError(error, 'forbidden')) return error;
    throw error;
  }
}

async function notFound(
  cluster: Cluster,
  namespace: string,
  name: string,
  kinds: readonly ReferenceKind[],
): Promise<ClusterError> {
  const lists = await Promise.all(
    kinds.map((kind) => listObjects(cluster, kind, namespace).catch((): JsonObject[] => [])),
  );
  const known = lists.flat().map((object) => textAt(object, ['metadata', 'name']));
  const what = kinds.length === 1 ? kinds[0] : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1) ?? ''}`;
  const plurals = kinds.map((kind) => `${kind.toLowerCase()}s`).join(',');
  const hint = `${didYouMean(name, [...new Set(known)])}Look at them: kubectl -n ${namespace} get ${plurals}`;
  return new ClusterError('not_found', `there is no ${what} ${name} in namespace ${namespace}`, hint);
}
