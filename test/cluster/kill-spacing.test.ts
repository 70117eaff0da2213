import { describe, expect, it } from 'vitest';
import { waitBeforeKill } from './kill-spacing.ts';

describe('waitBeforeKill', () => {
  it.each([
    [[], 0, 0],
    [[0, 10], 20, 0],
    [[0, 10, 20], 30, 64_970],
    [[0, 10, 20, 65_000], 65_000, 10],
    [[0, 10, 20], 100_000, 0],
  ])('after kills at %j, at %d: %d ms', (earlier, now, expected) => {
    expect(waitBeforeKill(earlier, now)).toBe(expected);
  });
});
