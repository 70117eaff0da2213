// A value that is read from files and read again when they change; the last good one wins. It follows cert-manager's
// file source (pkg/server/tls/file_source.go): compare bytes, parse before replacing, and never fail after the start.
import { dirname } from 'node:path';

import { renderProblemLine } from '../problem/problem.ts';
import type { Problem } from '../problem/problem.ts';
import { watchFolders } from './file-watch.ts';
import type { WatchFolders } from './file-watch.ts';
import { readSettled, sameBytes } from './read-settled.ts';
import type { FileBytes, ReadFile } from './read-settled.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly warnings?: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type ReloadResult = 'success' | 'failure';

/** The part of pino's logger that is used here. */
export interface ReloadLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ReloadableOptions<T> {
  /** What the files hold, for log lines: `settings`, `serving certificate`. */
  readonly what: string;
  readonly files: readonly string[];
  readonly readFile: ReadFile;
  /** `previous` is the value in use, absent on the first call. What it throws counts as a failed reload. */
  readonly parse: (bytes: FileBytes, previous: T | undefined) => Parsed<T>;
  /** Called with each value after the first, before `current` gives it. Where it throws, the old value stays. */
  readonly onChange?: ((value: T) => void) | undefined;
  /** Called once per attempt that found something else than the attempt before, the first load included. */
  readonly onReload?: ((result: ReloadResult) => void) | undefined;
  readonly log: ReloadLog;
  readonly pollMs: number;
  readonly watch?: WatchFolders | undefined;
}

export interface Reloadable<T> {
  /** The last good value. */
  current(): T;
  /** Why what the files hold at present is not in use; empty when it is. */
  problems(): readonly Problem[];
  /** Looks at the files at once, without waiting for an event or the poll; never rejects. */
  check(): Promise<void>;
  /** Ends the watch and the poll. `current` keeps answering. */
  stop(): void;
}

export type Started<T> =
  | { readonly ok: true; readonly source: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A change is several events (`cp` of two files, the kubelet's four renames); they are read as one. */
const SETTLE_MS = 50;

/**
 * Reads and parses at once; a first load that fails gives its problems and leaves nothing running. After that nothing
 * ends it but `stop`:
 *
 * | files                  | in use | told                                               |
 * |------------------------|--------|----------------------------------------------------|
 * | same bytes, in use     | stays  | nothing                                            |
 * | other bytes, good      | new    | onChange, onReload('success'), log info            |
 * | other bytes, bad; gone | stays  | onReload('failure'), log error with every problem  |
 * | bad as before          | stays  | nothing                                            |
 * | good bytes come back   | stays  | onReload('success'), log info                      |
 */
export async function startReloadable<T>(options: ReloadableOptions<T>): Promise<Started<Reloadable<T>>> {
  const { what, files, readFile, parse, onChange, onReload, log, pollMs } = options;
  const first = await attempt(files, readFile, (bytes) => parse(bytes, undefined));
  onReload?.(first.parsed.ok ? 'success' : 'failure');
  if (!first.parsed.ok) return { ok: false, problems: first.parsed.problems };

  let value = first.parsed.value;
  let inUse = first.bytes;
  let failure: readonly Problem[] = [];
  let failedBytes: FileBytes | undefined;
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  warn(first.parsed.warnings);

  const look = async (): Promise<void> => {
    if (stopped) return;
    const { bytes, parsed } = await attempt(files, readFile, (bytes) =>
      sameBytes(bytes, inUse) ? { ok: true, value } : parse(bytes, value),
    );
    if (stopped) return;
    if (!parsed.ok) {
      fail(bytes, parsed.problems);
      return;
    }
    const changed = !sameBytes(bytes, inUse);
    if (!changed && failure.length === 0) return;
    if (changed) {
      try {
        onChange?.(parsed.value);
      } catch (error) {
        fail(bytes, [unexpected(files, error)]);
        return;
      }
      value = parsed.value;
      inUse = bytes;
    }
    failure = [];
    onReload?.('success');
    log.info({ what, files, changed }, 'reloaded');
    warn(parsed.warnings);
  };

  function warn(warnings: readonly Problem[] | undefined): void {
    if (warnings && warnings.length > 0) {
      log.warn({ what, files, problems: warnings.map(renderProblemLine) }, 'in use, with problems');
    }
  }

  function fail(bytes: FileBytes | undefined, problems: readonly Problem[]): void {
    // Not by the text of the problems, which may hold the time.
    const isKnown = failure.length > 0 && sameBytes(bytes, failedBytes);
    failure = problems;
    failedBytes = bytes;
    if (isKnown) return;
    onReload?.('failure');
    log.error(
      { what, files, problems: problems.map(renderProblemLine) },
      'reload failed, the last good one stays in use',
    );
  }

  /** One look at a time; what happens meanwhile is looked at once more. */
  const check = async (): Promise<void> => {
    if (running) again = true;
    running ??= (async () => {
      do {
        again = false;
        await look().catch((error: unknown) => log.error({ what, err: error }, 'looking for changes failed'));
      } while (again);
      running = undefined;
    })();
    await running;
  };

  let settle: NodeJS.Timeout | undefined;
  const folders = files.map((file) => dirname(file));
  const watching = (options.watch ?? watchFolders)(folders, () => {
    settle ??= setTimeout(() => {
      settle = undefined;
      void check();
    }, SETTLE_MS).unref();
  });
  await watching.rearm();
  // For what changed between the first read and the watch.
  await check();
  const poll = setInterval(() => {
    void watching.rearm().then(check);
  }, pollMs).unref();

  const stop = (): void => {
    stopped = true;
    clearInterval(poll);
    clearTimeout(settle);
    watching.stop();
  };
  return { ok: true, source: { current: () => value, problems: () => failure, check, stop } };
}

interface Attempt<T> {
  readonly bytes: FileBytes | undefined;
  readonly parsed: Parsed<T>;
}

async function attempt<T>(
  files: readonly string[],
  readFile: ReadFile,
  parse: (bytes: FileBytes) => Parsed<T>,
): Promise<Attempt<T>> {
  const read = await readSettled(files, readFile);
  if (!read.ok) return { bytes: undefined, parsed: read };
  try {
    return { bytes: read.bytes, parsed: parse(read.bytes) };
  } catch (error) {
    return { bytes: read.bytes, parsed: { ok: false, problems: [unexpected(files, error)] } };
  }
}

/** A bug, not a fault of the file; it is told like one, so that the server lives on with what it has. */
function unexpected(files: readonly string[], error: unknown): Problem {
  return {
    code: 'reload-unexpected',
    level: 'deny',
    path: files.join(', '),
    message: `the content was not taken: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Please report this with the version: media-stack --version',
  };
}
