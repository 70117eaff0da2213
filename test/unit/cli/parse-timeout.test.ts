import { expect, it } from 'vitest';
import { parseTimeout } from '../../../src/cli/parse-timeout.ts';

it.each([
  ['5m', 300_000],
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5s', 1500],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseTimeout(text)).toBe(ms);
});

it.each(['', '5', '5x', '5m!', '-5m', 'm', '5 m'])('%j is no duration', (text) => {
  expect(() => parseTimeout(text)).toThrow(/^the --timeout .* is no duration$/);
});
