import { describe, expect, it } from 'vitest';
import {
  app,
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
  podOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const problems = (fields: Fields, name = 'zurg') =>
  problemsOfTemplate(labelledPod({ initContainers: [handInitDirs(), handSidecar(name, fields)] }), {
    settings: ONLY_ZURG,
  });
const inside = (mount: number, found: string, at = '/mnt/media') => ({
  code: 'MS202',
  level: 'deny',
  path: `spec.initContainers[1].volumeMounts[${mount}].mountPropagation`,
  message: `mount sidecar rclone-zurg has mountPropagation ${found} at ${at}: its mount stays inside the sidecar`,
  hint: 'Write mountPropagation: Bidirectional there (the container must be privileged), or remove the sidecar and let the webhook inject it.',
});

describe('MS202 refuses a mount sidecar', () => {
  it.each([undefined, null, 'None', 'HostToContainer'])('with mountPropagation %j', (mountPropagation) => {
    expect(problems({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation }] })).toEqual([
      inside(0, mountPropagation ? JSON.stringify(mountPropagation) : 'not set'),
    ]);
  });

  it('whose volume nearest to the mount point does not propagate', () => {
    const volumeMounts = [
      { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' },
      { name: 'zurg', mountPath: '/mnt/media/clouds' },
    ];
    const args = ['mount', 'zurg:', '/mnt/media/clouds/zurg', '--read-only'];
    const pod = labelledPod({
      volumes: [
        { name: 'media', emptyDir: {} },
        { name: 'zurg', emptyDir: {} },
      ],
      containers: [app({ volumeMounts: [MEDIA_MOUNT, { name: 'zurg', mountPath: '/clouds' }] })],
      initContainers: [handInitDirs(), handSidecar('zurg', { args, volumeMounts })],
    });
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([
      inside(1, 'not set', '/mnt/media/clouds'),
    ]);
  });

  it.each([
    ['nothing at all', []],
    ['another path', [{ name: 'media', mountPath: '/mnt/med', mountPropagation: 'Bidirectional' }]],
  ])('that mounts %s', (_name, volumeMounts) => {
    const [first, ...others] = problems({ volumeMounts });
    expect([first, ...others]).toEqual([
      {
        code: 'MS202',
        level: 'deny',
        path: 'spec.initContainers[1].volumeMounts',
        message:
          'mount sidecar rclone-zurg mounts /mnt/media/zurg, which lies on no volume: nobody else sees it',
        hint: 'Mount the media volume at /mnt/media with mountPropagation: Bidirectional.',
      },
    ]);
  });
});

describe('MS202 warns', () => {
  it('of a mount that nobody in the pod could see, for the container may want it for itself', () => {
    const alone = { name: 'jellyfin', image: 'jellyfin:10', command: ['sh', '-c', SELF] };
    const pod = podOf({ containers: [{ ...handSidecar('zurg'), ...alone, args: [], volumeMounts: [] }] });
    const found = problemsOfTemplate(pod, { settings: ONLY_ZURG, use: 'lint' });
    expect(found.map(({ code, level }) => `${code} ${level}`)).toEqual(['MS401 warn', 'MS202 warn']);
  });
});

const SELF = 'mkdir -p /mnt/media/zurg; rclone mount zurg: /mnt/media/zurg --read-only & exec jellyfin';

describe('MS202 lets a mount sidecar be', () => {
  it.each([
    [
      'whose other volumes have long paths higher up',
      {
        volumeMounts: [
          { name: 'root', mountPath: '/mnt/////////////' },
          { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' },
        ],
      },
    ],
    ['with Bidirectional', {}],
    [
      'whose nearest volume propagates',
      {
        args: ['mount', 'zurg:', '/mnt/media/clouds/zurg', '--read-only'],
        volumeMounts: [
          MEDIA_MOUNT,
          { name: 'media', mountPath: '/mnt/media/clouds/', mountPropagation: 'Bidirectional' },
        ],
      },
    ],
    [
      'that has the volume at another place too',
      {
        volumeMounts: [
          { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' },
          { name: 'media', mountPath: '/cache', subPath: 'cache' },
        ],
      },
    ],
  ])('%s', (_name, fields) => {
    expect(problems(fields)).toEqual([]);
  });
});
