import { describe, expect, it } from 'vitest';
import { appendPreferred } from '../../../src/inject/append-preferred.ts';

const LIST = 'preferredDuringSchedulingIgnoredDuringExecution';
const a = { weight: 100, preference: { matchExpressions: [] } };
const b = { weight: 1, preference: {} };

describe('preferences for nodes', () => {
  it.each([
    ['an affinity', undefined, ['spec', 'affinity'], { nodeAffinity: { [LIST]: [a, b] } }],
    ['an affinity', null, ['spec', 'affinity'], { nodeAffinity: { [LIST]: [a, b] } }],
    ['a node affinity', {}, ['spec', 'affinity', 'nodeAffinity'], { [LIST]: [a, b] }],
    ['a node affinity', { nodeAffinity: null }, ['spec', 'affinity', 'nodeAffinity'], { [LIST]: [a, b] }],
    ['a list', { nodeAffinity: {} }, ['spec', 'affinity', 'nodeAffinity', LIST], [a, b]],
    ['a list', { nodeAffinity: { [LIST]: null } }, ['spec', 'affinity', 'nodeAffinity', LIST], [a, b]],
  ])('get %s where there is none: %j', (_what, affinity, path, value) => {
    const was = JSON.stringify(affinity)?.includes('null') ? null : undefined;
    expect(appendPreferred(affinity, ['spec'], [a, b])).toEqual({
      operations: [{ op: 'add', path: `/${path.join('/')}`, value }],
      made: { path, was },
    });
  });

  it('stand behind those that are there, wherever the pod is', () => {
    const path = `/spec/template/spec/affinity/nodeAffinity/${LIST}/-`;
    expect(appendPreferred({ nodeAffinity: { [LIST]: [] } }, ['spec', 'template', 'spec'], [a, b])).toEqual({
      operations: [
        { op: 'add', path, value: a },
        { op: 'add', path, value: b },
      ],
      made: null,
    });
  });
});
