import { describe, expect, it } from 'vitest';
import { preferredNodesTerm } from '../../../src/plan/affinity.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { podOf } from '../../support/labelled-pod.ts';

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const preferring = (...terms: unknown[]): Pod =>
  podOf({ affinity: { nodeAffinity: { [PREFERRED]: terms } } });
const term = (values: string[], fields: Record<string, unknown> = {}) => ({
  weight: 100,
  preference: {
    matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }],
    ...fields,
  },
});

describe('the preference for nodes', () => {
  it('has weight 100 and the nodes of the settings', () => {
    expect(preferredNodesTerm(podOf(), ['node2', 'node3'])).toEqual(term(['node2', 'node3']));
  });

  it('is none without nodes', () => {
    expect(preferredNodesTerm(podOf(), [])).toBeNull();
  });

  it.each<[string, Pod]>([
    ['the same term', preferring(term(['a', 'b']))],
    ['the nodes in another order', preferring(term(['b', 'a']))],
    ['another weight', preferring({ ...term(['a', 'b']), weight: 1 })],
    ['it behind another term', preferring(term(['x']), term(['a', 'b']))],
    ['an empty list beside', preferring(term(['a', 'b'], { matchFields: [] }))],
  ])('is not added where the pod has %s', (_name, pod) => {
    expect(preferredNodesTerm(pod, ['a', 'b'])).toBeNull();
  });

  it.each<[string, Pod]>([
    ['fewer nodes', preferring(term(['a']))],
    ['more nodes', preferring(term(['a', 'b', 'c']))],
    ['no terms', preferring()],
    ['no affinity to nodes', podOf({ affinity: { podAffinity: {} } })],
    ['null', podOf({ affinity: null })],
    [
      'NotIn',
      preferring({
        weight: 100,
        preference: {
          matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'NotIn', values: ['a', 'b'] }],
        },
      }),
    ],
    [
      'another key',
      preferring({
        weight: 100,
        preference: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a', 'b'] }] },
      }),
    ],
    [
      'a second condition',
      preferring(
        term(['a', 'b'], {
          matchExpressions: [
            { key: 'kubernetes.io/hostname', operator: 'In', values: ['a', 'b'] },
            { key: 'gpu', operator: 'Exists' },
          ],
        }),
      ),
    ],
    [
      'a field condition',
      preferring(
        term(['a', 'b'], { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }),
      ),
    ],
    [
      'a requirement instead of a preference',
      podOf({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [term(['a', 'b']).preference],
            },
          },
        },
      }),
    ],
  ])('is added where the pod has %s', (_name, pod) => {
    expect(preferredNodesTerm(pod, ['a', 'b'])).toEqual(term(['a', 'b']));
  });
});
