// A shell in which the programs that need a cluster, or would change this checkout, only write down how they were
// called. `npx media-stack` is the real program.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './markdown-blocks.ts';

export interface Call {
  readonly program: string;
  readonly arguments: readonly string[];
  /** What was piped into it, where it reads from `-`. */
  readonly stdin: string;
}

export interface ShellRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

const RECORDED = ['kubectl', 'oc', 'npm'];

const recorder = (log: string) => `#!${process.execPath}
const fs = require('node:fs');
const args = process.argv.slice(2);
const stdin = args.includes('-') ? fs.readFileSync(0, 'utf8') : '';
const program = require('node:path').basename(process.argv[1]);
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ program, arguments: args, stdin }) + '\\n');
`;

// npx makes its own way to the program; what comes behind its name is what the README promises.
const npx = `#!/bin/sh
[ "$1" = media-stack ] || { echo "npx $1: only media-stack is there" >&2; exit 127; }
shift
exec ${JSON.stringify(process.execPath)} ${JSON.stringify(`${ROOT}src/cli/main.ts`)} "$@"
`;

/** Runs a script with \`sh -e\` in an empty folder that has the examples of this project. */
export function runRecorded(script: string): ShellRun {
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-readme-'));
  try {
    const bin = join(folder, 'bin');
    const work = join(folder, 'work');
    const log = join(folder, 'calls');
    mkdirSync(bin);
    mkdirSync(work);
    symlinkSync(`${ROOT}examples`, join(work, 'examples'));
    const programs = [...RECORDED.map((name) => [name, recorder(log)] as const), ['npx', npx] as const];
    for (const [name, text] of programs) {
      writeFileSync(join(bin, name), text);
      chmodSync(join(bin, name), 0o755);
    }
    const { status, stdout, stderr } = spawnSync('sh', ['-ec', script], {
      cwd: work,
      encoding: 'utf8',
      env: { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, NO_COLOR: '1' },
    });
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
    return { exitCode: status, stdout, stderr, calls: lines.map((line) => JSON.parse(line) as Call) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
