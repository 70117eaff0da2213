import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The command in a process of its own, as the real program registers it. */
const PROGRAM = `
  import { Command } from 'commander';
  import { registerServe } from './src/cli/serve.ts';
  const program = new Command('media-stack').version('1.2.3');
  registerServe(program);
  await program.parseAsync(['serve', ...JSON.parse(process.env.TEST_ARGUMENTS)], { from: 'user' });
`;

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exit: Promise<number | null>;
}

let folder: string;
let runs: Run[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
  runs = [];
});
afterEach(async () => {
  for (const { child } of runs) child.kill('SIGKILL');
  await Promise.all(runs.map((run) => run.exit));
  rmSync(folder, { recursive: true });
});

function serve(arguments_: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], TMPDIR: folder, TEST_ARGUMENTS: JSON.stringify(arguments_), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const run = { child, output, exit };
  runs.push(run);
  return run;
}

async function serveDev(...more: string[]): Promise<Run & { readonly curl: string }> {
  const run = serve(['--dev', '--port', '0', '--metrics-port', 'off', ...more]);
  await vi.waitFor(() => expect(run.output.stdout).toContain('Ctrl-C ends it'), { timeout: 20_000 });
  return { ...run, curl: /^curl .*$/m.exec(run.output.stdout)?.[0] ?? '' };
}

describe('serve --dev', () => {
  it.runIf(isInstalled('curl'))(
    'prints one line that shows the patch when it is pasted, from any folder',
    async () => {
      const { curl } = await serveDev();
      const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
      const patch = execFileSync('/bin/sh', ['-c', curl], { cwd: '/', env }).toString();
      const paths = (JSON.parse(patch) as { path: string }[]).map((operation) => operation.path);
      expect(paths).toContain('/spec/initContainers');
    },
  );

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'keeps its key to itself, and on %s ends with 0 and removes it',
    async (signal) => {
      const { child, exit, curl, output } = await serveDev();
      const caFile = /--cacert (\S+)/.exec(curl)?.[1] ?? '';
      expect(dirname(dirname(caFile))).toBe(folder);
      expect(statSync(dirname(caFile)).mode & 0o777).toBe(0o700);
      expect(statSync(join(dirname(caFile), 'tls.key')).mode & 0o777).toBe(0o600);
      child.kill(signal);
      expect(await exit).toBe(0);
      expect(existsSync(dirname(caFile))).toBe(false);
      expect(output.stderr).toMatch(/^\d\d:\d\d:\d\d info {2}stopped cutConnections=0$/m);
    },
  );

  it('names a busy port and the mend in one line, and leaves nothing behind', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const run = serve(['--dev', '--port', String(port)], { npm_lifecycle_event: 'start' });
    expect(await run.exit).toBe(2);
    blocker.close();
    expect(run.output.stderr).toMatch(
      new RegExp(
        `^Error: port ${port} of 127\\.0\\.0\\.1 is in use already\\. Take another one: npm start -- --port \\d+\n$`,
      ),
    );
    expect(run.output.stdout).toBe('');
    expect(existsSync(folder) && execFileSync('ls', [folder]).toString()).toBe('');
  });

  it('names file, line and column of bad settings', async () => {
    const file = join(folder, 'settings.yaml');
    writeFileSync(file, 'preferredNodes: []\npreferedNodes: []\n');
    const run = serve(['--dev', '--port', '0', '--settings', file]);
    expect(await run.exit).toBe(2);
    expect(run.output.stderr).toMatch(
      /settings\.yaml:2:1: settings-unknown-key preferedNodes: .*preferredNodes/,
    );
  });
});

describe('serve without --dev', () => {
  it.each([
    { args: [], error: /^Error: no certificate is given\. Add --cert-dir DIR/ },
    { args: ['--tls-cert', 'a'], error: /^Error: --tls-cert is given without --tls-key\./ },
    {
      args: ['--dev', '--cert-dir', 'a'],
      error: /^Error: --dev and --cert-dir each say where the certificate/,
    },
    {
      args: ['--cert-dir', '/nowhere'],
      error: /^Error: \/nowhere\/tls\.crt: the file cannot be read: there is no such/,
    },
  ])('$args is refused with one line per fault', async ({ args, error }) => {
    const run = serve(args);
    expect(await run.exit).toBe(2);
    expect(run.output.stderr).toMatch(error);
  });
});

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
