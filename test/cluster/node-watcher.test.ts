import { describe, expect, it } from 'vitest';
import { countBetween } from './node-watcher.ts';
import type { Reading } from './node-reader.ts';

const reading = (at: number, path: string, entries: number, errors: number): Reading => ({
  at,
  path,
  state: 'entries',
  entries,
  errors,
  empty: 0,
});

describe('countBetween', () => {
  const readings = [reading(10, '/a', 5, 0), reading(20, '/b', 1, 1), reading(30, '/a', 7, 2)];

  it.each([
    [0, 20, { entries: 5, errors: 0, empty: 0 }],
    [20, 40, { entries: 3, errors: 3, empty: 0 }],
    [0, Infinity, { entries: 8, errors: 3, empty: 0 }],
    [40, 50, { entries: 0, errors: 0, empty: 0 }],
  ])('from %d to %d', (from, to, expected) => {
    expect(countBetween(readings, from, to)).toEqual(expected);
  });
});
