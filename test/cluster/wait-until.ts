// Waiting for a condition, with words for the one that never comes.
import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Between two looks; default 100. */
  readonly intervalMs?: number;
  /** Gives up at once: the error of whoever the wait depends on, e.g. a process that has ended. */
  readonly failed?: () => string | undefined;
}

/**
 * The first value of `look` that is neither undefined nor false. A look that throws counts as "not yet"; its error is
 * part of the message when time is up: `timed out after 30 s waiting for WHAT: ERROR`.
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  options: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  let last = '';
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    const failure = options.failed?.();
    if (failure !== undefined) throw new Error(`waiting for ${what}: ${failure}`);
    if (performance.now() > deadline) {
      throw new Error(`timed out after ${options.timeoutMs / 1000} s waiting for ${what}${last}`);
    }
    await delay(options.intervalMs ?? 100);
  }
}
