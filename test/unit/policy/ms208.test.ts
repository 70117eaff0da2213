import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/pod/pod.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_MOUNT,
  MEDIA_VOLUME,
  podOf,
} from '../../support/labelled-pod.ts';
import { problemsOfTemplate } from './judged.ts';

const volumes = [MEDIA_VOLUME, { name: 'other', emptyDir: {} }];
const exporter = app({ name: 'exporter', volumeMounts: [{ name: 'other', mountPath: '/mnt/media' }] });
const problem = (path: string, found: string) => ({
  code: 'MS208',
  level: 'deny',
  path,
  message: `different volumes are mounted at /mnt/media: ${found}`,
  hint: 'Mount the same volume there in every app container, or name the one app in media-stack/containers: "NAME".',
});

const ms208 = (pod: Pod) => problemsOfTemplate(pod).filter(({ code }) => code === 'MS208');

describe('MS208', () => {
  it('refuses two apps that mount different volumes at the media path', () => {
    expect(ms208(labelledPod({ volumes, containers: [app(), exporter] }))).toEqual([
      problem('spec.containers[1].volumeMounts[0]', 'sonarr mounts "media", exporter mounts "other"'),
    ]);
  });

  it('refuses one app that mounts both, by two spellings of the path', () => {
    const container = app({ volumeMounts: [MEDIA_MOUNT, { name: 'other', mountPath: '/mnt/media/' }] });
    expect(ms208(labelledPod({ volumes, containers: [container] }))).toEqual([
      problem('spec.containers[0].volumeMounts[1]', 'sonarr mounts "media", sonarr mounts "other"'),
    ]);
  });

  it('lets the other volume be in a container that is not the app', () => {
    const pod = labelledPod(
      { volumes, containers: [app(), exporter] },
      { 'media-stack/containers': 'sonarr' },
    );
    expect(problemsOfTemplate(pod)).toEqual([]);
  });

  it('refuses a mount sidecar with another volume than the app', () => {
    const volumeMounts = [{ name: 'other', mountPath: '/mnt/media', mountPropagation: 'Bidirectional' }];
    const pod = labelledPod({
      volumes,
      initContainers: [handInitDirs(), handSidecar('zurg', { volumeMounts })],
    });
    expect(ms208(pod)).toEqual([
      {
        code: 'MS208',
        level: 'deny',
        path: 'spec.initContainers[1].volumeMounts[0].name',
        message:
          'mount sidecar rclone-zurg mounts volume "other" at /mnt/media, the apps "media": they never see its mount',
        hint: 'Mount the same volume there in the sidecar and in the apps, or remove the sidecar and let the webhook inject it.',
      },
    ]);
  });

  const above = [{ name: 'other', mountPath: '/mnt', mountPropagation: 'Bidirectional' }];
  it('refuses a mount sidecar that has its mount point in a volume that no app has', () => {
    const initContainers = [handInitDirs(), handSidecar('zurg', { volumeMounts: [MEDIA_MOUNT, ...above] })];
    const aside = [handInitDirs(), handSidecar('zurg', { volumeMounts: above })];
    expect(ms208(labelledPod({ volumes, initContainers }))).toEqual([]);
    expect(ms208(labelledPod({ volumes, initContainers: aside }))).toEqual([
      {
        code: 'MS208',
        level: 'deny',
        path: 'spec.initContainers[1].volumeMounts[0].name',
        message:
          'mount sidecar rclone-zurg mounts volume "other" at /mnt, the apps "media": they never see its mount',
        hint: 'Mount the same volume there in the sidecar and in the apps, or remove the sidecar and let the webhook inject it.',
      },
    ]);
  });

  it('lets it be where an app has that volume, wherever', () => {
    const containers = [app({ volumeMounts: [MEDIA_MOUNT, { name: 'other', mountPath: '/clouds' }] })];
    const initContainers = [handInitDirs(), handSidecar('zurg', { volumeMounts: above })];
    expect(ms208(labelledPod({ volumes, containers, initContainers }))).toEqual([]);
  });

  it('lets sidecars be whose volume no app mounts: there is no other at the media path', () => {
    const containers = [app({ volumeMounts: [] })];
    const initContainers = [handInitDirs(), handSidecar('zurg'), handSidecar('torbox')];
    const found = problemsOfTemplate(podOf({ volumes, containers, initContainers }), { use: 'lint' });
    expect(found).toEqual([]);
  });

  it('leaves a sidecar without a volume to MS202', () => {
    const initContainers = [handInitDirs(), handSidecar('zurg', { volumeMounts: [] })];
    expect(ms208(labelledPod({ volumes, initContainers }))).toEqual([]);
  });

  it('lets the sidecars be where the app has the same volume at another media path', () => {
    const containers = [
      app({ volumeMounts: [{ name: 'media', mountPath: '/data', mountPropagation: 'HostToContainer' }] }),
    ];
    const initContainers = [handInitDirs(), handSidecar('zurg'), handSidecar('torbox')];
    const pod = labelledPod({ volumes, containers, initContainers }, { 'media-stack/media-path': '/data' });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });

  it('lets a pod of rclone alone have a volume for each: there is no app that could miss one', () => {
    const sidecar = (remote: string, name: string) =>
      handSidecar(remote, {
        restartPolicy: undefined,
        volumeMounts: [{ name, mountPath: '/mnt/media', mountPropagation: 'Bidirectional' }],
      });
    const containers = [sidecar('zurg', 'media'), sidecar('torbox', 'other')];
    expect(ms208(labelledPod({ volumes, containers }))).toEqual([]);
  });

  it('lets two apps be that mount the same volume', () => {
    expect(problemsOfTemplate(labelledPod({ containers: [app(), app({ name: 'exporter' })] }))).toEqual([]);
  });

  it('lets another volume be elsewhere', () => {
    const container = app({ volumeMounts: [MEDIA_MOUNT, { name: 'other', mountPath: '/data' }] });
    expect(problemsOfTemplate(labelledPod({ volumes, containers: [container] }))).toEqual([]);
  });
});
