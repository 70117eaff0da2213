import { describe, expect, it } from 'vitest';
import { enduranceSizes } from './endurance-sizes.ts';

describe('enduranceSizes', () => {
  it('are 20 kills, 50 deletions and 5 minutes of silence unless it is said otherwise', () => {
    expect(enduranceSizes({})).toMatchObject({ kills: 20, deletions: 50, silenceMs: 300_000 });
  });

  it('shrink together, and the seed is the one that is given', () => {
    const env = { MEDIA_STACK_ENDURANCE_REPEATS: '2', MEDIA_STACK_SEED: '0' };
    expect(enduranceSizes(env)).toEqual({ kills: 2, deletions: 2, silenceMs: 30_000, seed: 0 });
  });

  it.each(['0', '-1', '1.5', 'many'])('refuse %s repeats', (repeats) => {
    const env = { MEDIA_STACK_ENDURANCE_REPEATS: repeats };
    expect(() => enduranceSizes(env)).toThrow(`MEDIA_STACK_ENDURANCE_REPEATS=${repeats}`);
  });
});
