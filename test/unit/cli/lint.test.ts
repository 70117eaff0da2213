// `media-stack lint` as a person meets it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaStack } from '../../support/run-command.ts';
import type { RunOptions } from '../../support/run-command.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/rules');
const fixture = (id: string, kind: 'bad' | 'good') =>
  readFileSync(join(FIXTURES, id, `${kind}.yaml`), 'utf8');
const BAD = fixture('MS101', 'bad');
const GOOD = fixture('MS101', 'good');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-lint-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const lint = (args: readonly string[], options: RunOptions = {}) =>
  mediaStack(['lint', ...args], { cwd: folder, ...options });
/** `FILE:LINE:COLUMN RULE` of each finding. */
const found = (stdout: string) =>
  [...stdout.matchAll(/^(\S+):\d+:\d+ (MS\d{3}) (\w+)$/gm)].map(([, file, id, level]) => [file, id, level]);

describe('the exit code of lint', () => {
  beforeEach(() => {
    write('bad.yaml', BAD);
    write('warned.yaml', fixture('MS308', 'bad'));
    write('good.yaml', GOOD);
  });

  it.each<[string[], number]>([
    [['good.yaml'], 0],
    [['warned.yaml'], 0],
    [['--fail-on', 'warn', 'warned.yaml'], 1],
    [['bad.yaml'], 1],
    [['--fail-on', 'never', 'bad.yaml'], 0],
    [['--rule', 'MS102', 'bad.yaml'], 0],
    [['--rule', 'MS101,MS102', 'bad.yaml'], 1],
    [['good.yaml', 'no-such-file.yaml'], 2],
    [['--rule', 'MS111', 'good.yaml'], 2],
    [[], 2],
  ])('of %j is %i', async (args, code) => {
    expect((await lint(args)).code).toBe(code);
  });
});

