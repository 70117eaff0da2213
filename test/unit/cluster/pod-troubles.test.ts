import { describe, expect, it } from 'vitest';
import { creationTroubles, podTroubles } from '../../../src/cluster/pod-troubles.ts';
import type { JsonObject } from '../../../src/pod/json.ts';

const pod = (status: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  metadata: { name: 'sonarr-1', ...metadata },
  status,
});
const reasons = (status: JsonObject, events: JsonObject[] = []): string[] =>
  podTroubles([pod(status, { uid: 'u' })], events).map(({ reason }) => reason);

describe('a pod that does not come', () => {
  it.each<[string, JsonObject, string]>([
    [
      'that a container waits for',
      {
        containerStatuses: [
          { name: 'sonarr', state: { waiting: { reason: 'PodInitializing' } } },
          {
            name: 'helper',
            state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling\n image "x"' } },
          },
        ],
      },
      'container helper: ImagePullBackOff: Back-off pulling image "x"',
    ],
    [
      'the last words of a container in front of its back-off',
      {
        initContainerStatuses: [
          {
            name: 'rclone-zurg',
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
            lastState: { terminated: { message: 'no /dev/fuse.\nMend: ...' } },
          },
        ],
      },
      'container rclone-zurg: CrashLoopBackOff: no /dev/fuse. Mend: ...',
    ],
    [
      'what the scheduler says',
      {
        phase: 'Pending',
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/1 nodes are available',
          },
        ],
      },
      'Unschedulable: 0/1 nodes are available',
    ],
    ['an eviction', { reason: 'Evicted', message: 'low on memory' }, 'Evicted: low on memory'],
    [
      'that it runs and is not ready',
      { containerStatuses: [{ name: 'sonarr', ready: false, state: { running: {} } }] },
      'container sonarr: runs and is not ready',
    ],
    [
      'that it is made',
      { containerStatuses: [{ name: 'sonarr', state: { waiting: { reason: 'ContainerCreating' } } }] },
      'container sonarr: ContainerCreating',
    ],
    ['its phase where nothing else is known', { phase: 'Pending' }, 'Pending'],
    ['that nothing is known', {}, 'Unknown'],
  ])('says %s', (_, status, reason) => {
    expect(reasons(status)).toEqual([reason]);
  });

  it('is none that is ready or ends', () => {
    const ready = pod({ conditions: [{ type: 'Ready', status: 'True' }] });
    const ends = pod({ phase: 'Running' }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(podTroubles([ready, ends], [])).toEqual([]);
  });

  it('says the last warning about it where its status is silent', () => {
    const event = (uid: string, message: string): JsonObject => ({
      reason: 'FailedMount',
      message,
      involvedObject: { uid },
    });
    const status = {
      containerStatuses: [{ name: 'sonarr', state: { waiting: { reason: 'ContainerCreating' } } }],
    };
    const events = [event('u', 'first'), event('u', 'secret "x" not found'), event('v', 'other')];
    expect(reasons(status, events)).toEqual(['FailedMount: secret "x" not found']);
  });

  it('is cut where it says too much', () => {
    expect(reasons({ reason: 'x', message: 'y'.repeat(1000) })[0]).toHaveLength(300);
  });
});

it('what a controller could not make is said once for each message, and of these controllers only', () => {
  const event = (uid: string, message: string, reason = 'FailedCreate'): JsonObject => ({
    reason,
    message,
    involvedObject: { uid },
  });
  const events = [
    event('a', 'Error creating: pods "x-7f9689bddf-w7c9r" is forbidden'),
    event('a', '(combined from similar events): Error creating: pods "x-7f9689bddf-b8c2d" is forbidden'),
    event('b', 'other'),
    event('a', 'x', 'Scaled'),
  ];
  expect(creationTroubles(events, new Set(['a']))).toEqual([
    { pod: null, reason: 'pods "x-7f9689bddf-*" is forbidden' },
  ]);
});
