import { describe, expect, it } from 'vitest';
import {
  describeContainerState,
  describePodState,
  describeRestarts,
} from '../../../src/check/container-state.ts';

describe('a pod', () => {
  it('that runs has nothing to say', () => {
    expect(describePodState({ status: { phase: 'Running' } })).toBeNull();
  });

  it('that no node takes says why', () => {
    const condition = { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' };
    expect(describePodState({ status: { phase: 'Pending', conditions: [condition] } })).toBe(
      'the pod waits for a node: 0/3 nodes are available',
    );
  });

  it('that starts, and whose native sidecars may run, is looked into', () => {
    const waiting = { name: 'sonarr', state: { waiting: { reason: 'PodInitializing' } } };
    expect(describePodState({ status: { phase: 'Pending', containerStatuses: [waiting] } })).toBeNull();
    expect(describePodState({ status: { phase: 'Pending' } })).toBe('the pod is starting');
  });

  it('that is being deleted, has failed or says nothing is left alone', () => {
    expect(describePodState({ metadata: { deletionTimestamp: 'now' }, status: { phase: 'Running' } })).toBe(
      'the pod is being deleted',
    );
    expect(describePodState({ status: { phase: 'Unknown' } })).toBe('the pod is Unknown');
    expect(describePodState({})).toBe('the pod is in no known phase');
  });
});

describe('a container', () => {
  const pod = (status: object) => ({
    status: { initContainerStatuses: [{ name: 'rclone-zurg', ...status }] },
  });

  it('that runs has nothing to say', () => {
    expect(describeContainerState(pod({ state: { running: {} } }), 'rclone-zurg')).toBeNull();
  });

  it('that crashes has the last words of the one before it, without the mend', () => {
    const message =
      'rclone at /mnt/media/zurg ended 4 times within a minute, last with code 1.\nMend: see its log\n';
    const state = {
      state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
      lastState: { terminated: { exitCode: 1, message } },
    };
    expect(describeContainerState(pod(state), 'rclone-zurg')).toBe(
      'rclone-zurg is not running: CrashLoopBackOff (exit code 1: rclone at /mnt/media/zurg ended 4 times within a minute, last with code 1.)',
    );
  });

  it('that cannot be created says what the kubelet says', () => {
    const waiting = {
      reason: 'CreateContainerConfigError',
      message: 'secret "rclone-zurg-config" not found',
    };
    expect(describeContainerState(pod({ state: { waiting } }), 'rclone-zurg')).toBe(
      'rclone-zurg is not running: CreateContainerConfigError (secret "rclone-zurg-config" not found)',
    );
  });

  it('that has ended has its exit code', () => {
    expect(describeContainerState(pod({ state: { terminated: { exitCode: 137 } } }), 'rclone-zurg')).toBe(
      'rclone-zurg is not running: ended (exit code 137)',
    );
  });

  it('that was started again says how often and why', () => {
    const terminated = { exitCode: 1, message: 'mount helper error: fusermount3: mount failed' };
    const status = { state: { running: {} }, lastState: { terminated }, restartCount: 3 };
    expect(describeRestarts(pod(status), 'rclone-zurg')).toBe(
      'rclone-zurg was restarted 3 times, last for exit code 1: mount helper error: fusermount3: mount failed',
    );
    expect(describeRestarts(pod({ ...status, restartCount: 0 }), 'rclone-zurg')).toBeNull();
  });

  it('of which nothing is known has not been started', () => {
    expect(describeContainerState({}, 'rclone-zurg')).toBe('rclone-zurg has not been started');
  });
});
