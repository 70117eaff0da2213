import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { surveyPod } from '../../../src/intent/survey.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import type { Settings } from '../../../src/settings/schema.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  labelledPod,
  MEDIA_CLAIM,
  MEDIA_VOLUME,
  settingsOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

interface Given {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly settings?: Settings;
  readonly claimTemplates?: readonly string[];
  readonly metadata?: Fields;
}
function survey(
  spec: Fields,
  { annotations, settings = defaultSettings(), claimTemplates = [], metadata }: Given = {},
) {
  const pod = labelledPod(spec, annotations, metadata);
  return surveyPod(pod, resolveIntent(pod, settings).intent, settings, claimTemplates);
}
const names = (refs: readonly { container: { name: string } }[]) =>
  refs.map(({ container }) => container.name);
const at = (name: string, mountPath = '/mnt/media') => [{ name, mountPath }];
const bare = (name: string, fields: Fields = {}) => ({ name, image: name, ...fields });

describe('the app containers are, in this order,', () => {
  const DEFAULT = 'kubectl.kubernetes.io/default-container';
  const mounting = (name: string) => bare(name, { volumeMounts: at('media') });
  const sidecar = handSidecar('zurg', { restartPolicy: undefined });

  it.each<[string, Fields[], Record<string, string> | undefined, string[], string]>([
    [
      'those of the annotation, in the order of the pod',
      [bare('a'), mounting('b'), bare('istio-proxy')],
      { 'media-stack/containers': 'istio-proxy,a', [DEFAULT]: 'b' },
      ['a', 'istio-proxy'],
      'named by the annotation media-stack/containers',
    ],
    [
      'those that mount a volume at the media path',
      [bare('a'), sidecar, mounting('b'), bare('c', { volumeMounts: at('media', '/mnt/media/') })],
      { [DEFAULT]: 'a' },
      ['b', 'c'],
      'mounts a volume at /mnt/media',
    ],
    [
      'a helper too, when it mounts there',
      [bare('a'), mounting('gluetun')],
      undefined,
      ['gluetun'],
      'mounts a volume at /mnt/media',
    ],
    [
      'the default container',
      [bare('a'), bare('b'), bare('c', { volumeMounts: at('media', '/mnt/media/tv') })],
      { [DEFAULT]: 'b' },
      ['b'],
      'named by kubectl.kubernetes.io/default-container',
    ],
    [
      'the first that is neither sidecar nor helper, when the default container is a sidecar',
      [sidecar, bare('istio-proxy'), bare('a'), bare('b')],
      { [DEFAULT]: 'rclone-zurg' },
      ['a'],
      'the first container that is neither a mount sidecar nor a known helper',
    ],
    [
      'the same, when there is no such default container',
      [bare('a'), bare('b')],
      { [DEFAULT]: 'gone' },
      ['a'],
      'the first container that is neither a mount sidecar nor a known helper',
    ],
    [
      'none in a standalone rclone pod',
      [sidecar],
      undefined,
      [],
      'the first container that is neither a mount sidecar nor a known helper',
    ],
    [
      'none among helpers',
      [bare('oauth-proxy'), bare('linkerd-proxy')],
      undefined,
      [],
      'the first container that is neither a mount sidecar nor a known helper',
    ],
    [
      'none when the annotation says so',
      [bare('a')],
      { 'media-stack/containers': '' },
      [],
      'named by the annotation media-stack/containers',
    ],
  ])('%s', (_name, containers, annotations, expected, why) => {
    const found = survey({ containers }, annotations ? { annotations } : {});
    expect([names(found.apps), found.reasons.apps, found.problems]).toEqual([expected, why, []]);
  });

  it('at the media path of the annotation', () => {
    const containers = [mounting('a'), bare('b', { volumeMounts: at('media', '/data') })];
    expect(
      names(survey({ containers }, { annotations: { 'media-stack/media-path': '/data' } }).apps),
    ).toEqual(['b']);
  });

  it('by the helpers of the settings', () => {
    const settings = settingsOf('helperContainers: [a]');
    expect(names(survey({ containers: [bare('a'), bare('istio-proxy')] }, { settings }).apps)).toEqual([
      'istio-proxy',
    ]);
  });

  it.each([
    ['sonar', 'Did you mean "sonarr"? Containers that can be the app: sonarr, other.'],
    ['rclone-zurg', 'Containers that can be the app: sonarr, other.'],
    ['seed', 'Containers that can be the app: sonarr, other.'],
  ])('never %s, which is no container that could be one', (name, hint) => {
    const spec = { initContainers: [bare('seed')], containers: [sidecar, app(), bare('other')] };
    expect(survey(spec, { annotations: { 'media-stack/containers': `sonarr,${name}` } }).problems).toEqual([
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/containers]',
        message: `"${name}" is no app container of this pod`,
        hint,
      },
    ]);
  });

  it('none that could be named in a pod of mount sidecars', () => {
    expect(
      survey({ containers: [sidecar] }, { annotations: { 'media-stack/containers': 'a' } }).problems,
    ).toMatchObject([{ hint: 'The pod holds only mount sidecars.' }]);
  });
});

