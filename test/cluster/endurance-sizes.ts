// How long the series are. Smaller ones are for trying them out only.
import { randomInt } from 'node:crypto';

export interface EnduranceSizes {
  /** Of each kind in the recovery series, and before the outage in the never-empty series. */
  readonly kills: number;
  readonly deletions: number;
  /** For how long a server accepts and never answers. */
  readonly silenceMs: number;
  /** Of all that is random. */
  readonly seed: number;
}

const SILENCE_MS_PER_REPEAT = 15_000;

/** From `MEDIA_STACK_ENDURANCE_REPEATS` and `MEDIA_STACK_SEED`; each is optional. */
export function enduranceSizes(env: NodeJS.ProcessEnv = process.env): EnduranceSizes {
  const repeats = numberFrom(env, 'MEDIA_STACK_ENDURANCE_REPEATS', 1);
  return {
    kills: repeats ?? 20,
    deletions: repeats ?? 50,
    silenceMs: (repeats ?? 20) * SILENCE_MS_PER_REPEAT,
    seed: numberFrom(env, 'MEDIA_STACK_SEED', 0) ?? randomInt(2 ** 32),
  };
}

function numberFrom(env: NodeJS.ProcessEnv, name: string, least: number): number | undefined {
  const text = env[name];
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least) {
    throw new Error(`${name}=${text} is not a whole number from ${least} on`);
  }
  return number;
}
