import { describe, expect, it } from 'vitest';
import { mergeAdditions, readStatus } from '../../../src/inject/status.ts';
import type { Additions } from '../../../src/inject/status.ts';

const read = (text: string) => readStatus({ metadata: { annotations: { 'media-stack/status': text } } });
const STATUS = { version: '0.1.0', remotes: ['zurg'], added: {} };

describe('the status annotation', () => {
  it.each<Additions>([
    {},
    { containers: ['a'], initContainers: ['b'], volumes: [], annotations: ['x'] },
    {
      volumeMounts: { sonarr: ['/mnt/media'] },
      mountPropagation: {},
      preferredNodes: [['n']],
      created: ['spec.volumes'],
      wereNull: [],
    },
  ])('is read back: %j', (added) => {
    expect(read(JSON.stringify({ ...STATUS, added }))).toEqual({ ...STATUS, added });
  });

  it('may hold what a later version adds', () => {
    const later = { ...STATUS, version: '9.0.0', added: { secrets: ['x'] }, more: 1 };
    expect(read(JSON.stringify(later))).toEqual(later);
  });

  it.each([
    '',
    'injected',
    'null',
    '[]',
    '{}',
    '{"added":{}}',
    '{"version":1,"remotes":[],"added":{}}',
    '{"version":"1","remotes":"zurg","added":{}}',
    '{"version":"1","remotes":[],"added":[]}',
    '{"version":"1","remotes":[],"added":{"containers":"a"}}',
    '{"version":"1","remotes":[],"added":{"containers":[1]}}',
    '{"version":"1","remotes":[],"added":{"volumeMounts":["/x"]}}',
    '{"version":"1","remotes":[],"added":{"volumeMounts":{"a":"/x"}}}',
    '{"version":"1","remotes":[],"added":{"mountPropagation":{"a":[null]}}}',
  ])('that nobody could have written is none: %s', (text) => {
    expect(read(text)).toBeNull();
  });

  it.each([{}, { metadata: null }, { metadata: { annotations: null } }, { metadata: { annotations: {} } }])(
    'is none in %j',
    (pod) => {
      expect(readStatus(pod)).toBeNull();
    },
  );
});

describe('two records', () => {
  it('become one: each thing once, the earlier ones first, nothing empty', () => {
    const earlier: Additions = {
      containers: ['a'],
      volumes: ['v', 'w'],
      volumeMounts: { sonarr: ['/mnt/media'], b: ['/x'] },
      annotations: [],
    };
    const later: Additions = {
      volumes: ['w', 'u'],
      initContainers: ['c'],
      volumeMounts: { sonarr: ['/mnt/media', '/y'], d: ['/z'] },
      mountPropagation: {},
    };
    expect(mergeAdditions(earlier, later)).toEqual({
      containers: ['a'],
      initContainers: ['c'],
      volumes: ['v', 'w', 'u'],
      volumeMounts: { sonarr: ['/mnt/media', '/y'], b: ['/x'], d: ['/z'] },
    });
  });

  it('of nothing are nothing', () => {
    expect(mergeAdditions({}, {})).toEqual({});
  });

  it('keep a container that is called __proto__, and those called like functions', () => {
    const paths = (name: string): Additions => ({
      volumeMounts: JSON.parse(`{"${name}":["/x"]}`) as Record<string, string[]>,
    });
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const merged = mergeAdditions(paths(name), paths(name));
      expect(JSON.stringify(merged)).toBe(`{"volumeMounts":{"${name}":["/x"]}}`);
    }
  });
});
