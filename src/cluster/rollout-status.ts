// How far a rollout is, from the object alone: as `kubectl rollout status` reads it
// (k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go).
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';

export type RolloutStatus =
  | { readonly state: 'waiting'; readonly message: string }
  | { readonly state: 'done'; readonly message: string }
  /** It will not come by itself. */
  | { readonly state: 'failed'; readonly message: string }
  /** Nothing replaces the pods but their deletion by hand, or nothing is rolled out at all. */
  | { readonly state: 'manual'; readonly message: string };

/** The state of a Deployment, StatefulSet or DaemonSet as it was read. */
export function rolloutStatus(object: JsonObject): RolloutStatus {
  const manual = manualReason(object);
  if (manual !== null) return { state: 'manual', message: manual };
  const number = (...path: readonly string[]): number => Number(valueAt(object, path) ?? 0);
  if (number('metadata', 'generation') > number('status', 'observedGeneration'))
    return { state: 'waiting', message: 'waiting for the controller to see the change' };
  switch (textAt(object, ['kind'])) {
    case 'Deployment':
      return deploymentStatus(object, number);
    case 'StatefulSet':
      return statefulSetStatus(object, number);
    default:
      return daemonSetStatus(number);
  }
}

function manualReason(object: JsonObject): string | null {
  const kind = textAt(object, ['kind']);
  if (kind === 'Deployment' && valueAt(object, ['spec', 'paused']) === true)
    return 'the Deployment is paused: kubectl rollout resume';
  if (textAt(object, ['spec', 'updateStrategy', 'type']) === 'OnDelete')
    return `the ${kind} has the update strategy OnDelete: a pod becomes new when you delete it`;
  return null;
}

type ReadNumber = (...path: readonly string[]) => number;

function deploymentStatus(object: JsonObject, number: ReadNumber): RolloutStatus {
  const conditions = valueAt(object, ['status', 'conditions']);
  const progressing = (Array.isArray(conditions) ? (conditions as unknown[]) : [])
    .filter(isJsonObject)
    .find(({ type }) => type === 'Progressing');
  if (progressing?.['reason'] === 'ProgressDeadlineExceeded')
    return { state: 'failed', message: 'the Deployment exceeded its progress deadline' };
  const wanted = Number(valueAt(object, ['spec', 'replicas']) ?? 1);
  const updated = number('status', 'updatedReplicas');
  const all = number('status', 'replicas');
  const available = number('status', 'availableReplicas');
  if (updated < wanted) return waiting(`${updated} of ${wanted} new pods are made`);
  if (all > updated) return waiting(`old pods that are still to end: ${all - updated}`);
  if (available < updated) return waiting(`${available} of ${updated} new pods are available`);
  return done(`${wanted} of ${wanted} pods are new and available`);
}

function statefulSetStatus(object: JsonObject, number: ReadNumber): RolloutStatus {
  const wanted = Number(valueAt(object, ['spec', 'replicas']) ?? 1);
  const ready = number('status', 'readyReplicas');
  if (ready < wanted) return waiting(`${ready} of ${wanted} pods are ready`);
  const partition = Number(valueAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition']) ?? 0);
  const updated = number('status', 'updatedReplicas');
  if (partition > 0) {
    const due = Math.max(0, wanted - partition);
    return updated < due
      ? waiting(`${updated} of ${due} new pods behind the partition ${partition} are made`)
      : done(`${updated} pods are new; those below the partition ${partition} stay as they are`);
  }
  if (valueAt(object, ['status', 'updateRevision']) !== valueAt(object, ['status', 'currentRevision']))
    return waiting(`${updated} of ${wanted} new pods are made`);
  return done(`${wanted} of ${wanted} pods are new and ready`);
}

function daemonSetStatus(number: ReadNumber): RolloutStatus {
  const wanted = number('status', 'desiredNumberScheduled');
  const updated = number('status', 'updatedNumberScheduled');
  const available = number('status', 'numberAvailable');
  if (updated < wanted) return waiting(`${updated} of ${wanted} new pods are made`);
  if (available < wanted) return waiting(`${available} of ${wanted} new pods are available`);
  return done(`${wanted} of ${wanted} pods are new and available`);
}

function waiting(message: string): RolloutStatus {
  return { state: 'waiting', message };
}

function done(message: string): RolloutStatus {
  return { state: 'done', message };
}
