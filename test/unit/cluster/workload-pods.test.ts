import { expect, it } from 'vitest';
import { renderSelector } from '../../../src/cluster/workload-pods.ts';

it('a selector is written as a query', () => {
  const selector = {
    matchLabels: { app: 'sonarr', tier: 'web' },
    matchExpressions: [
      { key: 'zone', operator: 'In', values: ['a', 'b'] },
      { key: 'zone', operator: 'NotIn', values: ['c'] },
      { key: 'new', operator: 'Exists' },
      { key: 'old', operator: 'DoesNotExist' },
    ],
  };
  expect(renderSelector(selector)).toBe('app=sonarr,tier=web,zone in (a,b),zone notin (c),new,!old');
  expect(renderSelector(undefined)).toBe('');
});
