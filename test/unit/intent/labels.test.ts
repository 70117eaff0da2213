import { describe, expect, it } from 'vitest';
import { rawMountsLabel, readMountsLabel } from '../../../src/intent/labels.ts';

const KEY = 'media-stack/cloud-mounts';

describe('the label', () => {
  it.each([
    [{ [KEY]: 'true' }, 'true'],
    [{ [KEY]: 'false' }, 'false'],
    [{ [KEY]: 'True' }, 'malformed'],
    [{ [KEY]: '' }, 'malformed'],
    [{ [KEY]: ' true' }, 'malformed'],
    [{ [KEY]: 'enabled' }, 'malformed'],
    [{ 'media-stack/cloud-mount': 'true' }, 'absent'],
    [{}, 'absent'],
    [null, 'absent'],
    [undefined, 'absent'],
  ])('%j says %s', (labels, state) => {
    expect(readMountsLabel({ metadata: { labels } })).toBe(state);
  });

  it.each([undefined, null])('is absent where metadata is %j', (metadata) => {
    expect(readMountsLabel({ metadata })).toBe('absent');
  });
});

describe('the raw label of anything', () => {
  it.each<[unknown, unknown]>([
    [{ metadata: { labels: { [KEY]: 'true' } } }, 'true'],
    [{ metadata: { labels: { [KEY]: 5 } } }, 5],
    [{ metadata: { labels: { [KEY]: null } } }, null],
    [{ metadata: { labels: [KEY] } }, undefined],
    [{ metadata: { labels: 'x' } }, undefined],
    [{ metadata: 'x' }, undefined],
    [[], undefined],
    [null, undefined],
    ['x', undefined],
  ])('%j is %j', (object, value) => {
    expect(rawMountsLabel(object)).toBe(value);
  });
});