describe('the media volume is, in this order,', () => {
  const volumes = [
    { name: 'by-app', emptyDir: {} },
    { name: 'by-helper', emptyDir: {} },
    { name: 'by-init', emptyDir: {} },
    { name: 'by-sidecar', emptyDir: {} },
    { name: 'by-dirs', emptyDir: {} },
    { name: 'by-source', ...MEDIA_CLAIM },
  ];
  const mountedBy = (container: string) => `container ${container} mounts it at /mnt/media`;
  const SOURCE = 'its source is the media volume asked for';
  const NEW = 'no volume of the pod is the media volume: it is added';
  const TEMPLATE = 'the volume claim template has the name of the media claim';
  const APP = bare('app', { volumeMounts: at('by-app') });
  const HELPER = bare('helper', { volumeMounts: at('by-helper') });
  const INIT = bare('seed', { volumeMounts: at('by-init') });
  const SIDECAR = handSidecar('zurg', { volumeMounts: at('by-sidecar') });
  const DIRS = handInitDirs({ volumeMounts: at('by-dirs') });
  const empty = { emptyDir: {} };

  it.each<[string, Fields, Fields, string]>([
    [
      'what an app mounts at the media path',
      { containers: [bare('first'), APP, HELPER], initContainers: [DIRS, SIDECAR, INIT] },
      { name: 'by-app', source: empty, exists: true },
      mountedBy('app'),
    ],
    [
      'what another container mounts there',
      { containers: [bare('app'), HELPER], initContainers: [DIRS, SIDECAR, INIT] },
      { name: 'by-helper', source: empty, exists: true },
      mountedBy('helper'),
    ],
    [
      'what an init container mounts there',
      { containers: [bare('app')], initContainers: [DIRS, SIDECAR, INIT] },
      { name: 'by-init', source: empty, exists: true },
      mountedBy('seed'),
    ],
    [
      'what a mount sidecar mounts there',
      { containers: [bare('app')], initContainers: [DIRS, SIDECAR] },
      { name: 'by-sidecar', source: empty, exists: true },
      mountedBy('rclone-zurg'),
    ],
    [
      'what init-dirs mounts there',
      { containers: [bare('app')], initContainers: [DIRS] },
      { name: 'by-dirs', source: empty, exists: true },
      mountedBy('init-dirs'),
    ],
    [
      'the volume with the source of the settings',
      { containers: [bare('app', { volumeMounts: at('by-app', '/data') })] },
      { name: 'by-source', source: MEDIA_CLAIM, exists: true },
      SOURCE,
    ],
  ])('%s', (_name, spec, media, why) => {
    const annotations = {
      'media-stack/containers':
        spec['containers'] === undefined
          ? ''
          : (spec['containers'] as { name: string }[]).some(({ name }) => name === 'app')
            ? 'app'
            : '',
    };
    const found = survey({ volumes, ...spec }, { annotations });
    expect([found.media, found.reasons.media]).toEqual([media, why]);
  });

  it('a claim template with the name of the claim', () => {
    const found = survey(
      { volumes: [], containers: [bare('app')] },
      { claimTemplates: ['config', 'media-library-pvc'] },
    );
    expect([found.media, found.reasons.media]).toEqual([
      { name: 'media-library-pvc', source: null, exists: true },
      TEMPLATE,
    ]);
  });

  it('a new one', () => {
    const found = survey({ volumes: null, containers: [bare('app')] });
    expect([found.media, found.reasons.media]).toEqual([
      { name: 'media-library', source: MEDIA_CLAIM, exists: false },
      NEW,
    ]);
  });

  it('a new one of another name where a volume or a claim template has the name', () => {
    const taken = { volumes: [{ name: 'media-library', ...empty }], containers: [bare('app')] };
    expect(survey(taken).media.name).toBe('media-stack-media-library');
    expect(
      survey({ volumes: [], containers: [bare('app')] }, { claimTemplates: ['media-library'] }).media.name,
    ).toBe('media-stack-media-library');
  });

  it('a claim template that the app mounts at the media path', () => {
    const containers = [bare('app', { volumeMounts: at('library') })];
    expect(survey({ volumes: [], containers }, { claimTemplates: ['library'] }).media).toEqual({
      name: 'library',
      source: null,
      exists: true,
    });
  });

  it.each([
    [{ name: 'media', emptyDir: {} }, 'no claim'],
    [MEDIA_VOLUME, 'media-library-pvc'],
  ])('refused where it is another than the annotation asks for: %j', (volume, found) => {
    const annotations = { 'media-stack/media-claim': 'films' };
    expect(survey({ volumes: [volume] }, { annotations }).problems).toEqual([
      {
        code: 'MS503',
        level: 'deny',
        path: 'metadata.annotations[media-stack/media-claim]',
        message: `"films" is not the claim of volume media ("${found}"), which is the media volume: container sonarr mounts it at /mnt/media`,
        hint: 'Mount a volume of that claim there, or take the annotation away.',
      },
    ]);
  });

  it('that of the annotation before that of the settings', () => {
    const claim = { persistentVolumeClaim: { claimName: 'films' } };
    const spec = { volumes: [MEDIA_VOLUME, { name: 'films', ...claim }], containers: [bare('app')] };
    const annotations = { 'media-stack/media-claim': 'films' };
    expect(survey(spec, { annotations }).media.name).toBe('films');
    expect(survey({ volumes: [MEDIA_VOLUME], containers: [bare('app')] }, { annotations }).media).toEqual({
      name: 'media-library',
      source: claim,
      exists: false,
    });
  });
});

