// Waits until the pods of a changed template are there, within a bound, and says why where they do not come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';
import { isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { listObjects, readObject } from './objects.ts';
import type { ObjectName } from './objects.ts';
import { creationTroubles, podTroubles } from './pod-troubles.ts';
import type { PodTrouble } from './pod-troubles.ts';
import { rolloutStatus } from './rollout-status.ts';
import type { RolloutStatus } from './rollout-status.ts';
import { listWorkloadPods } from './workload-pods.ts';

export type RolloutResult =
  | { readonly outcome: 'done'; readonly message: string }
  | { readonly outcome: 'manual'; readonly message: string }
  | {
      readonly outcome: 'failed' | 'timeout';
      /** What it was at in the end. */
      readonly message: string;
      readonly troubles: readonly PodTrouble[];
    };

const INTERVAL_MS = 1000;

/** `onProgress` is told each state that differs from the one before. Rejects with a ClusterError. */
export async function waitForRollout(
  cluster: Cluster,
  name: ObjectName,
  { timeoutMs, onProgress }: { readonly timeoutMs: number; readonly onProgress: (message: string) => void },
): Promise<RolloutResult> {
  const end = performance.now() + timeoutMs;
  let last: string | undefined;
  for (;;) {
    const object = await readObject(cluster, name);
    const status: RolloutStatus = rolloutStatus(object);
    if (status.state === 'done') return { outcome: 'done', message: status.message };
    if (status.state === 'manual') return { outcome: 'manual', message: status.message };
    if (status.message !== last) onProgress(status.message);
    last = status.message;
    const left = end - performance.now();
    if (status.state === 'failed' || left <= 0) {
      const outcome = status.state === 'failed' ? 'failed' : 'timeout';
      return { outcome, message: status.message, troubles: await findTroubles(cluster, object) };
    }
    await sleep(Math.min(INTERVAL_MS, left));
  }
}

/** What may not be read is left out: the rollout itself is known to have failed. */
async function findTroubles(cluster: Cluster, workload: JsonObject): Promise<PodTrouble[]> {
  const namespace = textAt(workload, ['metadata', 'namespace']);
  try {
    const { pods, replicaSets } = await listWorkloadPods(cluster, workload);
    const newest = replicaSets.at(-1);
    // Of old ReplicaSets nobody waits for a pod.
    const makers = newest === undefined ? [workload] : [workload, newest];
    const uids = new Set(makers.map((object) => textAt(object, ['metadata', 'uid'])));
    const events = await listObjects(cluster, 'Event', namespace, { fieldSelector: 'type=Warning' }).catch(
      (): JsonObject[] => [],
    );
    const awaited = newest === undefined ? pods : pods.filter((pod) => isControlledBy(pod, newest));
    return [...creationTroubles(events, uids), ...podTroubles(awaited, inOrder(events))];
  } catch (error) {
    if (isClusterError(error)) return [];
    throw error;
  }
}

function isControlledBy(pod: JsonObject, owner: JsonObject): boolean {
  const owners = valueAt(pod, ['metadata', 'ownerReferences']);
  return (
    Array.isArray(owners) && owners.some((one) => textAt(one, ['uid']) === textAt(owner, ['metadata', 'uid']))
  );
}

/** The newest last. */
function inOrder(events: readonly JsonObject[]): JsonObject[] {
  const time = (event: JsonObject): string =>
    textAt(event, ['lastTimestamp']) ||
    textAt(event, ['eventTime']) ||
    textAt(event, ['metadata', 'creationTimestamp']);
  return events.toSorted((a, b) => (time(a) < time(b) ? -1 : 1));
}
