import { describe, expect, it } from 'vitest';
import { answerWithinMs, LATE, parseGoDurationMs, raceDeadline } from '../../../src/server/deadline.ts';

describe('a Go duration', () => {
  it.each([
    ['10s', 10_000],
    ['1s', 1_000],
    ['1m30s', 90_000],
    ['1.5s', 1_500],
    ['.5s', 500],
    ['500ms', 500],
    ['2h', 7_200_000],
    ['1000us', 1],
    ['1000µs', 1],
    ['1000000ns', 1],
    ['10', undefined],
    ['', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['0s', undefined],
    ['1s,2s', undefined],
    ['10 s', undefined],
    [`${'1'.repeat(60)}s`, undefined],
  ])('%j is %s ms', (text, ms) => {
    expect(parseGoDurationMs(text)).toBe(ms);
  });
});

describe('we answer before the API server gives up', () => {
  it.each([
    [30_000, 29_000],
    [10_000, 9_000],
    [5_000, 4_500],
    [1_000, 900],
    [100, 50],
    [3_600_000, 29_000],
  ])('it waits %d ms, we %d', (timeout, within) => {
    expect(answerWithinMs(timeout)).toBe(within);
  });
});

describe('the race against the deadline', () => {
  const never = new Promise<never>(() => undefined);
  const unexpected = (error: unknown): never => {
    throw new Error('unexpected', { cause: error });
  };

  it('gives the value that comes in time', async () => {
    expect(await raceDeadline(Promise.resolve('value'), 10_000, unexpected)).toBe('value');
  });

  it('rejects when the promise rejects in time', async () => {
    await expect(raceDeadline(Promise.reject(new Error('bug')), 10_000, unexpected)).rejects.toThrow('bug');
  });

  it('gives LATE when nothing comes, at once when no time is left', async () => {
    expect(await raceDeadline(never, -5, unexpected)).toBe(LATE);
  });

  it('hands a failure that comes after the deadline to its listener', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    const heard = Promise.withResolvers<unknown>();
    expect(await raceDeadline(promise, 0, heard.resolve)).toBe(LATE);
    const bug = new Error('bug');
    reject(bug);
    expect(await heard.promise).toBe(bug);
  });
});
