import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../../src/version.ts';
import { mediaStack } from '../../support/run-command.ts';

const COMMANDS = ['explain', 'generate-media-app', 'inject', 'lint', 'policy', 'serve', 'uninject'];

describe('--help', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists every command', async (argument) => {
    const ran = await mediaStack([argument]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Usage: media-stack \[options\] \[command\]\n/);
    const listed = [...ran.stdout.matchAll(/^ {2}([\w-]+)(?:\|\w+)? \[options\]/gm)].map(([, name]) => name);
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
      new RegExp(
        `^Usage: media-stack ${command}(\\|\\w+)? \\[options\\]( [\\[<][\\w.]+[\\]>])*\\n\\n\\S.+\\n`,
      ),
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
