import { describe, expect, it } from 'vitest';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_CLAIM,
  MEDIA_MOUNT,
  MEDIA_VOLUME,
  podOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';
import { problemsOfPod, problemsOfTemplate } from './judged.ts';

const volumes = [MEDIA_VOLUME, { name: 'x', emptyDir: {} }];
const mounting = (...volumeMounts: Fields[]) => labelledPod({ volumes, containers: [app({ volumeMounts })] });
const problem = (what: string, at: string, library = at, index = 0) => ({
  code: 'MS504',
  level: 'warn',
  path: `spec.containers[0].volumeMounts[${index}].mountPath`,
  message: `container sonarr mounts ${what} at ${at}, and nothing of its own at /mnt/media, below which the cloud mounts are`,
  hint: `Mount the media volume at /mnt/media and point the app there, or say where it is: media-stack/media-path: "${library}".`,
});

describe('MS504 warns of an app that mounts', () => {
  it.each<[string, Fields, string, string]>([
    ['a parent', { name: 'x', mountPath: '/mnt' }, 'a parent of /mnt/media', '/mnt'],
    ['a child', { name: 'x', mountPath: '/mnt/media/tv' }, 'a child of /mnt/media', '/mnt/media/tv'],
    [
      'a child by subPath',
      { name: 'x', mountPath: '/mnt/media/tv', subPath: 'tv' },
      'a child of /mnt/media',
      '/mnt/media/tv',
    ],
    ['the media claim elsewhere', { name: 'media', mountPath: '/data' }, 'the media volume', '/data'],
    [
      'it beside the media path',
      { name: 'media', mountPath: '/mnt/media2' },
      'the media volume',
      '/mnt/media2',
    ],
  ])('%s: template and injected pod alike', (_name, mount, what, at) => {
    const pod = mounting(mount);
    expect(problemsOfTemplate(pod)).toEqual([problem(what, at)]);
    expect(problemsOfPod(injected(pod))).toEqual([problem(what, at)]);
  });

  it('the media claim elsewhere, and offers its path clean', () => {
    expect(problemsOfTemplate(mounting({ name: 'media', mountPath: '/data/' }))).toEqual([
      problem('the media volume', '/data/', '/data'),
    ]);
  });

  it('the media claim under another name of the volume, behind another mount', () => {
    const container = app({
      volumeMounts: [
        { name: 'x', mountPath: '/config' },
        { name: 'library', mountPath: '/data' },
      ],
    });
    const own = [
      { name: 'library', ...MEDIA_CLAIM },
      { name: 'x', emptyDir: {} },
    ];
    expect(problemsOfTemplate(labelledPod({ volumes: own, containers: [container] }))).toEqual([
      problem('the media volume', '/data', '/data', 1),
    ]);
  });
});

describe('MS504', () => {
  it('takes the claim that the pod asks for for the library', () => {
    const other = { name: 'other', persistentVolumeClaim: { claimName: 'other' } };
    const container = app({ volumeMounts: [{ name: 'other', mountPath: '/data' }] });
    const pod = labelledPod(
      { volumes: [other], containers: [container] },
      { 'media-stack/media-claim': 'other' },
    );
    expect(problemsOfTemplate(pod)).toEqual([problem('the media volume', '/data')]);
  });

  it('asks of each app whether the media path is its own', () => {
    const containers = [
      app({ volumeMounts: [MEDIA_MOUNT, { name: 'media', mountPath: '/data' }] }),
      app({ name: 'exporter', volumeMounts: [] }),
    ];
    const pod = labelledPod({ containers }, { 'media-stack/containers': 'sonarr,exporter' });
    expect(problemsOfTemplate(pod)).toEqual([]);
  });

  it('warns of an app beside hand-written sidecars, which nobody injects', () => {
    const containers = [app({ volumeMounts: [{ name: 'media', mountPath: '/data' }] })];
    const initContainers = [handInitDirs(), handSidecar('zurg')];
    expect(problemsOfTemplate(podOf({ containers, initContainers }), { use: 'lint' })).toEqual([
      problem('the media volume', '/data'),
    ]);
  });

  it('does not know a volume that a StatefulSet brings', () => {
    const container = app({ volumeMounts: [{ name: 'config', mountPath: '/config' }] });
    const pod = labelledPod({ containers: [container] });
    expect(problemsOfTemplate(pod, { claimTemplates: ['config'] })).toEqual([]);
  });
});

describe('MS504 warns of a mount that hides a cloud mount from an app', () => {
  const hidden = (name: string, at: string, remotes: string) => ({
    code: 'MS504',
    level: 'warn',
    path: 'spec.containers[0].volumeMounts[1].mountPath',
    message: `container sonarr mounts ${name} at ${at}, over the mount of ${remotes}`,
    hint: 'Mount it beside the cloud mounts, or leave the remote out: media-stack/remotes.',
  });

  it.each([
    [{ name: 'x', mountPath: '/mnt/media/zurg' }, '"x"', 'zurg'],
    [{ name: 'media', mountPath: '/mnt/media/torbox/', subPath: 'torbox' }, '"media"', 'torbox'],
  ])('%j', (mount, name, remote) => {
    const pod = mounting(MEDIA_MOUNT, mount);
    expect(problemsOfTemplate(pod)).toEqual([hidden(name, mount.mountPath, remote)]);
    expect(problemsOfPod(injected(pod))).toEqual([hidden(name, mount.mountPath, remote)]);
  });

  it.each([
    ['a directory beside them', { name: 'x', mountPath: '/mnt/media/zurg2' }, {}],
    ['a directory in one of them', { name: 'x', mountPath: '/mnt/media/zurg/tv' }, {}],
    ['a parent, which the media volume is mounted over', { name: 'x', mountPath: '/mnt' }, {}],
    [
      'the mount point of a remote that the pod does without',
      { name: 'x', mountPath: '/mnt/media/zurg' },
      { 'media-stack/remotes': 'torbox' },
    ],
  ])('but not of %s', (_name, mount, annotations) => {
    const containers = [app({ volumeMounts: [MEDIA_MOUNT, mount] })];
    expect(problemsOfTemplate(labelledPod({ volumes, containers }, annotations))).toEqual([]);
  });

  it('nor of the private volume, which holds the mounts themselves', () => {
    const pod = labelledPod({}, { 'media-stack/mounts': 'private' });
    expect(problemsOfPod(injected(pod))).toEqual([]);
  });
});

describe('MS504 lets an app be', () => {
  it.each<[string, Fields[]]>([
    ['with another volume at the root', [{ name: 'x', mountPath: '/' }]],
    ['that has the media path too', [MEDIA_MOUNT, { name: 'media', mountPath: '/data' }]],
    ['that has the media path by another spelling', [{ name: 'media', mountPath: '/mnt/media/' }]],
    ['with another volume elsewhere', [{ name: 'x', mountPath: '/data' }]],
    [
      'with a part of the media volume elsewhere',
      [{ name: 'media', mountPath: '/config', subPath: 'config' }],
    ],
    ['with another volume beside it', [{ name: 'x', mountPath: '/mnt/media2' }]],
    ['without mounts', []],
  ])('%s', (_name, volumeMounts) => {
    expect(problemsOfTemplate(mounting(...volumeMounts))).toEqual([]);
  });
});
