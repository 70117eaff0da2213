import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../../src/version.ts';
import { mediaStack } from '../../support/run-command.ts';

const COMMANDS = [
  'add-sidecars',
  'check-media-mounts',
  'completion',
  'explain',
  'generate-media-app',
  'inject',
  'lint',
  'migrate',
  'policy',
  'serve',
  'troubleshoot-mounts',
  'uninject',
];

describe('--help', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists every command', async (argument) => {
    const ran = await mediaStack([argument]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Usage: media-stack \[options\] \[command\]\n/);
    const listed = [...ran.stdout.matchAll(/^ {2}([a-z-]+)(?:\|[a-z]+)? (?:\[options\]|<)/gm)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual(COMMANDS);
  });

  it.each(COMMANDS)('%s --help explains its options', async (command) => {
    const [long, short, help] = await Promise.all([
      mediaStack([command, '--help']),
      mediaStack([command, '-h']),
      mediaStack(['help', command]),
    ]);
    expect(long).toMatchObject({ code: 0, stderr: '' });
    expect(long.stdout).toMatch(
      new RegExp(`^Usage: media-stack ${command}(\\|[a-z]+)? \\[options\\].*\\n\\n\\S.+\\n`),
    );
    expect(long.stdout).toContain('-h, --help');
    expect([short, help]).toEqual([long, long]);
  });
});

describe('--version', () => {
  it('is that of package.json', async () => {
    const packageJson = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(await mediaStack(['--version'])).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
    expect(VERSION).toBe(packageJson.version);
  });
});

describe('what cannot be understood ends with 2 and one clear line', () => {
  const MORE = '(add --help for what can be written here)';
  it.each([
    [['injekt'], "error: unknown command 'injekt'", '(Did you mean inject?)'],
    [['frobnicate'], "error: unknown command 'frobnicate'"],
    [['--wat'], "error: unknown option '--wat'"],
    [['inject', '--wat'], "error: unknown option '--wat'"],
    [['inject', '--dif'], "error: unknown option '--dif'", '(Did you mean --diff?)'],
    [
      ['inject', 'sonarr.yaml'],
      "error: too many arguments for 'inject'. Expected 0 arguments but got 1: sonarr.yaml.",
    ],
    [['inject', '-f'], "error: option '-f, --filename <file...>' argument missing"],
    [
      ['inject', '-f', 'x', '-o', 'xml'],
      "error: option '-o, --output <form>' argument 'xml' is invalid. Allowed choices are yaml, json, diff, patch.",
    ],
    [
      ['inject', '-f', 'x', '--diff', '--patch'],
      "error: option '--diff' cannot be used with option '--patch'",
    ],
    [
      ['explain', '-o', 'yaml'],
      "error: option '-o, --output <form>' argument 'yaml' is invalid. Allowed choices are text, json.",
    ],
    [
      ['serve', '--port', 'http'],
      "error: option '--port <port>' argument 'http' is invalid. Expected is a number from 0 (any free port) to 65535.",
    ],
  ])('%j', async (args, ...lines) => {
    expect(await mediaStack(args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `${[...lines, MORE].join('\n')}\n`,
    });
  });

  it('so does no command at all, with the help', async () => {
    const ran = await mediaStack([]);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toMatch(/^Usage: media-stack /);
  });
});

describe('a command that needs no cluster', () => {
  it.each([['lint', '--help'], ['add-sidecars', '--help'], ['--version']])(
    '%s %s loads no client of one',
    async (...args) => {
      const folder = mkdtempSync(join(tmpdir(), 'media-stack-loaded-'));
      try {
        // Where V8 writes its coverage it names every script that was loaded.
        const { code } = await mediaStack(args, { env: { NODE_V8_COVERAGE: folder } });
        expect(code).toBe(0);
        const reports = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
        const loaded = reports.flatMap((text) =>
          (JSON.parse(text) as { result: { url: string }[] }).result.map(({ url }) => url),
        );
        expect(loaded.filter((url) => url.endsWith('/src/cli/main.ts'))).toHaveLength(1);
        expect(loaded.filter((url) => /client-node|\/ws\//.test(url))).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

describe('words that make no sense together', () => {
  it.each([
    [['check', ''], 'the namespace is empty'],
    [['check', 'media', '-n', ''], '--namespace is empty'],
    [['check', '--kubeconfig', ''], '--kubeconfig is empty'],
    [
      ['check', 'media', '--max-count', '5', '--min-entries', '10'],
      '--max-count 5 is below --min-entries 10: no count could ever reach it',
    ],
    [['troubleshoot', 'sonarr', '--only', ''], '--only names no check'],
  ])('%j ends with 2 and one line', async (args, message) => {
    const { code, stdout, stderr } = await mediaStack(args);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: '',
      first: `Error: ${message}`,
    });
  });

  it('does not write and print a diff at once', async () => {
    const { code, stderr } = await mediaStack(['inject', '-f', 'examples/sonarr.yaml', '--write', '--diff']);
    expect(code).toBe(2);
    expect(stderr).toContain("option '--write' cannot be used with option '--diff'");
  });
});
