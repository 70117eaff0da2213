// Which pod is meant: by name, or the one of a workload that is worst off.
import { listContainerStatuses } from '../check/container-state.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { owningWorkload } from '../pod/owning-workload.ts';
import { valueAt } from '../pod/value-at.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import { KIND_WORDS } from '../workload/workload-reference.ts';
import { ClusterError, isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { listObjects, readObject } from './objects.ts';
import type { ResourceKind } from './resource-path.ts';
import { textAt } from '../pod/text-at.ts';

export interface FoundSubject {
  /** `sonarr-7d9f`, or `deployment/sonarr` where it has no pods. */
  readonly name: string;
  readonly origin: 'pod' | 'template';
  /** The pod, or the template. */
  readonly object: JsonObject;
  /** How many pods the workload has, where one was asked for. */
  readonly pods: number | null;
}

/** Words before the slash: pods of these are looked for, too. */
export const WORKLOAD_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ...KIND_WORDS,
  ['replicaset', 'ReplicaSet'],
  ['rs', 'ReplicaSet'],
  ['job', 'Job'],
  ['replicationcontroller', 'ReplicationController'],
  ['rc', 'ReplicationController'],
]);

/** `word` is NAME, pod/NAME or deployment/NAME. Rejects with a ClusterError, `not_found` with the nearest name. */
export async function findSubject(cluster: Cluster, namespace: string, word: string): Promise<FoundSubject> {
  const [kind = '', name] = word.includes('/') ? word.split('/', 2) : ['pod', word];
  const known = WORKLOAD_KINDS.get(kind.toLowerCase());
  if (known === 'Pod' && name) return findPod(cluster, namespace, name);
  if (known === undefined || !name) {
    throw new ClusterError(
      'not_found',
      `${quote(word)} names no pod and no workload`,
      `Write POD, deployment/NAME, statefulset/NAME, daemonset/NAME or job/NAME.`,
    );
  }
  const workload = await readObject(cluster, { kind: known, namespace, name });
  const ref = `${known.toLowerCase()}/${name}`;
  const pods = (await listObjects(cluster, 'Pod', namespace)).filter(
    ({ metadata }) => owningWorkload(metadata as JsonObject) === ref,
  );
  const live = pods.filter((pod) => !['Succeeded', 'Failed'].includes(textAt(pod, ['status', 'phase'])));
  const [worst] = (live.length > 0 ? live : pods).toSorted((a, b) => badness(b) - badness(a));
  if (worst !== undefined)
    return {
      name: textAt(worst, ['metadata', 'name']),
      origin: 'pod',
      object: worst,
      pods: pods.length,
    };
  const template = valueAt(workload, ['spec', 'template']);
  return { name: ref, origin: 'template', object: isJsonObject(template) ? template : {}, pods: 0 };
}

async function findPod(cluster: Cluster, namespace: string, name: string): Promise<FoundSubject> {
  try {
    const object = await readObject(cluster, { kind: 'Pod', namespace, name });
    return { name, origin: 'pod', object, pods: null };
  } catch (error) {
    if (!isClusterError(error, 'not_found')) throw error;
    const pods = await listObjects(cluster, 'Pod', namespace).catch(() => []);
    const names = pods.map((pod) => textAt(pod, ['metadata', 'name']));
    const workload = pods
      .map(({ metadata }) => owningWorkload(metadata as JsonObject))
      .find((ref) => ref?.endsWith(`/${name}`) === true);
    const deployment = await readObject(cluster, { kind: 'Deployment', namespace, name }).catch(() => null);
    const ref = workload ?? (deployment === null ? null : `deployment/${name}`);
    const listed =
      names.length === 0 ? 'The namespace has no pods.' : `Pods: ${names.slice(0, 10).join(', ')}.`;
    throw new ClusterError(
      'not_found',
      `there is no pod ${quote(name)} in namespace ${namespace}`,
      ref === null ? `${didYouMean(name, names)}${listed}` : `Did you mean ${ref}?`,
    );
  }
}

/** More is worse: what crashes, then what has not started, then what is not ready, then restarts. */
function badness(pod: JsonObject): number {
  const statuses = listContainerStatuses(pod);
  const restarts = Math.min(
    99,
    statuses.reduce((sum, status) => sum + status.restarts, 0),
  );
  const crashes = statuses.some(({ state }) => {
    const reason = valueAt(state, ['waiting', 'reason']);
    return typeof reason === 'string' && /BackOff|Err/.test(reason);
  });
  const pending = valueAt(pod, ['status', 'phase']) === 'Pending';
  const conditions = valueAt(pod, ['status', 'conditions']);
  const ready =
    Array.isArray(conditions) &&
    conditions.some(
      (entry: unknown) => isJsonObject(entry) && entry['type'] === 'Ready' && entry['status'] === 'True',
    );
  const leaving = valueAt(pod, ['metadata', 'deletionTimestamp']) !== undefined;
  return (crashes ? 3000 : pending ? 2000 : ready ? 0 : 1000) + restarts - (leaving ? 500 : 0);
}
