// The scripts that run by exec, in real shells.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { readShellScript } from '../../../scripts/generate-shell-scripts.ts';
import { parseLinkReading, parseSidecarReading } from '../../../src/diagnose/parse-look.ts';
import { FIND_LINKS_SCRIPT, LOOK_SIDECAR_SCRIPT } from '../../../src/diagnose/scripts/shell-scripts.ts';
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
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'media-stack-links-')));
    mkdirSync(join(folder, 'stream'));
    mkdirSync(join(folder, 'zurg'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As by exec: a stdin that stays open until it ends. */
  function run(script: string, args: readonly string[]): Promise<string> {
    const child = spawn(program, [...before, '-c', script, 'media-stack', ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    return new Promise((resolve) => {
      child.once('close', () => resolve(stdout));
    });
  }

  const find = async (max: number, ...hanging: readonly string[]) => {
    const root = join(folder, 'stream');
    return parseLinkReading(await run(FIND_LINKS_SCRIPT, ['5', String(max), root, ...hanging]), root, max);
  };

  it('tells links that lead on from those that do not', async () => {
    writeFileSync(join(folder, 'zurg/a film.mkv'), '');
    const links: Record<string, string> = {
      'a film.mkv': '../zurg/a film.mkv',
      'b.mkv': join(folder, 'zurg/gone.mkv'),
    };
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, 'stream', name));
    const { root, links: found, more } = await find(10);
    expect([root, more]).toEqual([join(folder, 'stream'), false]);
    expect(found.toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { path: join(folder, 'stream/a film.mkv'), target: '../zurg/a film.mkv', broken: false },
      { path: join(folder, 'stream/b.mkv'), target: join(folder, 'zurg/gone.mkv'), broken: true },
    ]);
  });

  it('does not touch what lies below a mount that may hang, however the link leads there', async () => {
    symlinkSync(join(folder, 'zurg/a.mkv'), join(folder, 'stream/a.mkv'));
    symlinkSync('../zurg/b.mkv', join(folder, 'stream/b.mkv'));
    const { links } = await find(10, join(folder, 'zurg'));
    expect(links.map(({ broken }) => broken)).toEqual([null, null]);
  });

  it('stops at its bound', async () => {
    for (let index = 0; index < 5; index += 1) symlinkSync('/nowhere', join(folder, `stream/${index}`));
    const { links, more } = await find(3);
    expect([links.length, more]).toEqual([3, true]);
  });

  it('says that there is no such folder', async () => {
    rmSync(join(folder, 'stream'), { recursive: true });
    expect(await find(3)).toEqual({ root: null, links: [], more: false });
  });

  it('reads the CPU time of its control group twice, where the machine has one', async () => {
    const { cpuCores, seconds } = parseSidecarReading(await run(LOOK_SIDECAR_SCRIPT, ['1']));
    if (cpuCores === null) return;
    expect(cpuCores).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeGreaterThan(0);
  });
});

describe('what look-sidecar.sh says', () => {
  it.each([
    [
      'device ok\ncpu-from 10.0 usec 1000000\ncpu-to 14.0 usec 3000000\n',
      { deviceError: null, cpuCores: 0.5, seconds: 4 },
    ],
    [
      'device ok\ncpu-from 10.0 nsec 1000000000\ncpu-to 12.0 nsec 2000000000\n',
      { deviceError: null, cpuCores: 0.5, seconds: 2 },
    ],
    [
      "device media-stack-look: line 30: can't open /dev/fuse: Operation not permitted\n",
      { deviceError: 'Operation not permitted', cpuCores: null, seconds: 0 },
    ],
    ['', { deviceError: 'unknown', cpuCores: null, seconds: 0 }],
  ])('%j', (output, reading) => {
    expect(parseSidecarReading(output)).toEqual(reading);
  });
});

test.each(['look-sidecar.sh', 'find-links.sh'])('shellcheck has nothing against %s', (file) => {
  if (!hasProgram('shellcheck')) return testWithout('shellcheck');
  const input = readShellScript(`diagnose/scripts/${file}`);
  expect(
    execFileSync('shellcheck', ['--shell=sh', '--severity=style', '-'], { input, encoding: 'utf8' }),
  ).toBe('');
});
