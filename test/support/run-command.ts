// The command line as a person meets it: a process of its own, what it prints, how it ends.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The program, for those who start it themselves. */
export const MEDIA_STACK = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** What comes in at stdin; nothing when absent. */
  readonly stdin?: string;
  /** Beside PATH; colour is for each test to ask for. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `media-stack ARGUMENTS...`. */
export function mediaStack(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [MEDIA_STACK, ...args], options);
}

/** Runs a line of shell in which `$MEDIA_STACK` is the command. */
export function shell(line: string, options: RunOptions = {}): Promise<Ran> {
  const env = { MEDIA_STACK: `${process.execPath} ${MEDIA_STACK}`, ...options.env };
  return run('/bin/sh', ['-c', line], { ...options, env });
}

/** Runs any program to its end. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { PATH: process.env['PATH'], ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // A program that does not read its stdin may end before it is written.
    child.stdin.on('error', () => undefined).end(options.stdin ?? '');
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
