import { describe, expect, it } from 'vitest';
import { INIT_DIRS_SCRIPT_NAME } from '../../../src/intent/mount-sidecar.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import { problemsOfPod } from './judged.ts';

const absent = (remote: string) => ({
  code: 'MS302',
  level: 'deny',
  path: 'spec.initContainers',
  message: `no sidecar mounts the remote "${remote}"`,
  hint: 'Create the pod again while the mutating webhook runs; if it was injected, another webhook has removed the sidecar. Without this remote: media-stack/remotes.',
});
const waiting = (index: number, remote: string, found: string) => ({
  code: 'MS302',
  level: 'deny',
  path: `spec.initContainers[${index}].restartPolicy`,
  message: `sidecar rclone-${remote} is an init container with restartPolicy ${found}: the pod would wait for its end for ever`,
  hint: 'Write restartPolicy: Always in it. If it was injected, another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".',
});
const SEEING = app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });

/** The injected pod after another webhook had its way with the init containers. */
function afterwards(change: (container: Record<string, unknown>) => Record<string, unknown>[]): Pod {
  const pod = structuredClone(injected(labelledPod())) as unknown as {
    spec: { initContainers: Record<string, unknown>[] };
  };
  pod.spec.initContainers = pod.spec.initContainers.flatMap(change);
  return pod as unknown as Pod;
}

describe('MS302 refuses', () => {
  it('a pod that was never injected, once for each remote', () => {
    expect(problemsOfPod(labelledPod({ containers: [SEEING] }))).toEqual([absent('zurg'), absent('torbox')]);
  });

  it('a pod from which another webhook removed one sidecar', () => {
    expect(
      problemsOfPod(afterwards((container) => (container['name'] === 'rclone-torbox' ? [] : [container]))),
    ).toEqual([absent('torbox')]);
  });

  it('a pod from which another webhook stripped restartPolicy: Always', () => {
    const stripped = afterwards(({ restartPolicy: _stripped, ...container }) => [container]);
    expect(problemsOfPod(stripped)).toEqual([
      {
        code: 'MS302',
        level: 'deny',
        path: 'spec.initContainers[0].restartPolicy',
        message: 'init-dirs has lost its restartPolicy: Always: the pod would wait for its end for ever',
        hint: 'Another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".',
      },
      waiting(1, 'zurg', 'not set'),
      waiting(2, 'torbox', 'not set'),
    ]);
  });

  it('a sidecar with another restartPolicy', () => {
    const sidecar = handSidecar('zurg', { restartPolicy: 'OnFailure' });
    const pod = labelledPod({ containers: [SEEING], initContainers: [handInitDirs(), sidecar] });
    expect(problemsOfPod(pod, { settings: ONLY_ZURG })).toEqual([waiting(1, 'zurg', '"OnFailure"')]);
  });
});

describe('MS302 lets be', () => {
  it('a remote that the pod does not want', () => {
    const pod = labelledPod(
      { containers: [SEEING], initContainers: [handInitDirs(), handSidecar('zurg')] },
      { 'media-stack/remotes': 'zurg' },
    );
    expect(problemsOfPod(pod)).toEqual([]);
  });

  it('beside a sidecar of another remote, and an init-dirs without arguments', () => {
    const args = ['mount', 'b2:', '/mnt/media/b2', '--read-only'];
    const initDirs = { name: 'init-dirs', command: ['sh', '-c', 'mkdir x', INIT_DIRS_SCRIPT_NAME] };
    const initContainers = [
      handInitDirs({ name: 'own' }),
      initDirs,
      handSidecar('b2', { args }),
      handSidecar('zurg'),
    ];
    const pod = labelledPod({ containers: [SEEING], initContainers });
    expect(problemsOfPod(pod).filter(({ code }) => code === 'MS302')).toEqual([absent('torbox')]);
  });

  it('a remote that one of two containers mounts', () => {
    const ended = handSidecar('zurg', { name: 'once', restartPolicy: undefined });
    const pod = labelledPod({
      containers: [SEEING],
      initContainers: [handInitDirs(), ended, handSidecar('zurg')],
    });
    expect(problemsOfPod(pod, { settings: ONLY_ZURG })).toEqual([]);
  });

  it('a plain container that mounts the remote', () => {
    const pod = labelledPod(
      {
        containers: [handSidecar('zurg', { restartPolicy: undefined }), SEEING],
        initContainers: [handInitDirs()],
      },
      { 'media-stack/sidecar-mode': 'container' },
    );
    expect(problemsOfPod(pod, { settings: ONLY_ZURG })).toEqual([]);
  });

  it('a standalone rclone pod, which has no app that could miss the other remote', () => {
    const pod = labelledPod({
      containers: [handSidecar('zurg', { restartPolicy: undefined })],
      initContainers: [handInitDirs()],
    });
    expect(problemsOfPod(pod).map(({ code }) => code)).toEqual(['MS401']);
  });
});
