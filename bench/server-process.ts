// Starts a server as a process of its own, with its log in a pipe that is read, and ends it.
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { trackProcess, untrackProcess } from './child-processes.ts';

export interface ServerProcess {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** On the clock of `performance.now()`: when the process was started. */
  readonly startedAt: number;
  /** Lines on stdout so far. */
  readonly logLines: () => number;
  /** Ends it with SIGTERM, after 5 s with SIGKILL, and waits for it. */
  stop(): Promise<void>;
}

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const START_WITHIN_MS = 15_000;
const STOP_WITHIN_MS = 5_000;

/**
 * Starts `node ...args` and resolves when a line on its stdout has told its URL (`"url":"https://..."`). Rejects when
 * that line does not come. `folder` is for the pipe.
 */
export async function startServerProcess(args: readonly string[], folder: string): Promise<ServerProcess> {
  const pipe = openPipe(join(folder, 'log'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: REPOSITORY,
    // None of NODE_OPTIONS and the like: each server runs as it does for everyone.
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', pipe.writeEnd, 'pipe'],
  });
  closeSync(pipe.writeEnd);
  if (child.pid === undefined) throw new Error(`cannot start ${args[0]}`);
  const { pid } = child;
  trackProcess(pid);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => untrackProcess(pid));

  const log = new Socket({ fd: pipe.readEnd, readable: true, writable: false });
  let lines = 0;
  log.on('data', (chunk) => {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
  });
  const logEnded = new Promise<void>((resolve) => log.once('close', () => resolve()));
  const url = await readUrl(child, log);
  return {
    pid,
    host: url.hostname,
    port: Number(url.port),
    startedAt,
    logLines: () => lines,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
      // What is still in the pipe comes after the exit.
      await logEnded;
    },
  };
}

/**
 * A pipe as a container runtime gives it to a container. Node's own `stdio: 'pipe'` is a pair of Unix sockets, on which
 * a write costs more.
 */
function openPipe(path: string): { readonly readEnd: number; readonly writeEnd: number } {
  execFileSync('mkfifo', ['-m', '600', path]);
  // The read end first and without blocking: each end of a named pipe waits for the other when it is opened.
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  rmSync(path);
  return { readEnd, writeEnd };
}

function readUrl(child: ChildProcess, log: Socket): Promise<URL> {
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${child.spawnargs.slice(1).join(' ')}: ${why}\n${errors}${text}`));
    };
    const late = setTimeout(() => fail(`no URL on stdout within ${START_WITHIN_MS} ms`), START_WITHIN_MS);
    const onExit = (): void => {
      clearTimeout(late);
      fail('ended before it listened');
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const url = /"url":"(https:[^"]+)"/.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      log.off('data', onData);
      child.off('exit', onExit);
      resolve(new URL(url));
    };
    log.on('data', onData);
    child.once('exit', onExit);
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4_000);
    });
  });
}
