import { describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

const draw = (seed: number): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: 1000 }, () => random.upTo(9));
};

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('gives every number of the range, the ends included, about as often', () => {
    const numbers = draw(1);
    for (let value = 0; value <= 9; value += 1) {
      const times = numbers.filter((number) => number === value).length;
      expect(times).toBeGreaterThan(60);
      expect(times).toBeLessThan(140);
    }
  });

  it('chooses each of the choices, and nothing else', () => {
    const random = seededRandom(7);
    const chosen = new Set(Array.from({ length: 100 }, () => random.oneOf(['a', 'b', 'c'])));
    expect([...chosen].sort()).toEqual(['a', 'b', 'c']);
  });
});