describe('lint', () => {
  it('names a bad file among good ones, and checks the others', async () => {
    write('a.yaml', BAD);
    write('broken.yaml', 'kind: Deployment\n  spec: [\n');
    const { code, stdout, stderr } = await lint(['.']);
    expect(code).toBe(2);
    expect(found(stdout)).toEqual([['a.yaml', 'MS101', 'deny']]);
    expect(stderr).toMatch(/^broken\.yaml:1:\d+ yaml-syntax\n/);
  });

  it('does not take a broken file for a Helm template because of a comment', async () => {
    write('broken.yaml', `# rendered from {{ .Values }}\n${BAD}  spec: [\n`);
    const { code, stdout, stderr } = await lint(['.']);
    expect([code, stdout]).toEqual([2, '0 workloads in 1 file: 0 denied, 0 warned, 1 could not be read\n']);
    expect(stderr).toMatch(/^broken\.yaml:\d+:\d+ yaml-syntax\n/);
  });

  it('walks a folder as git sees it', async () => {
    write('.gitignore', 'build/\n*.tmp.yaml\n');
    write('apps/a.yaml', BAD);
    write('apps/b.yml', BAD);
    write('apps/c.json', '{}');
    write('apps/notes.txt', BAD);
    write('apps/x.tmp.yaml', BAD);
    write('apps/.gitignore', '!x.tmp.yaml\ngenerated.yaml\n');
    write('apps/generated.yaml', BAD);
    write('build/d.yaml', BAD);
    write('node_modules/e.yaml', BAD);
    write('.git/f.yaml', BAD);
    const { stdout } = await lint(['.']);
    expect(found(stdout).map(([file]) => file)).toEqual(['apps/a.yaml', 'apps/b.yml', 'apps/x.tmp.yaml']);
  });

  it('judges a file once that is given twice', async () => {
    write('a.yaml', BAD);
    expect(found((await lint(['a.yaml', '.', './a.yaml'])).stdout)).toHaveLength(1);
  });

  it('reads stdin, documents, Lists, CRLF and a byte order mark', async () => {
    const list = `\uFEFF${['apiVersion: v1', 'kind: List', 'items:', ...indented(BAD)].join('\r\n')}\r\n---\r\n${BAD.replaceAll('\n', '\r\n')}`;
    const { code, stdout } = await lint(['-'], { stdin: list });
    expect(code).toBe(1);
    expect(found(stdout).map(([, id]) => id)).toEqual(['MS101', 'MS101']);
  });

  it('passes over what is no workload, what is a Helm template and what asks for no mounts, and counts it', async () => {
    write('chart/deployment.yaml', 'kind: Deployment\n{{- if .Values.x }}\nspec: {{ .Values.y }}\n');
    write('release.yaml', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n');
    write('secret.yaml', 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n');
    write('kustomization.yaml', 'resources: [a.yaml]\n');
    write('plain.yaml', BAD.replace(/^.*media-stack\/cloud-mounts.*\n/m, ''));
    const { code, stdout, stderr } = await lint(['.']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      '0 workloads in 5 files: 0 denied, 0 warned\n' +
        'Passed over: 1 Deployment without mounts, 1 Helm template, 1 HelmRelease, 1 SealedSecret, 1 no Kubernetes object\n',
    );
  });

  it('passes over a patch that sets the label, as Kustomize has them, but for a label that nobody understands', async () => {
    const patch = (value: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: sonarr }\nspec: { template: { metadata: { labels: { media-stack/cloud-mounts: ${value} } } } }\n`;
    write('label.yaml', patch('"true"'));
    for (const args of [['.'], ['--assume-label', '.']]) {
      const { code, stdout } = await lint(args);
      expect([code, stdout]).toEqual([
        0,
        '0 workloads in 1 file: 0 denied, 0 warned\nPassed over: 1 Deployment without containers\n',
      ]);
    }
    write('label.yaml', patch('yes'));
    expect(found((await lint(['.'])).stdout)).toEqual([['label.yaml', 'MS502', 'deny']]);
  });

  it('finds the label of a CronJob at its jobTemplate, and moves it', async () => {
    const text = (job: string, pod: string) =>
      `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: scan }\nspec:\n  jobTemplate:\n    metadata:\n      name: x\n${job}    spec:\n      template:\n        metadata:\n          name: x\n${pod}        spec: { containers: [{ name: scan, image: "scan:1" }] }\n`;
    const label = (indent: string) => `${indent}labels:\n${indent}  media-stack/cloud-mounts: "true"\n`;
    write('scan.yaml', text(label('      '), ''));
    expect(found((await lint(['.'])).stdout)).toEqual([['scan.yaml', 'MS501', 'warn']]);
    await lint(['--fix', '.']);
    expect(readFileSync(join(folder, 'scan.yaml'), 'utf8')).toBe(text('', label('          ')));
  });

  it('judges every workload with --assume-label', async () => {
    write('plain.yaml', BAD.replace(/^.*media-stack\/cloud-mounts.*\n/m, ''));
    expect(found((await lint(['--assume-label', '.'])).stdout)).toEqual([['plain.yaml', 'MS101', 'deny']]);
  });

  it('takes the levels of the settings', async () => {
    write('a.yaml', BAD);
    write('settings.yml', 'policy: { rules: { MS101: warn } }\n');
    const { code, stdout } = await lint(['--settings', 'settings.yml', 'a.yaml']);
    expect([code, found(stdout)]).toEqual([0, [['a.yaml', 'MS101', 'warn']]]);
  });

  it('says which rule was meant', async () => {
    write('a.yaml', GOOD);
    expect((await lint(['--rule', 'MS20', 'a.yaml'])).stderr).toContain('Did you mean "MS201"?');
  });

  it('shows no progress off a terminal', async () => {
    for (let index = 0; index < 50; index += 1) write(`apps/${index}.yaml`, GOOD);
    expect((await lint(['apps'])).stderr).toBe('');
  });
});

function indented(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('#') && line !== '---')
    .map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}
