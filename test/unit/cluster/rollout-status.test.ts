import { describe, expect, it } from 'vitest';
import { rolloutStatus } from '../../../src/cluster/rollout-status.ts';
import type { JsonObject } from '../../../src/pod/json.ts';

const seen = { metadata: { generation: 2 } };
const deployment = (spec: JsonObject, status: JsonObject): JsonObject => ({
  kind: 'Deployment',
  ...seen,
  spec,
  status: { observedGeneration: 2, ...status },
});
const statefulSet = (spec: JsonObject, status: JsonObject): JsonObject => ({
  ...deployment(spec, status),
  kind: 'StatefulSet',
});
const daemonSet = (spec: JsonObject, status: JsonObject): JsonObject => ({
  ...deployment(spec, status),
  kind: 'DaemonSet',
});
const partition = (number: number): JsonObject => ({
  replicas: 3,
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: number } },
});

// Each row is a state that `kubectl rollout status` tells apart.
describe('a rollout', () => {
  it.each<[string, JsonObject, string, string]>([
    [
      'that the controller has not seen',
      { ...deployment({}, {}), metadata: { generation: 3 } },
      'waiting',
      'waiting for the controller to see the change',
    ],
    [
      'that lacks new pods',
      deployment({ replicas: 3 }, { replicas: 3, updatedReplicas: 1 }),
      'waiting',
      '1 of 3 new pods are made',
    ],
    [
      'whose old pods are there',
      deployment({ replicas: 2 }, { replicas: 3, updatedReplicas: 2, availableReplicas: 2 }),
      'waiting',
      'old pods that are still to end: 1',
    ],
    [
      'whose new pods are not available',
      deployment({ replicas: 2 }, { replicas: 2, updatedReplicas: 2, availableReplicas: 1 }),
      'waiting',
      '1 of 2 new pods are available',
    ],
    [
      'that is over',
      deployment({ replicas: 2 }, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }),
      'done',
      '2 of 2 pods are new and available',
    ],
    ['of no replicas', deployment({ replicas: 0 }, {}), 'done', '0 of 0 pods are new and available'],
    [
      'past its deadline',
      deployment({}, { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] }),
      'failed',
      'the Deployment exceeded its progress deadline',
    ],
    [
      'of a paused Deployment',
      deployment({ paused: true }, {}),
      'manual',
      'the Deployment is paused: kubectl rollout resume',
    ],
    [
      'of a StatefulSet with OnDelete',
      statefulSet({ updateStrategy: { type: 'OnDelete' } }, {}),
      'manual',
      'the StatefulSet has the update strategy OnDelete: a pod becomes new when you delete it',
    ],
    [
      'of a StatefulSet that is not ready',
      statefulSet({ replicas: 2 }, { readyReplicas: 1 }),
      'waiting',
      '1 of 2 pods are ready',
    ],
    [
      'of a StatefulSet between two revisions',
      statefulSet(
        { replicas: 2 },
        { readyReplicas: 2, updatedReplicas: 1, updateRevision: 'b', currentRevision: 'a' },
      ),
      'waiting',
      '1 of 2 new pods are made',
    ],
    [
      'of a StatefulSet that is over',
      statefulSet({ replicas: 2 }, { readyReplicas: 2, updateRevision: 'b', currentRevision: 'b' }),
      'done',
      '2 of 2 pods are new and ready',
    ],
    [
      'of a StatefulSet with a partition',
      statefulSet(partition(1), { readyReplicas: 3, updatedReplicas: 1 }),
      'waiting',
      '1 of 2 new pods behind the partition 1 are made',
    ],
    [
      'up to the partition',
      statefulSet(partition(1), { readyReplicas: 3, updatedReplicas: 2 }),
      'done',
      '2 pods are new; those below the partition 1 stay as they are',
    ],
    [
      'of a StatefulSet whose partition holds all',
      statefulSet(partition(5), { readyReplicas: 3, updatedReplicas: 0 }),
      'done',
      '0 pods are new; those below the partition 5 stay as they are',
    ],
    [
      'of a DaemonSet that lacks new pods',
      daemonSet({}, { desiredNumberScheduled: 2, updatedNumberScheduled: 1 }),
      'waiting',
      '1 of 2 new pods are made',
    ],
    [
      'of a DaemonSet whose pods are not available',
      daemonSet({}, { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }),
      'waiting',
      '1 of 2 new pods are available',
    ],
    [
      'of a DaemonSet that is over',
      daemonSet({}, { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 }),
      'done',
      '1 of 1 pods are new and available',
    ],
    [
      'of a DaemonSet with OnDelete',
      daemonSet({ updateStrategy: { type: 'OnDelete' } }, {}),
      'manual',
      'the DaemonSet has the update strategy OnDelete: a pod becomes new when you delete it',
    ],
  ])('%s', (_, object, state, message) => {
    expect(rolloutStatus(object)).toEqual({ state, message });
  });
});
