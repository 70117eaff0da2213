// The reader (go/reader) in the app image: lists directories in a tight loop and counts entries, errors and EMPTY
// listings. Its output, read back from the log of its container.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Its path in the app image. */
export const READER = '/usr/local/bin/reader';

/** One directory at one moment; the counts are those since the start. */
export interface Reading {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly path: string;
  readonly state: 'entries' | 'error' | 'empty';
  readonly error?: string;
  readonly entries: number;
  readonly errors: number;
  readonly empty: number;
}

export type Counts = Pick<Reading, 'entries' | 'errors' | 'empty'>;

const SOURCE = join(import.meta.dirname, 'go/reader');

/** Everything that a built reader depends on, besides the version of Go. */
export function readerSources(): string[] {
  return ['go.mod', 'main.go'].map((file) => readFileSync(join(SOURCE, file), 'utf8'));
}

/** A static program: it needs the standard library only, so nothing is downloaded. */
export async function buildReader(output: string): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' };
  await promisify(execFile)('go', ['build', '-trimpath', '-o', output, '.'], { cwd: SOURCE, env });
}

/** The lines of its log; the last one of a log that is just being written may be half, and is left out. */
export function parseReadings(log: string): Reading[] {
  return log
    .slice(0, log.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Reading);
}

/** The sum over all directories. */
export function countReadings(readings: readonly Reading[]): Counts {
  const last = new Map(readings.map((reading) => [reading.path, reading]));
  const sum = { entries: 0, errors: 0, empty: 0 };
  for (const { entries, errors, empty } of last.values()) {
    sum.entries += entries;
    sum.errors += errors;
    sum.empty += empty;
  }
  return sum;
}

/** When a directory had entries again after the first error that follows `since`; `undefined` while it has not. */
export function recoveredAt(readings: readonly Reading[], path: string, since: number): number | undefined {
  const after = readings.filter((reading) => reading.path === path && reading.at >= since);
  const failed = after.findIndex(({ state }) => state !== 'entries');
  if (failed === -1) return undefined;
  return after.slice(failed).find(({ state }) => state === 'entries')?.at;
}
