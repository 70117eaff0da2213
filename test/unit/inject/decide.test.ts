import { describe, expect, it } from 'vitest';
import { SKIP_REASONS } from '../../../src/inject/skip-reason.ts';
import { MOUNTS_LABEL } from '../../../src/intent/labels.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { VERSION } from '../../../src/version.ts';
import {
  app,
  decideOn,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_MOUNT,
  ONLY_ZURG,
  podOf,
  settingsOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

const operations = (pod: Pod, settings = ONLY_ZURG) =>
  decideOn(pod, { settings }).patch.map(({ op, path }) => `${op} ${path}`);
const STATUS_PATH = '/metadata/annotations/media-stack~1status';

describe('a pod is left alone', () => {
  const WARNED = ['mirror_pod', 'windows_pod', 'no_app_container', 'no_remotes_selected'];
  it.each<[keyof typeof SKIP_REASONS, Pod]>([
    ['label_absent', podOf()],
    ['label_absent', podOf({}, { labels: { other: 'true' } })],
    ['label_false', podOf({}, { labels: { [MOUNTS_LABEL]: 'false' } })],
    ['mirror_pod', labelledPod({}, { 'kubernetes.io/config.mirror': 'abc' })],
    ['windows_pod', labelledPod({ os: { name: 'windows' } })],
    ['windows_pod', labelledPod({ nodeSelector: { 'kubernetes.io/os': 'windows' } })],
    ['no_app_container', labelledPod({ containers: [handSidecar('zurg')] })],
    ['no_app_container', labelledPod({ containers: [] })],
    ['no_app_container', labelledPod({ containers: [{ name: 'istio-proxy' }] })],
    ['no_remotes_selected', labelledPod({}, { 'media-stack/remotes': '' })],
    ['already_complete', injected(labelledPod())],
  ])('%s', (reason, pod) => {
    const { patch, added, report } = decideOn(pod);
    const { text, hint } = SKIP_REASONS[reason];
    expect([patch, added]).toEqual([[], {}]);
    expect(report).toMatchObject({
      outcome: 'skipped',
      reason,
      warnings: WARNED.includes(reason) ? [`media-stack: no mounts: ${text}; ${hint}`] : [],
    });
  });

  it('only when its label says so, not when the label is assumed', () => {
    expect(decideOn(podOf(), { assumeLabel: true }).report.outcome).toBe('injected');
    const off = podOf({}, { labels: { [MOUNTS_LABEL]: 'false' } });
    expect(decideOn(off, { assumeLabel: true }).report).toMatchObject({ reason: 'label_false' });
  });

  it.each([{ os: { name: 'linux' } }, { nodeSelector: { 'kubernetes.io/os': 'linux' } }])(
    'not on Linux: %j',
    (spec) => {
      expect(decideOn(labelledPod(spec)).report.outcome).toBe('injected');
    },
  );

  it('also when all is hand-written as it should be', () => {
    const seeing = app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });
    const dirs = handInitDirs({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });
    const pod = labelledPod({
      containers: [seeing],
      initContainers: [dirs, handSidecar('zurg'), handSidecar('torbox')],
    });
    expect(decideOn(pod).report).toMatchObject({ reason: 'already_complete' });
  });
});

describe('a pod is refused', () => {
  it.each<[string, Pod]>([
    ['MS502', podOf({}, { labels: { [MOUNTS_LABEL]: 'True' } })],
    ['MS503', labelledPod({}, { 'media-stack/mount': 'x' })],
    ['MS503', labelledPod({}, { 'media-stack/remotes': 'b2' })],
    ['MS503', labelledPod({}, { 'media-stack/containers': 'b' })],
    [
      'MS208',
      labelledPod({
        containers: [app(), app({ name: 'b', volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] })],
      }),
    ],
  ])('for %s', (code, pod) => {
    const { patch, added, report } = decideOn(pod);
    expect([patch, added]).toEqual([[], {}]);
    expect(report).toMatchObject({ outcome: 'refused', problems: [{ code, level: 'deny' }], warnings: [] });
  });

  it('for all that is wrong with its annotations, in order', () => {
    const { report } = decideOn(labelledPod({}, { 'media-stack/zzz': '', 'media-stack/mounts': 'x' }));
    expect(report.outcome === 'refused' && report.problems.map(({ path }) => path)).toEqual([
      'metadata.annotations[media-stack/mounts]',
      'metadata.annotations[media-stack/zzz]',
    ]);
  });
});

