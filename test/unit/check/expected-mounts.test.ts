import { describe, expect, it } from 'vitest';
import { expectMounts } from '../../../src/check/expected-mounts.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_CLAIM,
  MEDIA_MOUNT,
  ONLY_ZURG,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';

const settings = defaultSettings();

describe('the mounts a pod should have', () => {
  it('are those that the sidecars of an injected pod mount', () => {
    expect(expectMounts(injected(labelledPod(), { settings: ONLY_ZURG }), ONLY_ZURG)).toEqual({
      mediaPath: '/mnt/media',
      label: 'true',
      apps: ['sonarr'],
      appsWithoutMedia: [],
      mounts: [
        {
          remote: 'zurg',
          point: '/mnt/media/zurg',
          mountedAt: '/mnt/media/zurg',
          listed: '/mnt/media/zurg',
          sidecar: {
            container: 'rclone-zurg',
            source: 'zurg:',
            configFlags: ['--config=/config/rclone/rclone.conf'],
            isSmall: false,
            answersStatfs: true,
          },
        },
      ],
    });
  });

  it('with private mounts are mounted elsewhere, and read through the link', () => {
    const pod = injected(labelledPod({}, { 'media-stack/mounts': 'private' }));
    expect(
      expectMounts(pod, settings)?.mounts.map(({ point, mountedAt, listed }) => [point, mountedAt, listed]),
    ).toEqual([
      ['/mnt/media/zurg', '/mnt/media/.media-stack/zurg', '/mnt/media/zurg/__all__'],
      ['/mnt/media/torbox', '/mnt/media/.media-stack/torbox', '/mnt/media/torbox/torrents'],
    ]);
  });

  it('are those that the annotation selects, at its media path', () => {
    const annotations = { 'media-stack/remotes': 'torbox', 'media-stack/media-path': '/data' };
    const found = expectMounts(labelledPod({}, annotations), settings);
    expect(found?.mounts.map(({ remote, listed, sidecar }) => [remote, listed, sidecar])).toEqual([
      ['torbox', '/data/torbox/torrents', null],
    ]);
    expect(found?.appsWithoutMedia).toEqual(['sonarr']);
  });

  it('of a pod without the label are those of its hand-written sidecars', () => {
    const sidecar = handSidecar('zurg', { args: ['mount', 'zurg:', '/mnt/media/zurg', '--allow-other'] });
    const pod = podOf({ initContainers: [handInitDirs(), sidecar] });
    expect(expectMounts(pod, settings)?.mounts).toEqual([
      {
        remote: 'zurg',
        point: '/mnt/media/zurg',
        mountedAt: '/mnt/media/zurg',
        listed: '/mnt/media/zurg/__all__',
        sidecar: {
          container: 'rclone-zurg',
          source: 'zurg:',
          configFlags: [],
          isSmall: false,
          answersStatfs: false,
        },
      },
    ]);
  });

  it('include a mount of something that the settings do not name', () => {
    const films = {
      ...handSidecar('films', { args: ['mount', 's3:films', '/mnt/media/films'] }),
      name: 'films-mount',
    };
    const pod = podOf({ initContainers: [films] });
    expect(
      expectMounts(pod, settings)?.mounts.map(({ remote, point, listed }) => [remote, point, listed]),
    ).toEqual([['films-mount', '/mnt/media/films', '/mnt/media/films']]);
  });

  it('are all missing where the pod uses the media volume and has neither label nor sidecar', () => {
    const missing = expectMounts(podOf(), settings);
    expect(missing?.label).toBe('absent');
    expect(missing?.mounts.map(({ remote, sidecar }) => [remote, sidecar])).toEqual([
      ['zurg', null],
      ['torbox', null],
    ]);
  });

  it('are found by the claim, wherever it is mounted', () => {
    const pod = podOf({
      containers: [app({ volumeMounts: [{ name: 'library', mountPath: '/data' }] })],
      volumes: [{ name: 'library', ...MEDIA_CLAIM }],
    });
    expect(expectMounts(pod, settings)?.appsWithoutMedia).toEqual(['sonarr']);
  });

  it('are none for a pod that keeps only its configuration on the media volume', () => {
    const config = { ...MEDIA_MOUNT, mountPath: '/config', subPath: 'config/prowlarr' };
    expect(expectMounts(podOf({ containers: [app({ volumeMounts: [config] })] }), settings)).toBeNull();
  });

  it('are none for a pod that has opted out, or has nothing to do with media', () => {
    expect(expectMounts(podOf({}, { labels: { 'media-stack/cloud-mounts': 'false' } }), settings)).toBeNull();
    expect(
      expectMounts(podOf({ containers: [app({ volumeMounts: [] })], volumes: [] }), settings),
    ).toBeNull();
  });

  it('know a standalone rclone, which no app looks at', () => {
    const pod = podOf({ containers: [{ ...handSidecar('zurg'), restartPolicy: undefined }] });
    expect(expectMounts(pod, settings)?.apps).toEqual([]);
  });

  it('leave the server alone where a second rclone might not fit into the memory', () => {
    const small = handSidecar('zurg', { resources: { limits: { memory: '100Mi' } } });
    const pod = podOf({ initContainers: [small] });
    expect(expectMounts(pod, settings)?.mounts[0]?.sidecar?.isSmall).toBe(true);
  });

  it('follow a mount path of the settings', () => {
    const other = settingsOf('remotes: [{ name: zurg, secret: s, path: debrid, probePath: movies }]');
    expect(expectMounts(labelledPod(), other)?.mounts.map(({ listed }) => listed)).toEqual([
      '/mnt/media/debrid/movies',
    ]);
  });
});
