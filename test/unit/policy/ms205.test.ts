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

const part = (place: string, field: string, value: string, name = 'sonarr') => ({
  code: 'MS205',
  level: 'deny',
  path: `spec.${place}.${field}`,
  message: `container ${name} mounts /mnt/media through subPath "${value}": it never sees the mounts of the sidecars`,
  hint: 'Mount the whole volume at /mnt/media (subPath mounts of the same volume elsewhere, such as /config, are fine).',
});
const mounting = (...volumeMounts: Fields[]) => labelledPod({ containers: [app({ volumeMounts })] });

describe('MS205', () => {
  it.each([
    ['subPath', { ...MEDIA_MOUNT, subPath: 'library' }, 'library'],
    ['subPathExpr', { ...MEDIA_MOUNT, subPathExpr: '$(USER)' }, '$(USER)'],
    ['subPath', { name: 'media', mountPath: '/mnt/media/', subPath: 'library' }, 'library'],
  ])('refuses %s at the media path', (field, mount, value) => {
    expect(problemsOfTemplate(mounting(mount))).toEqual([
      part('containers[0].volumeMounts[0]', field, value),
    ]);
  });

  it('refuses it in a mount sidecar', () => {
    const volumeMounts = [{ ...MEDIA_MOUNT, subPath: 'library', mountPropagation: 'Bidirectional' }];
    const pod = labelledPod({ initContainers: [handInitDirs(), handSidecar('zurg', { volumeMounts })] });
    expect(problemsOfTemplate(pod, { settings: ONLY_ZURG })).toEqual([
      part('initContainers[1].volumeMounts[0]', 'subPath', 'library', 'rclone-zurg'),
    ]);
  });

  it.each([
    ['subPath elsewhere', [MEDIA_MOUNT, { name: 'media', mountPath: '/config', subPath: 'config/sonarr' }]],
    ['subPath below', [MEDIA_MOUNT, { name: 'media', mountPath: '/mnt/media/tv', subPath: 'tv' }]],
    ['empty subPath', [{ ...MEDIA_MOUNT, subPath: '', subPathExpr: '' }]],
  ])('lets %s be', (_name, volumeMounts) => {
    expect(problemsOfTemplate(mounting(...volumeMounts))).toEqual([]);
  });
});