describe('the patch', () => {
  const HEAD = ['add /spec/containers/0/volumeMounts/0/mountPropagation', 'add /spec/volumes/-'];

  it('adds each thing at its place, and an absent list once', () => {
    expect(operations(labelledPod())).toEqual([
      ...HEAD,
      'add /spec/initContainers',
      'add /metadata/annotations',
    ]);
  });

  it('goes beside what is there', () => {
    const pod = labelledPod(
      { initContainers: [{ name: 'seed' }], containers: [{ name: 'helper' }, app()] },
      { a: 'b' },
    );
    expect(operations(pod)).toEqual([
      'add /spec/containers/1/volumeMounts/0/mountPropagation',
      'add /spec/volumes/-',
      'add /spec/initContainers/0',
      'add /spec/initContainers/1',
      `add ${STATUS_PATH}`,
    ]);
  });

  it('makes metadata, volumes and mounts where there are none', () => {
    const pod = { spec: { containers: [{ name: 'sonarr' }] } };
    const { patch } = decideOn(pod, { settings: ONLY_ZURG, assumeLabel: true });
    expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /spec/containers/0/volumeMounts',
      'add /spec/volumes',
      'add /spec/initContainers',
      'add /metadata',
    ]);
  });

  it.each<[string, Fields | null | undefined, string]>([
    ['absent', undefined, '/spec/affinity'],
    ['null', null, '/spec/affinity'],
    ['of pods', { podAffinity: {} }, '/spec/affinity/nodeAffinity'],
    [
      'required',
      { nodeAffinity: {} },
      '/spec/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution',
    ],
    [
      'preferred',
      { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
      '/spec/affinity/nodeAffinity/preferredDuringSchedulingIgnoredDuringExecution/-',
    ],
  ])('puts the preference for nodes beside an affinity that is %s', (_name, affinity, path) => {
    const settings = { ...ONLY_ZURG, preferredNodes: ['node2'] };
    expect(operations(labelledPod({ affinity }), settings)).toContain(`add ${path}`);
  });

  it('puts native sidecars behind init-dirs and before the user’s init containers, in the order of the settings', () => {
    const names = (annotations?: Record<string, string>) =>
      injected(
        labelledPod({ initContainers: [{ name: 'a' }, { name: 'b' }] }, annotations),
      ).spec.initContainers?.map(({ name }) => name);
    expect(names()).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox', 'a', 'b']);
    expect(names({ 'media-stack/sidecar-position': 'last' })).toEqual([
      'init-dirs',
      'a',
      'b',
      'rclone-zurg',
      'rclone-torbox',
    ]);
  });

  it('puts plain sidecars before the app, and names the app for kubectl', () => {
    const pod = injected(labelledPod({}, { 'media-stack/sidecar-mode': 'container' }));
    expect(pod.spec.containers.map(({ name }) => name)).toEqual(['rclone-zurg', 'rclone-torbox', 'sonarr']);
    expect(pod.spec.initContainers?.map(({ name }) => name)).toEqual(['init-dirs']);
    expect(pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container']).toBe('sonarr');
  });

  it('puts back one removed sidecar behind the one that is left', () => {
    const pod = injected(labelledPod({ initContainers: [{ name: 'a' }] }));
    const initContainers = pod.spec.initContainers?.filter(({ name }) => name !== 'rclone-torbox');
    const again = injected({ ...pod, spec: { ...pod.spec, initContainers } });
    expect(again.spec.initContainers?.map(({ name }) => name)).toEqual([
      'init-dirs',
      'rclone-zurg',
      'rclone-torbox',
      'a',
    ]);
    expect(again.metadata?.annotations).toEqual(pod.metadata?.annotations);
  });

  it('has add operations only, and none twice', () => {
    const pod = labelledPod(
      { initContainers: [{ name: 'seed', volumeMounts: [MEDIA_MOUNT] }], affinity: {} },
      { a: 'b' },
    );
    const list = operations(pod, settingsOf('preferredNodes: [n]\nrclone: { vfsCacheMode: full }'));
    expect(list.every((operation) => operation.startsWith('add '))).toBe(true);
    expect(new Set(list.filter((operation) => !operation.endsWith('/-'))).size).toBe(
      list.filter((operation) => !operation.endsWith('/-')).length,
    );
  });

  it('leaves the pod that is asked about as it is', () => {
    const pod = labelledPod({ initContainers: [{ name: 'seed' }] });
    const before = structuredClone(pod);
    decideOn(pod);
    expect(pod).toEqual(before);
  });
});

