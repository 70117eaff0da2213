// --timeout, as kubectl takes it: a Go duration.
import { quote } from '../problem/quote.ts';
import { UsageError } from './usage-error.ts';

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `5m`, `1h30m`. Throws a UsageError. */
export function parseTimeout(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) {
    throw new UsageError(
      `the --timeout ${quote(text)} is no duration`,
      'Write a number with ms, s, m or h: 90s, 5m, 1h30m.',
    );
  }
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS_MS[unit ?? ''] ?? 0), 0);
}
