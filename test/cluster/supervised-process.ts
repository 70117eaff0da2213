// A process that never outlives the one that started it, not even when that one is killed with SIGKILL: setpriv (of
// util-linux) asks the kernel for it (PR_SET_PDEATHSIG) and then becomes the program, so the pid is the program's own.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

export interface SupervisedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** `undefined` while it runs, else how it ended, with the end of its log. */
  readonly failure: () => string | undefined;
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>;
  /** Sends the signal (default SIGKILL) and waits for the end. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Takes stdout and stderr; appended to. */
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/** What a command line must look like so that it ends with its parent; the same where there is no setpriv (macOS). */
export function tiedToParent(command: string, args: readonly string[]): readonly [string, readonly string[]] {
  return SETPRIV === undefined ? [command, args] : [SETPRIV, ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/** Starts it; a command that cannot be run shows as a process that has ended. */
export function startProcess(options: ProcessOptions): SupervisedProcess {
  const { name, logFile } = options;
  const log = openSync(logFile, 'a');
  const [command, args] = tiedToParent(options.command, options.args);
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  });
  closeSync(log);
  let end: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      end ??= how;
      resolve();
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => finish(signal === null ? `exit code ${code}` : signal));
  });
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    failure: () => (end === undefined ? undefined : `${name} ended (${end}):\n${logTail(logFile)}`),
    ended,
    async kill(signal = 'SIGKILL') {
      if (end === undefined) child.kill(signal);
      await ended;
    },
  };
}

/** The last lines of a log. */
export function logTail(file: string, lines = 20): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
