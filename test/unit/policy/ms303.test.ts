import { describe, expect, it } from 'vitest';
import {
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const problems = (...initContainers: Fields[]) =>
  problemsOfTemplate(labelledPod({ initContainers }), { settings: ONLY_ZURG });
const unmade = (index: number, list = 'initContainers') => ({
  code: 'MS303',
  level: 'deny',
  path: `spec.${list}[${index}]`,
  message: 'nothing creates the mount point /mnt/media/zurg before sidecar rclone-zurg starts',
  hint: 'Put an init container in front that mounts the volume and runs mkdir -p /mnt/media/zurg, or remove the sidecar and let the webhook inject it.',
});

describe('MS303 refuses a hand-written sidecar', () => {
  it('with nothing in front', () => {
    expect(problems(handSidecar('zurg'))).toEqual([unmade(0)]);
  });

  it.each([
    ['that does not have the volume', { volumeMounts: [] }],
    ['that has it read-only', { volumeMounts: [{ ...MEDIA_MOUNT, readOnly: true }] }],
    ['that has another place of it', { volumeMounts: [{ name: 'media', mountPath: '/mnt/media/torbox' }] }],
  ])('behind an init container %s', (_name, fields) => {
    expect(problems(handInitDirs(fields), handSidecar('zurg'))).toEqual([unmade(1)]);
  });

  it('in front of the init container that makes the mount point', () => {
    const seed = handInitDirs({ name: 'seed', volumeMounts: [{ name: 'media', mountPath: '/mnt' }] });
    expect(problems(handSidecar('zurg'), seed)).toEqual([unmade(0)]);
  });

  it('that is a plain container of a pod without init containers', () => {
    const pod = labelledPod(
      {
        containers: [
          handSidecar('zurg', { restartPolicy: undefined }),
          { name: 'sonarr', volumeMounts: [MEDIA_MOUNT] },
        ],
      },
      { 'media-stack/sidecar-mode': 'container' },
    );
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([unmade(0, 'containers')]);
  });

  it('behind the injected init-dirs, which makes only the mount points of injected sidecars', () => {
    expect(problemsOfTemplate(labelledPod({ initContainers: [handSidecar('zurg')] }))).toEqual([unmade(0)]);
  });
});

describe('MS303 lets a hand-written sidecar be', () => {
  it('behind an init container that makes the mount point', () => {
    expect(problems(handInitDirs(), handSidecar('zurg'))).toEqual([]);
  });

  it('behind an init container of any name that follows the hint of this rule', () => {
    expect(problems(handInitDirs({ name: 'make-mount-points' }), handSidecar('zurg'))).toEqual([]);
  });

  it.each([
    [
      'mkdir -p',
      {
        command: [
          'sh',
          '-c',
          'mkdir -p /mnt/media/zurg && exec rclone mount zurg: /mnt/media/zurg --read-only',
        ],
      },
    ],
    [
      'install -d',
      {
        command: ['sh', '-c'],
        args: ['install -d /mnt/media/zurg; rclone mount zurg: /mnt/media/zurg --read-only'],
      },
    ],
  ])('whose own script runs %s', (_name, fields) => {
    expect(problems(handSidecar('zurg', { args: undefined, ...fields }))).toEqual([]);
  });

  it('that is a plain container behind an init container', () => {
    const pod = labelledPod(
      {
        initContainers: [handInitDirs()],
        containers: [
          handSidecar('zurg', { restartPolicy: undefined }),
          { name: 'sonarr', volumeMounts: [MEDIA_MOUNT] },
        ],
      },
      { 'media-stack/sidecar-mode': 'container' },
    );
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([]);
  });

  it('behind an init container that has the folder above', () => {
    const above = handInitDirs({ name: 'make', volumeMounts: [{ name: 'media', mountPath: '/mnt' }] });
    expect(problems(above, handSidecar('zurg'))).toEqual([]);
  });

  it('when it is not hand-written: ours makes its mount point itself', () => {
    const pod = injected(labelledPod());
    const initContainers = pod.spec.initContainers?.filter(({ name }) => name !== 'init-dirs');
    expect(problemsOfPod({ ...pod, spec: { ...pod.spec, initContainers } })).toEqual([]);
  });
});
