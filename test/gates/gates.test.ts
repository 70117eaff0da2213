// The ready-made gates of deploy/ci, run as their CI would: each step of the GitHub action and of the GitLab job with
// the environment that it is given, and the pre-commit hook from the packed package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../support/run-command.ts';

const ROOT = join(import.meta.dirname, '../..');
const CI = join(ROOT, 'deploy/ci');
const BAD = join(ROOT, 'test/fixtures/rules/MS101/bad.yaml');
const GOOD = join(ROOT, 'test/fixtures/rules/MS101/good.yaml');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-gates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Step {
  readonly name: string;
  readonly if?: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

describe('the GitHub action', () => {
  const action = parse(readFileSync(join(CI, 'github/action.yml'), 'utf8')) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly steps: readonly Step[] };
  };
  const { steps } = action.runs;

  function step(name: string, inputs: Readonly<Record<string, string>>) {
    const found = steps.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`no step ${name}`);
    const values = Object.fromEntries(
      Object.entries(action.inputs).map(([key, input]) => [key, inputs[key] ?? input.default]),
    );
    const env = Object.fromEntries(
      Object.entries(found.env ?? {}).map(([key, text]) => [
        key,
        text.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/, (_all, name: string) => values[name] ?? '?'),
      ]),
    );
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', found.run], {
      env: { ...env, GITHUB_ACTION_PATH: join(CI, 'github') },
    });
  }

  it('never pastes an input into a shell', () => {
    expect(steps.filter(({ run: script }) => script.includes('${{'))).toEqual([]);
  });

  it('uses no other action, so that there is none to pin', () => {
    expect(steps.filter((candidate) => 'uses' in candidate)).toEqual([]);
  });

  it('annotates the diff and fails for a denied manifest', async () => {
    const { code, stdout } = await step('Lint', { paths: `${BAD}\n${GOOD}` });
    expect(stdout).toMatch(/^::error file=.*bad\.yaml,line=\d+,col=\d+,title=MS101::/);
    expect(code).toBe(1);
  });

  it('passes a clean one, and takes a path for nothing but a path', async () => {
    expect((await step('Lint', { paths: GOOD })).code).toBe(0);
    const { code, stderr } = await step('Lint', { paths: '--assume-label\n$(touch pasted)' });
    expect(code).toBe(2);
    expect(stderr).toContain('--assume-label');
  });

  it('writes SARIF without failing', async () => {
    const file = join(folder, 'media-stack.sarif');
    const { code } = await step('Write the SARIF report', { paths: BAD, 'sarif-file': file });
    // The name of the file comes by the environment like all others.
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: '2.1.0' });
  });
});

describe('the GitLab job', () => {
  const file = readFileSync(join(CI, 'gitlab/media-stack.gitlab-ci.yml'), 'utf8');
  const job = (parse(file) as Record<string, Record<string, unknown>>)['media-stack-lint'];

  it('writes the report that it uploads, and fails for a denied manifest', async () => {
    symlinkSync(ROOT, join(folder, 'media-stack'));
    const { script, variables, artifacts } = job as {
      readonly script: readonly string[];
      readonly variables: Readonly<Record<string, string>>;
      readonly artifacts: { readonly reports: { readonly junit: string } };
    };
    const { code } = await run('bash', ['-eo', 'pipefail', '-c', script.join('\n')], {
      cwd: folder,
      env: { ...variables, CI_BUILDS_DIR: folder, MEDIA_STACK_PATHS: BAD },
    });
    expect(code).toBe(1);
    const report = readFileSync(join(folder, artifacts.reports.junit), 'utf8');
    expect(report).toContain('<failure message="MS101">');
  });
});

describe('the pre-commit hook', () => {
  const hooks = parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as {
    readonly id: string;
    readonly entry: string;
    readonly language: string;
  }[];

  it('runs from the packed package, as pre-commit installs it', { timeout: 120_000 }, async () => {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const modules = join(folder, 'installed/node_modules');
    mkdirSync(modules, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, `media-stack-${version}.tgz`), '-C', modules]);
    const bin = join(modules, 'package/bin/media-stack.mjs');
    const manifest = join(folder, 'sonarr.yaml');
    writeFileSync(manifest, readFileSync(BAD, 'utf8'));
    const codes: Record<string, number | null> = {};
    for (const { id, entry, language } of hooks) {
      expect(language).toBe('node');
      const [command, ...args] = entry.split(' ');
      expect(command).toBe('media-stack');
      const { code, stdout } = await run(process.execPath, [bin, ...args, manifest]);
      expect(stdout).toContain('MS101');
      codes[id] = code;
    }
    // The second has mended it; pre-commit fails by itself for a file that a hook has changed.
    expect(codes).toEqual({ 'media-stack-lint': 1, 'media-stack-fix': 0 });
    expect(readFileSync(manifest, 'utf8')).not.toContain('nodeSelector:');
  });
});
