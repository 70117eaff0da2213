import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, injected, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, spec: Fields = {}) =>
  problemsOfTemplate(
    labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', fields)], ...spec }),
    { settings: ONLY_ZURG },
  );

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('MS404', () => {
  it.each([
    'rclone/rclone',
    'rclone/rclone:latest',
    'docker.io/rclone/rclone:latest',
    'registry.local:5000/rclone',
    'registry.local:5000/rclone:latest',
  ])('warns of the image %s', (image) => {
    expect(problems({ image })).toEqual([
      {
        code: 'MS404',
        level: 'warn',
        path: 'spec.initContainers[1].image',
        message: `mount sidecar rclone-zurg has the image "${image}", which can change any day`,
        hint: 'Name a version, e.g. docker.io/rclone/rclone:1.75.1, or a digest.',
      },
    ]);
  });

  it.each([
    'rclone/rclone:1.75.1',
    'rclone/rclone:1',
    'registry.local:5000/rclone:1.75',
    `rclone/rclone@${DIGEST}`,
    `rclone/rclone:latest@${DIGEST}`,
  ])('lets %s be', (image) => {
    expect(problems({ image })).toEqual([]);
  });

  it('lets a sidecar be whose image comes later, and what is injected', () => {
    expect(problems({ image: undefined, command: ['rclone'] })).toEqual([]);
    expect(problemsOfPod(injected(labelledPod()))).toEqual([]);
  });
});
