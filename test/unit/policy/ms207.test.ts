import { describe, expect, it } from 'vitest';
import { handInitDirs, handSidecar, labelledPod, ONLY_ZURG } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const problems = (mountPath: string, target = '/mnt/media/zurg') =>
  problemsOfTemplate(
    labelledPod({
      initContainers: [
        handInitDirs(),
        handSidecar('zurg', {
          args: ['mount', 'zurg:', target, '--read-only'],
          volumeMounts: [{ name: 'media', mountPath, mountPropagation: 'Bidirectional' }],
        }),
      ],
    }),
    { settings: ONLY_ZURG },
  );
const problem = (target: string) => ({
  code: 'MS207',
  level: 'deny',
  path: 'spec.initContainers[1]',
  message: `mount sidecar rclone-zurg runs rclone on ${target}, where the volume "media" itself is mounted`,
  hint: 'Mount the volume one level higher, so that rclone has a directory in it, or remove the sidecar and let the webhook inject it.',
});

describe('MS207', () => {
  it.each(['/mnt/media/zurg', '/mnt/media/zurg/', '/mnt//media/./zurg'])(
    'refuses rclone on the volume itself, mounted at %s',
    (mountPath) => {
      expect(problems(mountPath)).toEqual([problem('/mnt/media/zurg')]);
    },
  );

  it('refuses it at the media path', () => {
    expect(problems('/mnt/media', '/mnt/media')).toEqual([problem('/mnt/media')]);
  });

  it.each(['/mnt/media', '/mnt'])('lets a volume be that is mounted above: %s', (mountPath) => {
    expect(problems(mountPath)).toEqual([]);
  });
});