describe('a volume has the source of the settings', () => {
  const found = (source: Fields, volume: string) =>
    survey(
      { volumes: [{ name: 'x', ...source }], containers: [bare('app')] },
      { settings: settingsOf(`media: { volume: ${volume} }`) },
    ).media.exists;
  const NFS = '{ nfs: { server: nas, path: /media } }';

  it.each<[Fields, string, boolean]>([
    [
      { persistentVolumeClaim: { claimName: 'a', readOnly: true } },
      '{ persistentVolumeClaim: { claimName: a } }',
      true,
    ],
    [{ persistentVolumeClaim: { claimName: 'b' } }, '{ persistentVolumeClaim: { claimName: a } }', false],
    [{ nfs: { server: 'nas', path: '/media', readOnly: true } }, NFS, true],
    [{ nfs: { server: 'nas', path: '/other' } }, NFS, false],
    [{ nfs: { server: 'other', path: '/media' } }, NFS, false],
    [{ hostPath: { path: '/media', type: 'Directory' } }, '{ hostPath: { path: /media } }', true],
    [{ hostPath: { path: '/media2' } }, '{ hostPath: { path: /media } }', false],
    [
      { csi: { driver: 'd', volumeAttributes: { b: '1', a: '2' } } },
      '{ csi: { driver: d, volumeAttributes: { a: "2", b: "1" } } }',
      true,
    ],
    [{ csi: { driver: 'd' } }, '{ csi: { driver: e } }', false],
    [{ emptyDir: {} }, '{ emptyDir: {} }', false],
    [{ persistentVolumeClaim: { claimName: 'a' } }, NFS, false],
  ])('%j for %s: %j', (source, volume, expected) => {
    expect(found(source, volume)).toBe(expected);
  });

  it.each([
    ['media-library-pvc', 'media-library-pvc-sonarr-0', 'sonarr-0', true],
    ['media-library-pvc', 'media-library-pvc-sonarr-1', 'sonarr-0', false],
    ['media-library-pvc', 'media-library-pvc-sonarr-0', undefined, false],
    ['other', 'media-library-pvc-sonarr-0', 'sonarr-0', false],
  ])(
    'in a pod of a StatefulSet: volume %s of the claim %s in %s: %j',
    (name, claimName, podName, expected) => {
      const volumes = [{ name, persistentVolumeClaim: { claimName } }];
      expect(
        survey({ volumes, containers: [bare('app')] }, { metadata: { name: podName } }).media.exists,
      ).toBe(expected);
    },
  );
});

describe('the other containers are', () => {
  it('sorted into sidecars, init-dirs and init containers of the user', () => {
    const found = survey({
      initContainers: [bare('seed'), handInitDirs(), handSidecar('zurg'), bare('migrate')],
      containers: [app(), handSidecar('torbox', { restartPolicy: undefined })],
    });
    expect({
      sidecars: names(found.sidecars),
      ours: found.sidecars.map(({ ours }) => ours),
      initDirs: names(found.initDirs),
      userInits: names(found.userInits),
      apps: names(found.apps),
      candidates: found.mediaCandidates,
    }).toEqual({
      sidecars: ['rclone-zurg', 'rclone-torbox'],
      ours: [false, false],
      initDirs: ['init-dirs'],
      userInits: ['seed', 'migrate'],
      apps: ['sonarr'],
      candidates: ['media'],
    });
  });

  it('an app when it is called init-dirs and is no init container', () => {
    const found = survey({ containers: [bare('init-dirs')] });
    expect([names(found.apps), names(found.initDirs)]).toEqual([['init-dirs'], []]);
  });
});
