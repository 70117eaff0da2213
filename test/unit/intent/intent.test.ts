import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { settingsOf } from '../../support/labelled-pod.ts';

const resolve = (annotations: Readonly<Record<string, string>> = {}, yaml = '') =>
  resolveIntent({ metadata: { annotations } }, settingsOf(yaml));

describe('the intent', () => {
  it('is that of the settings where the pod says nothing', () => {
    const zurg = {
      name: 'zurg',
      containerName: 'rclone-zurg',
      secret: 'rclone-zurg-config',
      source: 'zurg:',
      path: '/mnt/media/zurg',
      privatePath: '/mnt/media/.media-stack/zurg',
      probePath: '__all__',
      image: 'docker.io/rclone/rclone:1.75.1',
      readOnly: true,
      vfsCacheMode: 'writes',
      cacheSize: '10Gi',
      flags: [],
      metricsAddr: null,
    };
    const torbox = {
      ...zurg,
      name: 'torbox',
      containerName: 'rclone-torbox',
      secret: 'rclone-config',
      source: 'torbox:',
      path: '/mnt/media/torbox',
      privatePath: '/mnt/media/.media-stack/torbox',
      probePath: 'torrents',
    };
    expect(resolve()).toEqual({
      problems: [],
      intent: {
        mediaPath: '/mnt/media',
        privateRoot: '/mnt/media/.media-stack',
        mediaSource: { persistentVolumeClaim: { claimName: 'media-library-pvc' } },
        claimAsked: null,
        mountsAsked: null,
        mountsSetting: 'volume',
        remotes: [zurg, torbox],
        knownRemotes: [zurg, torbox],
        containersAsked: null,
        mode: 'native',
        position: 'first',
        waitForContent: false,
        dirCacheTime: '60s',
        attrTimeout: '60s',
        pollInterval: '30s',
        resources: defaultSettings().sidecar.resources,
        ignore: [],
      },
    });
  });

  it('of a pod goes before that of one remote, and that before that of all', () => {
    const yaml = `
rclone: { readOnly: true, vfsCacheMode: off, cacheSize: 1Gi, flags: [--a=1] }
images: { rclone: all }
remotes:
  - { name: a, secret: s, readOnly: false, vfsCacheMode: full, cacheSize: 2Gi, image: one, flags: [--b=1] }
  - { name: b, secret: s }
`;
    const pick = (annotations: Record<string, string>) =>
      resolve(annotations, yaml).intent.remotes.map(({ readOnly, vfsCacheMode, cacheSize, image, flags }) => [
        readOnly,
        vfsCacheMode,
        cacheSize,
        image,
        flags,
      ]);
    expect(pick({})).toEqual([
      [false, 'full', '2Gi', 'one', ['--a=1', '--b=1']],
      [true, 'off', '1Gi', 'all', ['--a=1']],
    ]);
    expect(
      pick({
        'media-stack/read-only': 'true',
        'media-stack/vfs-cache-mode': 'minimal',
        'media-stack/cache-size': '3Gi',
      }),
    ).toEqual([
      [true, 'minimal', '3Gi', 'one', ['--a=1', '--b=1']],
      [true, 'minimal', '3Gi', 'all', ['--a=1']],
    ]);
  });

  it('takes remotes in the order of the settings, and knows the others too', () => {
    const { intent } = resolve({ 'media-stack/remotes': 'torbox,zurg' });
    expect(intent.remotes.map(({ name }) => name)).toEqual(['zurg', 'torbox']);
    const one = resolve({ 'media-stack/remotes': 'torbox' }).intent;
    expect([one.remotes, one.knownRemotes].map((list) => list.map(({ name }) => name))).toEqual([
      ['torbox'],
      ['zurg', 'torbox'],
    ]);
  });

  it('moves the mount points with the media path', () => {
    const yaml = 'remotes: [{ name: a, secret: s, path: /mnt/media/cloud }, { name: b, secret: s }]';
    const { intent } = resolve({ 'media-stack/media-path': '/data/' }, yaml);
    expect([
      intent.mediaPath,
      intent.privateRoot,
      ...intent.remotes.flatMap(({ path, privatePath }) => [path, privatePath]),
    ]).toEqual([
      '/data',
      '/data/.media-stack',
      '/data/cloud',
      '/data/.media-stack/cloud',
      '/data/b',
      '/data/.media-stack/b',
    ]);
  });

  it.each([
    [{ 'media-stack/mounts': 'private' }, { mountsAsked: 'private' }],
    [{ 'media-stack/sidecar-mode': 'container' }, { mode: 'container' }],
    [{ 'media-stack/sidecar-position': 'last' }, { position: 'last' }],
    [{ 'media-stack/wait-for-content': 'true' }, { waitForContent: true }],
    [{ 'media-stack/dir-cache-time': '1s' }, { dirCacheTime: '1s' }],
    [{ 'media-stack/attr-timeout': '1s' }, { attrTimeout: '1s' }],
    [{ 'media-stack/poll-interval': '1s' }, { pollInterval: '1s' }],
    [{ 'media-stack/containers': 'a,b' }, { containersAsked: ['a', 'b'] }],
    [{ 'media-stack/ignore': 'MS404' }, { ignore: ['MS404'] }],
    [
      { 'media-stack/media-claim': 'films' },
      { mediaSource: { persistentVolumeClaim: { claimName: 'films' } }, claimAsked: 'films' },
    ],
  ])('of %j is %j', (annotations, expected) => {
    expect(resolve(annotations).intent).toEqual({ ...resolve().intent, ...expected });
  });

  it('names a remote that is not in the settings', () => {
    expect(resolve({ 'media-stack/remotes': 'zurg,torbx,b2' }).problems).toEqual([
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/remotes]',
        message: 'there is no remote "torbx" in the settings',
        hint: 'Did you mean "torbox"? Known remotes: zurg, torbox.',
      },
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/remotes]',
        message: 'there is no remote "b2" in the settings',
        hint: 'Known remotes: zurg, torbox.',
      },
    ]);
  });
});

