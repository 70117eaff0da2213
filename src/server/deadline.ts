// How long an admission may take. The API server says it in the query, `?timeout=10s`, a Go duration, rounded up to
// whole seconds (apiserver webhook/mutating/dispatcher.go).
import { MAX_ADMISSION_TIMEOUT_MS } from './server-limits.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const GO_DURATION = /^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g;

/** A Go duration (`10s`, `1m30s`, `1.5s`) in milliseconds; `undefined` if it is none, or not above zero. */
export function parseGoDurationMs(text: string): number | undefined {
  if (text.length > 40 || !GO_DURATION.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return total > 0 ? total : undefined;
}

/**
 * The time after which we answer ourselves, so that the answer still arrives: a tenth before the API server gives
 * up, at least 100 ms and at most 1 s; half of a timeout that is under 200 ms.
 */
export function answerWithinMs(timeoutMs: number): number {
  const timeout = Math.min(timeoutMs, MAX_ADMISSION_TIMEOUT_MS);
  const margin = Math.min(Math.max(timeout / 10, 100), 1_000, timeout / 2);
  return timeout - margin;
}

export const LATE: unique symbol = Symbol('late');

/** The value of `promise`, or LATE after `waitMs`. A later failure goes to `onLateError`: nobody else awaits it. */
export async function raceDeadline<T>(
  promise: Promise<T>,
  waitMs: number,
  onLateError: (error: unknown) => void,
): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(resolve, Math.max(waitMs, 0), LATE);
  });
  try {
    const first = await Promise.race([promise, late]);
    if (first === LATE) promise.catch(onLateError);
    return first;
  } finally {
    clearTimeout(timer);
  }
}
