import { describe, expect, it } from 'vitest';
import { ANNOTATIONS, parseAnnotations } from '../../../src/intent/annotations.ts';
import type { Overrides } from '../../../src/intent/annotations.ts';

const parse = (annotations: Readonly<Record<string, string>>) =>
  parseAnnotations({ metadata: { annotations } });
const bad = (name: string, value: string, expected: string, example: string) => ({
  code: 'MS503',
  level: 'deny',
  path: `metadata.annotations[media-stack/${name}]`,
  message: `${JSON.stringify(value)} is not ${expected}`,
  hint: `Write for example media-stack/${name}: "${example}".`,
});

const QUANTITY = 'a Kubernetes quantity above zero, e.g. 500m or 2Gi';
const BYTES = 'a Kubernetes quantity of at least 1Mi, e.g. 2Gi';
const DURATION = 'a number with a unit, e.g. 60s or 5m';
const BOOLEAN = '"true" or "false"';
const NAMES = 'names separated by commas';

/** name, good value, what it becomes, bad value, what would be right, the example in the hint. */
const TABLE: readonly [string, string, Overrides, string, string, string][] = [
  ['remotes', ' torbox ,zurg,zurg', { remotes: ['torbox', 'zurg'] }, 'zurg,,torbox', NAMES, 'zurg'],
  ['containers', 'sonarr', { containers: ['sonarr'] }, ',sonarr', NAMES, 'sonarr'],
  [
    'media-path',
    '/data/media/',
    { mediaPath: '/data/media' },
    'data/media',
    'an absolute path of letters, digits and . _ + = @ - that the sidecars do not use, e.g. /mnt/media',
    '/data/media',
  ],
  [
    'media-claim',
    'media.library-2',
    { mediaClaim: 'media.library-2' },
    'Media_Library',
    'the name of a PersistentVolumeClaim',
    'media-library-pvc',
  ],
  ['mounts', 'private', { mounts: 'private' }, 'Private', 'one of "volume", "private"', 'private'],
  [
    'sidecar-mode',
    'container',
    { sidecarMode: 'container' },
    'plain',
    'one of "native", "container"',
    'container',
  ],
  ['sidecar-position', 'last', { sidecarPosition: 'last' }, 'end', 'one of "first", "last"', 'last'],
  ['read-only', 'false', { readOnly: false }, 'no', BOOLEAN, 'false'],
  [
    'vfs-cache-mode',
    'minimal',
    { vfsCacheMode: 'minimal' },
    'all',
    'one of "off", "minimal", "writes", "full"',
    'full',
  ],
  ['cache-size', '20Gi', { cacheSize: '20Gi' }, '20GB', BYTES, '20Gi'],
  ['dir-cache-time', '1h30m', { dirCacheTime: '1h30m' }, '60', DURATION, '10s'],
  ['attr-timeout', '500ms', { attrTimeout: '500ms' }, '-1s', DURATION, '10s'],
  ['poll-interval', '0s', { pollInterval: '0s' }, 'never', DURATION, '10s'],
  ['cpu-request', '0.1', { cpuRequest: '0.1' }, '0', QUANTITY, '50m'],
  ['cpu-limit', '2', { cpuLimit: '2' }, '2 cores', QUANTITY, '1'],
  ['memory-request', '128Mi', { memoryRequest: '128Mi' }, '-128Mi', BYTES, '128Mi'],
  ['memory-limit', '1e9', { memoryLimit: '1e9' }, '', BYTES, '2Gi'],
  ['wait-for-content', 'true', { waitForContent: true }, 'True', BOOLEAN, 'true'],
  [
    'ignore',
    'MS405, MS404,MS405',
    { ignore: ['MS405', 'MS404'] },
    'MS404,ms405',
    'rule IDs separated by commas, e.g. MS404,MS405',
    'MS404,MS405',
  ],
];