describe('the status', () => {
  const statusOf = (pod: Pod) =>
    JSON.parse(
      injected(pod, { settings: ONLY_ZURG }).metadata?.annotations?.['media-stack/status'] ?? '',
    ) as unknown;

  it('names exactly what was added where', () => {
    const pod = { spec: { containers: [{ name: 'sonarr' }], volumes: null } } as unknown as Pod;
    const { added } = decideOn(pod, { settings: { ...ONLY_ZURG, preferredNodes: ['n'] }, assumeLabel: true });
    expect(added).toEqual({
      initContainers: ['init-dirs', 'rclone-zurg'],
      volumes: ['media-library', 'rclone-zurg-config'],
      volumeMounts: { sonarr: ['/mnt/media'] },
      preferredNodes: [['n']],
      created: ['volumeMounts sonarr', 'spec.volumes', 'spec.affinity', 'spec.initContainers', 'metadata'],
      wereNull: ['spec.volumes'],
    });
  });

  it('holds version and remotes too', () => {
    expect(statusOf(labelledPod())).toEqual({
      version: VERSION,
      remotes: ['zurg'],
      added: {
        initContainers: ['init-dirs', 'rclone-zurg'],
        volumes: ['rclone-zurg-config'],
        mountPropagation: { sonarr: ['/mnt/media'] },
        created: ['spec.initContainers', 'metadata.annotations'],
      },
    });
  });
});

describe('the report', () => {
  it('gives every decision with its reason', () => {
    const pod = labelledPod({ containers: [{ name: 'istio-proxy' }, app()] });
    expect(decideOn(pod, { settings: { ...ONLY_ZURG, preferredNodes: ['n'] } }).report).toEqual({
      outcome: 'injected',
      remotes: ['zurg'],
      warnings: [],
      steps: [
        { what: 'the pod is to have cloud mounts', why: 'label media-stack/cloud-mounts is "true"' },
        { what: 'remotes: zurg', why: 'settings and annotations' },
        { what: 'container sonarr is an app', why: 'mounts a volume at /mnt/media' },
        { what: 'volume media is the media volume', why: 'container sonarr mounts it at /mnt/media' },
        { what: 'the mounts live on the media volume', why: 'settings, media.mounts' },
        { what: 'add volume rclone-zurg-config', why: 'the pod has no such volume' },
        {
          what: 'mountPropagation: HostToContainer in sonarr',
          why: 'it is absent, and without it the container never sees a mount made later',
        },
        { what: 'add native sidecar init-dirs', why: 'makes the mount points and clears dead mounts' },
        { what: 'add native sidecar rclone-zurg', why: 'no container mounts this remote' },
        {
          what: 'prefer the nodes of the settings',
          why: 'preferredNodes is set and the pod has no such preference',
        },
      ],
    });
  });
});
