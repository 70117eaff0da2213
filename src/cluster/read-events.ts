// The events that tell of a pod.
import type { EventFact } from '../diagnose/facts.ts';
import { known } from '../diagnose/known.ts';
import type { Known } from '../diagnose/known.ts';
import type { Subject } from '../diagnose/subject.ts';
import { textAt } from '../pod/text-at.ts';
import type { Cluster } from './cluster.ts';
import { learn } from './learn.ts';
import { listObjects } from './objects.ts';

/** Of the pod, and FailedCreate of what makes its like: events of a controller carry its name. */
export async function readEvents(
  cluster: Cluster,
  subject: Subject,
  signal: AbortSignal,
): Promise<Known<EventFact[]>> {
  const { namespace } = subject;
  const owner = subject.workload?.split('/')[1];
  const asks = [
    ...(subject.origin === 'pod' ? [`involvedObject.kind=Pod,involvedObject.name=${subject.name}`] : []),
    ...(owner === undefined ? [] : ['reason=FailedCreate']),
  ];
  const fact = await learn(`list events -n ${namespace}`, () =>
    Promise.all(
      asks.map((fieldSelector) => listObjects(cluster, 'Event', namespace, { fieldSelector, signal })),
    ),
  );
  if (fact.state !== 'known') return fact;
  const events = fact.value.flat().map((event) => ({
    reason: textAt(event, ['reason']),
    message: textAt(event, ['message']),
    object: textAt(event, ['involvedObject', 'name']),
  }));
  return known(
    events.filter(({ object }) => object === subject.name || (owner !== undefined && isOf(object, owner))),
  );
}

/** `sonarr`, or its ReplicaSet `sonarr-7d9f5c`. */
function isOf(object: string, owner: string): boolean {
  return (
    object === owner || (object.startsWith(`${owner}-`) && /^[a-z0-9]+$/.test(object.slice(owner.length + 1)))
  );
}
