import { describe, expect, it } from 'vitest';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const PLAIN = handSidecar('zurg', { restartPolicy: undefined });
const byHand = (metadata: Fields = {}, containers: Fields[] = [PLAIN, app()]) =>
  labelledPod({ initContainers: [handInitDirs()], containers }, undefined, metadata);
const workload = (kind: string) => ({ kind, label: 'absent' as const });
const problem = (kind: string, path: string, name: string, hint: string) => ({
  code: 'MS305',
  level: 'deny',
  path,
  message: `the ${kind} never completes: sidecar ${name} is a plain container, which does not end with the app`,
  hint,
});
const OURS = 'Use native sidecars, which need kubelets from 1.29: media-stack/sidecar-mode: "native".';
const THEIRS =
  'Make it an init container with restartPolicy: Always (kubelets from 1.29), or remove it and let the webhook inject it.';
const MODE = { 'media-stack/sidecar-mode': 'container' };
const ownedBy = (kind: string, controller = true) => ({
  ownerReferences: [{ apiVersion: 'v1', kind, name: 'x', uid: '1', controller }],
});

describe('MS305 refuses', () => {
  it.each(['Job', 'CronJob'])('hand-written plain sidecars in a %s', (kind) => {
    expect(problemsOfTemplate(byHand(), { settings: ONLY_ZURG, workload: workload(kind) })).toEqual([
      problem(kind, 'spec.containers[0]', 'rclone-zurg', THEIRS),
    ]);
  });

  it('injected plain sidecars, by the name of each', () => {
    expect(problemsOfTemplate(labelledPod({}, MODE), { workload: workload('Job') })).toEqual([
      problem('Job', 'spec.containers[rclone-zurg]', 'rclone-zurg', OURS),
      problem('Job', 'spec.containers[rclone-torbox]', 'rclone-torbox', OURS),
    ]);
  });

  it('the pod of a Job', () => {
    const pod = injected(labelledPod({}, MODE, ownedBy('Job')), { settings: ONLY_ZURG });
    expect(problemsOfPod(pod, { settings: ONLY_ZURG })).toEqual([
      problem('Job', 'spec.containers[0]', 'rclone-zurg', OURS),
    ]);
  });
});

describe('MS305 warns of a hand-written plain sidecar that something may end', () => {
  const warning = {
    ...problem('Job', 'spec.containers[0]', 'rclone-zurg', THEIRS),
    level: 'warn',
    message:
      'the Job completes only if something ends sidecar rclone-zurg: it is a plain container, which does not end with the app',
  };
  const found = (containers: Fields[]) =>
    problemsOfTemplate(byHand({}, containers), { settings: ONLY_ZURG, workload: workload('Job') });

  it.each(['run; rclone rc core/quit', 'run\npkill rclone', 'run; kill -INT 7', 'run; killall rclone'])(
    'the app: %j',
    (text) => {
      expect(found([PLAIN, app({ command: ['sh', '-c', text] })])).toEqual([warning]);
    },
  );

  it('one of two apps', () => {
    const ending = app({ name: 'scan', command: ['sh', '-c', 'run; pkill rclone'] });
    expect(found([PLAIN, app(), ending])).toEqual([warning]);
  });

  it('its own script', () => {
    const text =
      'rclone mount zurg: /mnt/media/zurg --read-only & until [ -f /done/1 ]; do sleep 1; done; kill $!';
    const script = handSidecar('zurg', { restartPolicy: undefined, args: ['-c', text], command: ['sh'] });
    expect(found([script, app()])).toEqual([warning]);
  });

  it('but not where the app only speaks of it', () => {
    expect(found([PLAIN, app({ command: ['skill'], args: ['core/quitter'] })])).toEqual([
      problem('Job', 'spec.containers[0]', 'rclone-zurg', THEIRS),
    ]);
  });

  it('nor of an injected one, which starts rclone again', () => {
    const pod = labelledPod({ containers: [app({ command: ['sh', '-c', 'run; pkill rclone'] })] }, MODE);
    const problems = problemsOfTemplate(pod, { settings: ONLY_ZURG, workload: workload('Job') });
    expect(problems).toEqual([problem('Job', 'spec.containers[rclone-zurg]', 'rclone-zurg', OURS)]);
  });
});

describe('MS305 lets be', () => {
  it.each(['Deployment', 'StatefulSet', 'DaemonSet'])('plain sidecars in a %s', (kind) => {
    expect(problemsOfTemplate(byHand(), { settings: ONLY_ZURG, workload: workload(kind) })).toEqual([]);
  });

  it('native sidecars in a Job', () => {
    expect(problemsOfTemplate(labelledPod(), { workload: workload('Job') })).toEqual([]);
  });

  it.each([
    ['of a ReplicaSet', ownedBy('ReplicaSet')],
    ['that a Job owns and does not control', ownedBy('Job', false)],
    ['that nobody owns', {}],
  ])('plain sidecars in a pod %s', (_name, metadata) => {
    expect(problemsOfTemplate(byHand(metadata), { settings: ONLY_ZURG })).toEqual([]);
  });

  it('a Job that only mounts: MS401 says what is to be said', () => {
    const found = problemsOfTemplate(byHand({}, [PLAIN]), {
      settings: ONLY_ZURG,
      workload: workload('Job'),
    });
    expect(found.map(({ code }) => code)).toEqual(['MS401']);
  });
});
