import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaStack, run } from '../../support/run-command.ts';

const complete = async (...words: string[]): Promise<string[]> => {
  // Without a kubeconfig, wherever the tests run.
  const ran = await mediaStack(['__complete', ...words], { env: { HOME: '/nonexistent' } });
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout.trimEnd().split('\n');
};

describe('__complete', () => {
  it('gives the commands with their descriptions, hidden ones and aliases left out', async () => {
    const lines = await complete('');
    expect(lines.at(-1)).toBe(':4');
    expect(lines).toContain('lint\tjudge manifests by the rules: files, folders, or - for stdin');
    const words = lines.slice(0, -1).map((line) => line.split('\t')[0]);
    expect(words).toContain('add-sidecars');
    expect(words).not.toContain('add');
    expect(words).not.toContain('__complete');
  });

  it.each<[string, string[], string[]]>([
    ['a command by its beginning', ['unin'], ['uninject\ttake out of manifests what inject put in', ':4']],
    ['a command behind help', ['help', 'unin'], ['uninject\ttake out of manifests what inject put in', ':4']],
    ['an option by its beginning', ['inject', '--out'], ['--output\twhat to print', ':4']],
    ['no option twice', ['inject', '--output', 'yaml', '--out'], [':4']],
    ['the values of an option', ['explain', '-o', ''], ['text', 'json', ':4']],
    ['the values behind a command alias', ['add', '-o', ''], ['diff', 'yaml', ':4']],
    ['the values behind an equals sign', ['explain', '--output=j'], ['--output=json', ':4']],
    ['the values of an argument', ['completion', ''], ['bash', 'zsh', 'fish', ':4']],
    ['files for an option', ['inject', '-f', ''], [':0']],
    ['files for the second word of an option', ['inject', '-f', 'a.yaml', ''], [':0']],
    [
      'options behind an option with many words',
      ['inject', '-f', 'a.yaml', '--out'],
      ['--output\twhat to print', ':4'],
    ],
    ['files for an argument', ['lint', 'a.yaml', ''], [':0']],
    ['folders', ['inject', '-k', ''], [':16']],
    [
      'rules',
      ['lint', '--rule', 'MS10'],
      [
        'MS101\tnodeSelector pins a node',
        'MS102\trequired node affinity pins nodes',
        'MS103\tnodeName set in a template',
        ':4',
      ],
    ],
    ['nothing for a number', ['add-sidecars', '--timeout', ''], [':4']],
    ['nothing behind the last argument', ['add-sidecars', 'sonarr', 'media', ''], [':4']],
    ['nothing for a command that is none', ['frobnicate', ''], [':4']],
    ['nothing for names of the cluster without one', ['add-sidecars', ''], [':4']],
    ['no options behind --', ['lint', '--', '--fi'], [':0']],
  ])('gives %s', async (_, words, lines) => {
    expect(await complete(...words)).toEqual(lines);
  });
});

it('__complete gives up on a cluster that does not answer', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const config = {
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  };
  const file = join(folder, 'silent.kubeconfig');
  writeFileSync(file, JSON.stringify(config));
  try {
    expect(await complete('add-sidecars', '--kubeconfig', file, '')).toEqual([':4']);
    expect(await complete('add-sidecars', '--kubeconfig', file, '--context', '')).toEqual(['c\tc', ':4']);
  } finally {
    silent.close();
  }
});

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const hasShell = (name: string): boolean => spawnSync(name, ['-c', ':']).status === 0;
const isRequired = process.env['MEDIA_STACK_REQUIRE_ALL'] === '1';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-shell-'));
  mkdirSync(join(folder, 'work/apps'), { recursive: true });
  writeFileSync(join(folder, 'work/a b.yaml'), '');
  symlinkSync(MAIN, join(folder, 'media-stack'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const env = (): Record<string, string> => ({
  // The Node that runs the tests, for the first line of main.ts.
  PATH: `${folder}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
});

describe.skipIf(!isRequired && !hasShell('bash'))('the script of bash', () => {
  const DRIVER = `
    source <(media-stack completion bash)
    drive() {
      COMP_WORDS=(media-stack "$@"); COMP_CWORD=$#; _media_stack; printf '<%s>' "\${COMPREPLY[@]}"; echo
    }
    complete -p media-stack
  `;
  const drive = async (line: string): Promise<string> => {
    const ran = await run('bash', ['--norc', '-c', `${DRIVER}\n${line}`], {
      cwd: join(folder, 'work'),
      env: env(),
    });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [registered, answer = ''] = ran.stdout.trimEnd().split('\n');
    expect(registered).toBe('complete -F _media_stack media-stack');
    return answer;
  };

  it.each([
    ['drive unin', '<uninject>'],
    ['drive explain -o ""', '<text><json>'],
    // As readline splits --output=j.
    ['drive explain --output = j', '<json>'],
    ['drive inject -f ""', '<a b.yaml><apps>'],
    ['drive inject -k ""', '<apps>'],
    ['drive add-sidecars --timeout ""', '<>'],
  ])('%s', async (line, answer) => {
    expect(await drive(line)).toBe(answer);
  });
});

describe.skipIf(!isRequired && !hasShell('zsh'))('the script of zsh', () => {
  // The functions of the completion system that only work at a prompt tell what they are called with.
  const DRIVER = `
    autoload -Uz compinit && compinit -u -D
    source <(media-stack completion zsh)
    print -r -- $_comps[media-stack]
    _describe() { print -rl -- "\${(@P)@[-1]}" }
    _files() { print -r -- "files $*" }
    drive() { words=(media-stack "$@"); CURRENT=\${#words}; _media_stack }
  `;

  it.each([
    ['drive unin', ['uninject:take out of manifests what inject put in']],
    ['drive explain -o ""', ['text', 'json']],
    ['drive inject -f ""', ['files ']],
    ['drive inject -k ""', ['files -/']],
    ['drive add-sidecars --timeout ""', []],
  ])('%s', async (line, answer) => {
    const ran = await run('zsh', ['-f', '-c', `${DRIVER}\n${line}`], {
      cwd: join(folder, 'work'),
      env: env(),
    });
    expect(ran).toEqual({ code: 0, stderr: '', stdout: `${['_media_stack', ...answer].join('\n')}\n` });
  });
});

describe.skipIf(!isRequired && !hasShell('fish'))('the script of fish', () => {
  it.each([
    ['media-stack unin', ['uninject\ttake out of manifests what inject put in']],
    ['media-stack explain -o ', ['text', 'json']],
    ['media-stack inject -f a', ['a b.yaml', 'apps/']],
    ['media-stack inject -k a', ['apps/\tDirectory']],
    ['media-stack add-sidecars --timeout ', []],
  ])('%s', async (line, answer) => {
    const script = `media-stack completion fish | source; complete -C '${line}'`;
    const ran = await run('fish', ['--no-config', '-c', script], { cwd: join(folder, 'work'), env: env() });
    expect(ran).toEqual({ code: 0, stderr: '', stdout: answer.map((word) => `${word}\n`).join('') });
  });
});
