import { describe, expect, it } from 'vitest';
import { controllerKind } from '../../../src/pod/controller-owner.ts';
import {
  containerPath,
  forbidsPropagation,
  isNativeSidecar,
  isSubPathMount,
  listContainers,
  mountsAt,
} from '../../../src/pod/containers.ts';
import { freeName } from '../../../src/pod/free-name.ts';
import { isJsonObject, jsonEqual } from '../../../src/pod/json.ts';
import { cleanPath, isWithin } from '../../../src/pod/mount-path.ts';
import { parseQuantity } from '../../../src/pod/quantity.ts';
import { labelledPod } from '../../support/labelled-pod.ts';

describe('a quantity', () => {
  it.each<[string | number, number]>([
    ['0', 0],
    ['1', 1],
    [2, 2],
    [0.5, 0.5],
    ['500m', 0.5],
    ['100m', 0.1],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['+1', 1],
    ['-1', -1],
    ['100u', 1e-4],
    ['5n', 5e-9],
    ['1k', 1_000],
    ['1Ki', 1_024],
    ['1M', 1e6],
    ['256Mi', 268_435_456],
    ['1G', 1e9],
    ['1.5Gi', 1_610_612_736],
    ['2T', 2e12],
    ['2Ti', 2_199_023_255_552],
    ['1P', 1e15],
    ['1Pi', 2 ** 50],
    ['1E', 1e18],
    ['1Ei', 2 ** 60],
    ['1e3', 1_000],
    ['1E3', 1_000],
    ['1e-3', 0.001],
    ['12e+2', 1_200],
  ])('%j is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '.',
    'm',
    'Gi',
    '1 Gi',
    ' 1',
    '1Gb',
    '1gi',
    '1K',
    '1KiB',
    '1m5',
    '1e',
    '1ee3',
    '0x10',
    '1,5',
    '--1',
    'NaN',
    'Infinity',
    '١',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeNull();
  });
});

describe('a mount path', () => {
  it.each([
    ['/mnt/media', '/mnt/media'],
    ['/mnt/media/', '/mnt/media'],
    ['/mnt//media', '/mnt/media'],
    ['//mnt///media//', '/mnt/media'],
    ['/mnt/./media/.', '/mnt/media'],
    ['/mnt/.media', '/mnt/.media'],
    ['/mnt/../media', '/mnt/../media'],
    ['/', '/'],
    ['//', '/'],
    ['media/', 'media'],
    ['./media', 'media'],
    ['', ''],
  ])('%j is the same place as %j', (path, clean) => {
    expect(cleanPath(path)).toBe(clean);
  });

  it.each([
    ['/mnt/media', '/mnt/media', true],
    ['/mnt/media/zurg', '/mnt/media', true],
    ['/mnt/media2', '/mnt/media', false],
    ['/mnt', '/mnt/media', false],
    ['/mnt', '/', true],
    ['/', '/', true],
  ])('%j in %j: %j', (path, parent, within) => {
    expect(isWithin(path, parent)).toBe(within);
  });
});

describe('a free name', () => {
  it.each([
    ['media', [], 'media'],
    ['media', ['media'], 'media-stack-media'],
    ['media', ['media', 'media-stack-media'], 'media-stack-media-2'],
    ['media', ['media', 'media-stack-media', 'media-stack-media-2'], 'media-stack-media-3'],
  ])('for %j beside %j is %j', (name, taken, free) => {
    expect(freeName(name, new Set(taken))).toBe(free);
  });

  it('stays a DNS label of 63 characters', () => {
    const long = `${'a'.repeat(46)}-${'b'.repeat(16)}`;
    const taken = new Set([long]);
    for (let count = 0; count < 12; count += 1) {
      const name = freeName(long, taken);
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      taken.add(name);
    }
    expect(taken.size).toBe(13);
  });
});

describe('JSON values', () => {
  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [[1, 2], [2, 1], false],
    [{ a: undefined }, {}, false],
    [{ a: 1 }, { b: 1 }, false],
    [null, {}, false],
    [[], {}, false],
    [{ toString: 1 }, { valueOf: 1 }, false],
    ['1', 1, false],
  ])('%j and %j are equal: %j', (a, b, equal) => {
    expect(jsonEqual(a, b)).toBe(equal);
  });

  it.each<[unknown, boolean]>([
    [{}, true],
    [null, false],
    [[], false],
    ['x', false],
    [undefined, false],
  ])('%j is an object: %j', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('containers', () => {
  const pod = labelledPod({ initContainers: [{ name: 'a', restartPolicy: 'Always' }, { name: 'b' }] });

  it('are listed with their place, init containers first', () => {
    expect(listContainers(pod).map((ref) => [ref.container.name, ...containerPath(ref, 'image')])).toEqual([
      ['a', 'spec', 'initContainers', 0, 'image'],
      ['b', 'spec', 'initContainers', 1, 'image'],
      ['sonarr', 'spec', 'containers', 0, 'image'],
    ]);
  });

  it('are native sidecars when they are init containers that always run', () => {
    expect(
      listContainers(pod)
        .filter(isNativeSidecar)
        .map((ref) => ref.container.name),
    ).toEqual(['a']);
  });

  it('are no native sidecars outside the init containers', () => {
    expect(
      isNativeSidecar({ list: 'containers', index: 0, container: { name: 'a', restartPolicy: 'Always' } }),
    ).toBe(false);
  });

  it('have their mounts at a path in any spelling', () => {
    const volumeMounts = [
      { name: 'x', mountPath: '/mnt' },
      { name: 'y', mountPath: '/mnt/media/' },
      { name: 'z', mountPath: '/mnt/media/z' },
    ];
    expect(mountsAt({ name: 'a', volumeMounts }, '/mnt/media')).toEqual([
      { index: 1, mount: volumeMounts[1] },
    ]);
    expect(mountsAt({ name: 'a', volumeMounts: null }, '/mnt/media')).toEqual([]);
  });

  it.each([
    [{}, false, false],
    [{ subPath: '' }, false, false],
    [{ subPath: 'x' }, true, false],
    [{ subPathExpr: 'x' }, true, false],
    [{ recursiveReadOnly: 'Disabled' }, false, false],
    [{ recursiveReadOnly: 'Enabled' }, false, true],
    [{ recursiveReadOnly: 'IfPossible' }, false, true],
  ])('with %j: a part of the volume %j, closed to propagation %j', (fields, subPath, forbids) => {
    const mount = { name: 'x', mountPath: '/x', ...fields };
    expect([isSubPathMount(mount), forbidsPropagation(mount)]).toEqual([subPath, forbids]);
  });
});

describe('the controller of an object', () => {
  it.each<[unknown, string | null]>([
    [[{ kind: 'Other' }, { kind: 'ReplicaSet', controller: true }], 'ReplicaSet'],
    [[{ kind: 'ReplicaSet', controller: false }], null],
    [[{ kind: 'ReplicaSet', controller: 'true' }], null],
    [[{ controller: true }], null],
    [[null, 5, { kind: 'Job', controller: true }], 'Job'],
    [[], null],
    ['x', null],
    [undefined, null],
  ])('by the owners %j is %j', (ownerReferences, kind) => {
    expect(controllerKind({ ownerReferences })).toBe(kind);
  });

  it('is nobody where there is no metadata', () => {
    expect([controllerKind(null), controllerKind(undefined)]).toEqual([null, null]);
  });
});
