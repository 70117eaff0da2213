// `lint -k` with a kubectl that writes down what it is asked for. A real one is in
// test/cluster/kustomize.cluster.test.ts.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaStack, run } from '../../support/run-command.ts';
import type { Ran } from '../../support/run-command.ts';
import { hasProgram, testWithout } from '../../support/required-program.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/rules');
const BAD = join(FIXTURES, 'MS101/bad.yaml');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-kustomize-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A kubectl that writes its arguments down, a line each, and goes on with a line of shell. */
function fakeKubectl(line: string): void {
  const file = join(folder, 'bin/kubectl');
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" >"${folder}/arguments"\n${line}\n`);
  chmodSync(file, 0o755);
}

const path = () => `${folder}/bin:/usr/bin:/bin`;
const lint = (...args: string[]): Promise<Ran> =>
  mediaStack(['lint', ...args], { cwd: folder, env: { PATH: path() } });
const argumentsOfKubectl = () => readFileSync(join(folder, 'arguments'), 'utf8').split('\n').slice(0, -1);

describe('lint -k', () => {
  it('judges what kubectl kustomize prints, and names the folder', async () => {
    fakeKubectl(`cat ${BAD}`);
    const { code, stdout, stderr } = await lint('-k', 'overlays/prod');
    expect({ code, stderr, asked: argumentsOfKubectl() }).toEqual({
      code: 1,
      stderr: '',
      asked: ['kustomize', 'overlays/prod'],
    });
    expect(stdout).toMatch(/^kustomize overlays\/prod:\d+:\d+ MS101 deny\n/);
    expect(stdout).toMatch(/\n1 workload in 1 file: 1 denied, 0 warned\n$/);
  });

  it('beside files', async () => {
    fakeKubectl(`cat ${BAD}`);
    const { code, stdout } = await lint('-k', 'base', BAD);
    expect([code, stdout.match(/^\S.*:\d+:\d+ MS101 deny$/gm)?.length]).toEqual([1, 2]);
  });

  it('hands the name of the folder over as it is, not to a shell', async () => {
    fakeKubectl('cat /dev/null');
    const name = '$(touch made); a "b"';
    expect((await lint('-k', name)).code).toBe(0);
    expect(argumentsOfKubectl()).toEqual(['kustomize', name]);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  it("ends with 2 and kubectl's own last line where that fails; the files are judged all the same", async () => {
    fakeKubectl('echo "# Warning: old" >&2; echo "error: no kustomization.yaml in base" >&2; exit 1');
    const { code, stdout, stderr } = await lint('-k', 'base', BAD);
    expect([code, stderr]).toEqual([
      2,
      'Error: base kubectl kustomize failed: error: no kustomization.yaml in base\n  mend: Run it by hand: kubectl kustomize base\n\n',
    ]);
    expect(stdout).toContain('1 workload in 1 file: 1 denied, 0 warned, 1 could not be read\n');
  });

  it('says that it needs kubectl', async () => {
    // Without /usr/bin, where there may be one.
    const ran = await mediaStack(['lint', '-k', 'base'], { cwd: folder, env: { PATH: `${folder}/bin` } });
    expect([ran.code, ran.stderr.split('\n')[0]]).toEqual([
      2,
      'Error: base kubectl, which -k needs, is not on the PATH',
    ]);
  });
});

describe('the progress of lint', () => {
  /** util-linux has another `script` than BSD and macOS. */
  const hasTerminal = hasProgram('script') && hasProgram('setsid');
  if (!hasTerminal) testWithout('script', 'bsdutils');
  else
    it('is one line on a terminal, once the work takes long, and is taken away before the report', async () => {
      // Half a second passes before anything is shown.
      fakeKubectl('sleep 0.6; echo "kind: Namespace"');
      const command = `"${process.execPath}" "${join(import.meta.dirname, '../../../src/cli/main.ts')}" lint -k base`;
      const env = { PATH: path(), NO_COLOR: '1' };
      const { code, stdout } = await run('script', ['-qec', command, '/dev/null'], { cwd: folder, env });
      expect([code, stdout]).toEqual([
        0,
        '\r\u001b[Kfile 1: kustomize base\r\u001b[K0 workloads in 1 file: 0 denied, 0 warned\r\nPassed over: 1 Namespace\r\n',
      ]);
    });
});
