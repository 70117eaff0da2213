import { describe, expect, it } from 'vitest';
import { judgeTemplate } from '../../../src/policy/judge.ts';
import { app, handInitDirs, handSidecar, labelledPod, ONLY_ZURG, podOf } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const PLAIN = handSidecar('zurg', { restartPolicy: undefined });
const ALONE = { initContainers: [handInitDirs()], containers: [PLAIN] };
const problem = (names = 'rclone-zurg') => ({
  code: 'MS401',
  level: 'warn',
  path: 'spec.containers[0]',
  message: `the pod only mounts (${names}): no app on another node sees it`,
  hint: 'Remove this workload, and label the pod templates of the apps: media-stack/cloud-mounts: "true".',
});

describe('MS401', () => {
  it('warns of a pod with a mount and no app', () => {
    expect(problemsOfTemplate(labelledPod(ALONE))).toEqual([problem()]);
    expect(problemsOfPod(labelledPod(ALONE))).toEqual([problem()]);
  });

  it('warns once of two mounts', () => {
    const torbox = handSidecar('torbox', { restartPolicy: undefined });
    expect(problemsOfTemplate(labelledPod({ ...ALONE, containers: [PLAIN, torbox] }))).toEqual([
      problem('rclone-zurg, rclone-torbox'),
    ]);
  });

  it('says so without the label in lint, and only there', () => {
    expect(problemsOfTemplate(podOf(ALONE), { use: 'lint' })).toEqual([problem()]);
    expect(judgeTemplate({ pod: podOf(ALONE), settings: ONLY_ZURG })).toEqual({
      judged: false,
      reason: 'label_absent',
    });
  });

  it.each([
    ['an app beside it', { ...ALONE, containers: [app(), PLAIN] }],
    ['no mount', { containers: [] }],
  ])('lets a pod be with %s', (_name, spec) => {
    expect(problemsOfTemplate(labelledPod(spec), { settings: ONLY_ZURG })).toEqual([]);
  });
});
