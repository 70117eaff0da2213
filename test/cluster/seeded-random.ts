// Random numbers that come again with the same seed, so that a series that failed can be run again.

export interface SeededRandom {
  /** A whole number, 0 to `max` inclusive. */
  readonly upTo: (max: number) => number;
  readonly oneOf: <T>(choices: readonly [T, ...T[]]) => T;
}

/** mulberry32: 32 bits of state, good enough to choose a victim and a moment. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (max: number): number => Math.floor(next() * (max + 1));
  return { upTo, oneOf: (choices) => choices[upTo(choices.length - 1)] ?? choices[0] };
}
