// What the scripts of scripts/ have written, as data.
import { parseMountEntry } from './mount-table.ts';
import type { MountEntry } from './mount-table.ts';

/** 137: killed by `timeout`. */
export type Answer =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'error'; readonly message: string };

export interface Listing {
  readonly answer: Answer;
  /** At most what was asked for. */
  readonly entries: number;
  readonly tookMs: number;
}

/** One mount as a container sees it; null for what was not asked. */
export interface MountReading {
  readonly statfs: Answer | null;
  readonly listing: Listing | null;
}

export interface ContainerReading {
  readonly table: readonly MountEntry[];
  readonly mounts: readonly MountReading[];
  /** False where the image lacks stat, ls or timeout. */
  readonly hasTools: boolean;
}

export interface BackendReading {
  readonly table: readonly MountEntry[];
  /** Null where the container has no rclone, or the script did not come that far. */
  readonly answer: Answer | null;
  readonly tookMs: number;
}

const KILLED = '137';
const NO_SUCH_PROGRAM = '127';

/** Output of check-mounts.sh for so many mounts. A script that was cut off has said what it had found by then. */
export function parseContainerReading(output: string, count: number): ContainerReading {
  const lines = output.split('\n');
  return {
    table: parseTable(lines),
    hasTools: !lines.some((line) => /^\d+ (?:statfs|list)-code 12[67]$/.test(line)),
    mounts: Array.from({ length: count }, (_, number) => {
      const of = (key: string): string[] => valuesOf(lines, `${number} ${key} `);
      return { statfs: parseStatfs(of('statfs-code')[0], of('statfs')), listing: parseListing(of) };
    }),
  };
}

/** Output of ask-backend.sh. */
export function parseBackendReading(output: string): BackendReading {
  const lines = output.split('\n');
  const [code] = valuesOf(lines, 'backend-code ');
  const words = valuesOf(lines, 'backend ').filter((line) => line !== '');
  return {
    table: parseTable(lines),
    answer: code === undefined || code === NO_SUCH_PROGRAM ? null : backendAnswer(code, words),
    tookMs: tookMs(valuesOf(lines, 'took ')[0]),
  };
}

function parseTable(lines: readonly string[]): MountEntry[] {
  return valuesOf(lines, 'table ').flatMap((line) => parseMountEntry(line) ?? []);
}

function parseStatfs(code: string | undefined, words: readonly string[]): Answer | null {
  if (code === undefined) return null;
  if (code === '0') return { outcome: 'ok' };
  return code === KILLED ? { outcome: 'timeout' } : { outcome: 'error', message: complaint(words) };
}

function parseListing(of: (key: string) => string[]): Listing | null {
  const [code] = of('list-code');
  if (code === undefined) return null;
  const words = of('list').filter((line) => line !== '');
  const entries = Number(words.findLast((line) => /^\s*\d+$/.test(line)) ?? 0);
  const complaints = words.filter((line) => !/^\s*\d+$/.test(line));
  const answer: Answer =
    code === KILLED
      ? { outcome: 'timeout' }
      : entries === 0 && complaints.length > 0
        ? { outcome: 'error', message: complaint(complaints) }
        : { outcome: 'ok' };
  return { answer, entries, tookMs: tookMs(of('took')[0]) };
}

/** rclone's own time limit (Go's net/http) says the same as ours. */
function backendAnswer(code: string, words: readonly string[]): Answer {
  if (code === '0') return { outcome: 'ok' };
  const message = withoutCredentials(rcloneComplaint(words));
  if (code === KILLED || /timeout awaiting|i\/o timeout|deadline exceeded/i.test(message))
    return { outcome: 'timeout' };
  return { outcome: 'error', message };
}

/** `ls: /mnt/media/zurg: Input/output error` -> `Input/output error`. */
function complaint(words: readonly string[]): string {
  const line = words.find((word) => word.includes(': ')) ?? words[0] ?? '';
  return (
    line.slice(line.lastIndexOf(': ') + (line.includes(': ') ? 2 : 0)).trim() || 'it failed and said nothing'
  );
}

/** The first error; without the time in front, the level, and the object. */
function rcloneComplaint(words: readonly string[]): string {
  const line = words.find((word) => /\b(ERROR|CRITICAL|Failed)\b/.test(word)) ?? words.at(-1) ?? '';
  return line
    .replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\s*/, '')
    .replace(/^(?:ERROR|CRITICAL|NOTICE)\s*:\s*/, '')
    .replace(/^:\s*/, '')
    .slice(0, 300);
}

/** A URL may carry a user and a password. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^/\s"@]*@/g, '://');
}

/** Two readings of /proc/uptime, in seconds with two digits. */
function tookMs(value: string | undefined): number {
  const [from = 0, to = 0] = (value ?? '').split(' ').map(Number);
  return Math.max(0, Math.round((to - from) * 1000));
}

function valuesOf(lines: readonly string[], prefix: string): string[] {
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length));
}
