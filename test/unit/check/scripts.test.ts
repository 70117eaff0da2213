// The scripts that run by exec, in real shells with real programs; a fake rclone and a fake ls hang where one must.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseBackendReading, parseContainerReading } from '../../../src/check/parse-reading.ts';
import { ASK_BACKEND_SCRIPT, CHECK_MOUNTS_SCRIPT } from '../../../src/check/scripts/shell-scripts.ts';
import { waitUntil } from '../../cluster/wait-until.ts';
import { hasProgram, testWithout } from '../../support/required-program.ts';

const SHELLS = [
  { name: 'sh', argv: ['sh'] },
  { name: 'busybox sh', argv: ['busybox', 'sh'] },
];

describe.each(SHELLS)('under $name', ({ argv: [program = '', ...before] }) => {
  if (!hasProgram(program)) {
    testWithout(program);
    return;
  }
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'media-stack-check-')));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // Its group has ended.
      }
    }
    rmSync(folder, { recursive: true });
  });

  function fake(name: string, body: string): void {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }

  /** As by exec: a session of its own, and a stdin that stays open. */
  function start(script: string, args: readonly string[]) {
    const child = spawn(program, [...before, '-c', script, 'media-stack-check', ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, LC_ALL: 'C' },
    });
    children.push(child);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const ended = new Promise<string>((resolve) => {
      child.once('close', () => resolve(stdout));
    });
    return { child, ended };
  }

  const look = async (...args: readonly string[]) =>
    parseContainerReading(await start(CHECK_MOUNTS_SCRIPT, args).ended, (args.length - 3) / 3);

  it('counts the entries of several mounts, each by its number', async () => {
    for (const name of ['a', 'b']) mkdirSync(join(folder, name));
    for (const file of ['.hidden', 'x', 'with blank']) writeFileSync(join(folder, 'a', file), '');
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    const { mounts, hasTools } = await look('5', '100', folder, 'list', a, a, 'list', b, b);
    expect(mounts.map(({ statfs, listing }) => [statfs, listing?.answer, listing?.entries])).toEqual([
      [{ outcome: 'ok' }, { outcome: 'ok' }, 3],
      [{ outcome: 'ok' }, { outcome: 'ok' }, 0],
    ]);
    expect(hasTools).toBe(true);
  });

  it('stops counting at the bound', async () => {
    for (let file = 0; file < 20; file += 1) writeFileSync(join(folder, `f${file}`), '');
    const { mounts } = await look('5', '5', folder, 'list', folder, folder);
    expect(mounts[0]?.listing?.entries).toBe(5);
  });

  it('says why a path cannot be listed', async () => {
    const { mounts } = await look('5', '5', folder, 'list', folder, join(folder, 'none'));
    expect(mounts[0]?.listing?.answer).toEqual({ outcome: 'error', message: 'No such file or directory' });
  });

  it('lists nothing where only statfs is asked for, and asks nothing where only the table is', async () => {
    const { mounts } = await look('5', '5', folder, 'statfs', folder, folder, 'table', folder, folder);
    expect(mounts).toEqual([
      { statfs: { outcome: 'ok' }, listing: null },
      { statfs: null, listing: null },
    ]);
  });

  it('shows the mounts below the media path only', async () => {
    const { table } = await look('5', '5', '/proc', 'table', '/proc', '/proc');
    expect(table.map(({ at, type }) => [at, type])).toContainEqual(['/proc', 'proc']);
    expect(table.filter(({ at }) => !at.startsWith('/proc'))).toEqual([]);
  });

  it('gives the server behind a mount its own time, and hands on the flags', async () => {
    fake('rclone', `echo "$@" >${folder}/args`);
    const { ended } = start(ASK_BACKEND_SCRIPT, ['5', '/mnt/media', 'zurg:', '--config=/x y']);
    expect(parseBackendReading(await ended).answer).toEqual({ outcome: 'ok' });
    expect(readFileSync(join(folder, 'args'), 'utf8')).toBe(
      'lsf zurg: --max-depth 1 --contimeout 5s --timeout 5s --retries 1 --low-level-retries 1 --log-level ERROR --config=/x y\n',
    );
  });

  it('kills an rclone that does not end in time', async () => {
    fake('rclone', 'exec sleep 600');
    const { ended } = start(ASK_BACKEND_SCRIPT, ['1', '/mnt/media', 'zurg:']);
    expect(parseBackendReading(await ended).answer).toEqual({ outcome: 'timeout' });
  });

  it('hands on what rclone complains of', async () => {
    fake('rclone', 'echo "2026/11/25 07:00:00 ERROR : : error listing: 401 Unauthorized" >&2; exit 1');
    const { ended } = start(ASK_BACKEND_SCRIPT, ['5', '/mnt/media', 'zurg:']);
    expect(parseBackendReading(await ended).answer).toEqual({
      outcome: 'error',
      message: 'error listing: 401 Unauthorized',
    });
  });

  it('ends with all it has started when its stdin ends', async () => {
    fake('rclone', `echo $$ >${folder}/pid; exec sleep 600`);
    const { child, ended } = start(ASK_BACKEND_SCRIPT, ['600', '/mnt/media', 'zurg:']);
    const pid = await waitUntil('rclone', () => Number(readFileSync(join(folder, 'pid'), 'utf8')), {
      timeoutMs: 10_000,
    });
    child.stdin.end();
    await ended;
    await waitUntil('rclone to be gone', () => !isAlive(pid), { timeoutMs: 10_000 });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
