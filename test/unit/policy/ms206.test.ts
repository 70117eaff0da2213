import { describe, expect, it } from 'vitest';
import {
  app,
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const recursive = (place: string, value: string, name: string) => ({
  code: 'MS206',
  level: 'deny',
  path: `spec.${place}.recursiveReadOnly`,
  message: `container ${name} mounts /mnt/media with recursiveReadOnly "${value}", which excludes mount propagation`,
  hint: 'Take recursiveReadOnly away; readOnly: true may stay, and the cloud mounts are read-only by default.',
});
const mounting = (...volumeMounts: Fields[]) => labelledPod({ containers: [app({ volumeMounts })] });

describe('MS206', () => {
  it.each(['Enabled', 'IfPossible'])(
    'refuses recursiveReadOnly %s at the media path',
    (recursiveReadOnly) => {
      expect(problemsOfTemplate(mounting({ ...MEDIA_MOUNT, readOnly: true, recursiveReadOnly }))).toEqual([
        recursive('containers[0].volumeMounts[0]', recursiveReadOnly, 'sonarr'),
      ]);
    },
  );

  it('refuses it in a mount sidecar', () => {
    const volumeMounts = [
      { ...MEDIA_MOUNT, readOnly: true, recursiveReadOnly: 'Enabled', mountPropagation: 'Bidirectional' },
    ];
    const pod = labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', { volumeMounts })] });
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([
      recursive('initContainers[1].volumeMounts[0]', 'Enabled', 'rclone-zurg'),
    ]);
  });

  it('says nothing of another volume, which is another rule’s', () => {
    const volumeMounts = [
      { name: 'x', mountPath: '/mnt/media', recursiveReadOnly: 'Enabled', mountPropagation: 'Bidirectional' },
    ];
    const pod = labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', { volumeMounts })] });
    const codes = problemsOfTemplate(pod, { settings: ONLY_ZURG }).map(({ code }) => code);
    expect(codes).toEqual(['MS208']);
  });

  it.each([
    ['readOnly alone', [{ ...MEDIA_MOUNT, readOnly: true }]],
    ['recursiveReadOnly Disabled', [{ ...MEDIA_MOUNT, readOnly: true, recursiveReadOnly: 'Disabled' }]],
    [
      'recursiveReadOnly elsewhere',
      [MEDIA_MOUNT, { name: 'media', mountPath: '/ro', readOnly: true, recursiveReadOnly: 'Enabled' }],
    ],
  ])('lets %s be', (_name, volumeMounts) => {
    expect(problemsOfTemplate(mounting(...volumeMounts))).toEqual([]);
  });
});