describe('the annotations', () => {
  it('are those of this table', () => {
    expect(ANNOTATIONS.map(({ name }) => name)).toEqual(TABLE.map(([name]) => name));
  });

  it.each(TABLE)('media-stack/%s: %j is %j', (name, good, overrides) => {
    expect(parse({ [`media-stack/${name}`]: good })).toEqual({ overrides, problems: [] });
  });

  it.each(TABLE)(
    'media-stack/%s (good: %j, %j): %j is refused with what would be right',
    (name, _good, _overrides, value, expected, example) => {
      expect(parse({ [`media-stack/${name}`]: value })).toEqual({
        overrides: {},
        problems: [bad(name, value, expected, example)],
      });
    },
  );

  it.each(ANNOTATIONS)('media-stack/$name takes its own example', ({ name, example }) => {
    expect(parse({ [`media-stack/${name}`]: example }).problems).toEqual([]);
  });

  it.each(ANNOTATIONS)('media-stack/$name is described in a sentence', ({ description }) => {
    expect(description).toMatch(/^\S.*\.$/);
  });

  it('may be an empty list', () => {
    expect(parse({ 'media-stack/remotes': '', 'media-stack/containers': ' ' })).toEqual({
      overrides: { remotes: [], containers: [] },
      problems: [],
    });
  });

  it.each(['/', '//', '/mnt//media', '/mnt/../etc', '/mnt/.media', '/mnt/my media', '/mnt/$(x)', '/mnt/é'])(
    'refuse the media path %j',
    (path) => {
      expect(parse({ 'media-stack/media-path': path }).problems).toMatchObject([{ code: 'MS503' }]);
    },
  );

  it('show only the beginning of a long value', () => {
    const [problem] = parse({ 'media-stack/mounts': 'x'.repeat(1_000) }).problems;
    expect(problem?.message).toBe(`"${'x'.repeat(78)}… is not one of "volume", "private"`);
  });

  it('are all read, and all problems named', () => {
    const { overrides, problems } = parse({
      'media-stack/read-only': 'false',
      'media-stack/mounts': 'x',
      'media-stack/memory': '1Gi',
    });
    expect(overrides).toEqual({ readOnly: false });
    expect(problems.map(({ path }) => path)).toEqual([
      'metadata.annotations[media-stack/mounts]',
      'metadata.annotations[media-stack/memory]',
    ]);
  });
});

describe('an unknown annotation', () => {
  const unknown = (key: string, hint: string) => ({
    code: 'MS503',
    level: 'deny',
    path: `metadata.annotations[${key}]`,
    message: `there is no annotation ${JSON.stringify(key)}`,
    hint,
  });
  const ALL = 'All annotations are listed in docs/annotations.md.';

  it.each([
    ['media-stack/remote', `Did you mean "media-stack/remotes"? ${ALL}`],
    ['media-stack/readonly', `Did you mean "media-stack/read-only"? ${ALL}`],
    ['media-stack/Remotes', `Did you mean "media-stack/remotes"? ${ALL}`],
    ['media-stack/something-else', ALL],
    [
      'media-stack/cloud-mounts',
      'It is a label, not an annotation: put media-stack/cloud-mounts: "true" under metadata.labels of the pod template.',
    ],
  ])('%s is refused', (key, hint) => {
    expect(parse({ [key]: 'true' }).problems).toEqual([unknown(key, hint)]);
  });

  it.each(['media-stack/status', 'media-stack.io/remotes', 'mediastack/remotes', 'remotes', '__proto__'])(
    '%s is none of ours, or written by us',
    (key) => {
      expect(parse(Object.fromEntries([[key, 'x']]))).toEqual({ overrides: {}, problems: [] });
    },
  );

  it('is none where there are no annotations', () => {
    expect([
      parseAnnotations({}),
      parseAnnotations({ metadata: null }),
      parseAnnotations({ metadata: { annotations: null } }),
    ]).toEqual(Array.from({ length: 3 }, () => ({ overrides: {}, problems: [] })));
  });
});