describe('resources', () => {
  const of = (annotations: Record<string, string>) => {
    const { requests, limits } = resolve(annotations).intent.resources;
    return `cpu ${requests.cpu}..${limits.cpu}, memory ${requests.memory}..${limits.memory}`;
  };

  it.each([
    [{}, 'cpu 100m..500m, memory 256Mi..1Gi'],
    [{ 'media-stack/cpu-limit': '1' }, 'cpu 100m..1, memory 256Mi..1Gi'],
    [{ 'media-stack/cpu-limit': '50m' }, 'cpu 50m..50m, memory 256Mi..1Gi'],
    [{ 'media-stack/cpu-request': '200m' }, 'cpu 200m..500m, memory 256Mi..1Gi'],
    [{ 'media-stack/cpu-request': '2' }, 'cpu 2..2, memory 256Mi..1Gi'],
    [{ 'media-stack/memory-limit': '128Mi' }, 'cpu 100m..500m, memory 128Mi..128Mi'],
    [{ 'media-stack/memory-request': '2Gi' }, 'cpu 100m..500m, memory 2Gi..2Gi'],
    [
      { 'media-stack/memory-request': '512Mi', 'media-stack/memory-limit': '512Mi' },
      'cpu 100m..500m, memory 512Mi..512Mi',
    ],
  ])('%j give %s', (annotations, expected) => {
    expect(resolve(annotations).problems).toEqual([]);
    expect(of(annotations)).toBe(expected);
  });

  it('whose request is above the limit are refused', () => {
    expect(
      resolve({
        'media-stack/cpu-request': '2',
        'media-stack/cpu-limit': '1000m',
        'media-stack/memory-request': '1Gi',
        'media-stack/memory-limit': '512Mi',
      }).problems,
    ).toEqual([
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/cpu-request]',
        message: 'cpu-request "2" is above cpu-limit "1000m"',
        hint: 'Lower the request or raise the limit.',
      },
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/memory-request]',
        message: 'memory-request "1Gi" is above memory-limit "512Mi"',
        hint: 'Lower the request or raise the limit.',
      },
    ]);
  });
});
