// Finds the known lines in a log. One line of a kind is enough; the last one is shown.
import { withoutCredentials } from '../check/parse-reading.ts';
import { isJsonObject } from '../pod/json.ts';
import { RCLONE_PATTERNS } from './log-patterns.ts';
import type { LogPattern } from './log-patterns.ts';
import { SCRIPT_PATTERNS } from './script-patterns.ts';

export interface LogMatch {
  readonly pattern: LogPattern;
  /** The message, without time and level. */
  readonly line: string;
  readonly count: number;
}

export const LOG_PATTERNS: readonly LogPattern[] = [...SCRIPT_PATTERNS, ...RCLONE_PATTERNS];

/** The first pattern that fits one message; null for one that is not known. */
export function matchLine(message: string): LogPattern | null {
  return LOG_PATTERNS.find(({ pattern }) => pattern.test(message)) ?? null;
}

/** In the order of the patterns. */
export function matchLogLines(lines: readonly string[]): LogMatch[] {
  const found = new Map<LogPattern, { line: string; count: number }>();
  for (const line of lines) {
    const message = messageOf(line);
    const pattern = matchLine(message);
    if (pattern === null) continue;
    found.set(pattern, { line: message, count: (found.get(pattern)?.count ?? 0) + 1 });
  }
  return LOG_PATTERNS.flatMap((pattern) => {
    const match = found.get(pattern);
    return match === undefined ? [] : [{ pattern, ...match }];
  });
}

const MAX_LINE = 240;

/** rclone logs JSON (--use-json-log) or `2026/11/25 08:00:00 ERROR : object: message`. A URL may carry a password. */
function messageOf(line: string): string {
  let text = line;
  if (line.startsWith('{')) {
    try {
      const entry: unknown = JSON.parse(line);
      if (isJsonObject(entry) && typeof entry['msg'] === 'string') text = entry['msg'];
    } catch {
      // A line that was cut off: as it stands.
    }
  }
  const message = withoutCredentials(text.replace(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\s*/, '')).trim();
  return message.length > MAX_LINE ? `${message.slice(0, MAX_LINE - 1)}…` : message;
}
