// Everything in the README that can be run is run, everything else in it is at least there.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { describe, expect, it, test, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import { asDeployment, injectText, judgeText } from './injected-manifest.ts';
import { readBlocks, ROOT } from './markdown-blocks.ts';
import { runRecorded } from './recording-shell.ts';

const blocks = readBlocks('README.md');
const inLanguage = (language: string) => blocks.filter((block) => block.language === language);
const [before, after, settings, ...otherYaml] = inLanguage('yaml').map((block) => block.text);
const runs = inLanguage('sh').map(({ text, line }) => ({ line, text, ...runRecorded(text) }));
const calls = runs.flatMap((run) => run.calls);
const scripts = (
  JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> }
).scripts;

describe('commands', () => {
  it.each(runs)('at line $line run to their end', ({ exitCode, stderr }) => {
    expect({ exitCode, stderr: stderr.includes('Error') ? stderr : '' }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('of npm are scripts that exist, and the lock file that npm ci needs is there', () => {
    const npm = calls.filter((call) => call.program === 'npm').map((call) => call.arguments.join(' '));
    expect(npm).toEqual(['ci', 'start']);
    expect(scripts['start']).toBeDefined();
    expect(existsSync(`${ROOT}package-lock.json`)).toBe(true);
  });

  it('pipe injected manifests into kubectl, and uninject gives back the file', () => {
    const applied = calls.filter((call) => call.arguments.join(' ') === 'apply -f -');
    const example = readFileSync(`${ROOT}examples/sonarr.yaml`, 'utf8');
    expect(applied[0]?.stdin).toBe(injectText(example).after);
    const offline = runs.find(({ text }) => text.includes('uninject'));
    expect(offline?.stdout.endsWith(example)).toBe(true);
  });

  it('make the Secrets that the default settings name, with the key rclone.conf', () => {
    const created = calls
      .map((call) => call.arguments.join(' '))
      .filter((line) => line.includes('create secret') && !line.includes('--dry-run'));
    expect(created).toEqual([
      '-n media create secret generic rclone-zurg-config --from-file=rclone.conf=zurg.conf',
      '-n media create secret generic rclone-config --from-file=rclone.conf=torbox.conf',
    ]);
    expect(inLanguage('ini').map(({ text }) => /^\[(.*)\]$/m.exec(text)?.[1])).toEqual(['zurg', 'torbox']);
  });
});

describe('kubectl patch', () => {
  const call = calls.find(({ arguments: words }) => words.includes('patch'));
  const patch: unknown = JSON.parse(call?.arguments.at(-1) ?? '');
  const example = parse(readFileSync(`${ROOT}examples/sonarr.yaml`, 'utf8')) as Workload;
  delete example.spec.template.metadata.labels['media-stack/cloud-mounts'];

  it('is what makes the pods of a Deployment injected', () => {
    expect(outcomeOf(example)).toBe('label_absent');
    expect(outcomeOf(mergePatch(example, patch))).toBe('zurg, torbox');
  });

  it('keeps the labels that are there', () => {
    const patched = mergePatch(example, patch) as Workload;
    expect(patched.spec.template.metadata.labels).toEqual({
      app: 'sonarr',
      'media-stack/cloud-mounts': 'true',
    });
  });

  it('would do nothing on the Deployment itself', () => {
    const onDeployment = { metadata: { labels: { 'media-stack/cloud-mounts': 'true' } } };
    expect(outcomeOf(mergePatch(example, onDeployment))).toBe('label_absent');
  });
});

describe('YAML', () => {
  it('is all known to this test', () => {
    expect(otherYaml).toEqual([]);
  });

  it('before: the hand-written sidecar is known as one, and not injected again', () => {
    const { workloads } = injectText(asDeployment(before ?? ''), { assumeLabel: true });
    expect(workloads[0]?.outcome).toBe('injected');
    expect(JSON.stringify(workloads[0]?.patch)).toContain('"name":"rclone-torbox"');
    expect(JSON.stringify(workloads[0]?.patch)).not.toContain('"name":"rclone-zurg"');
  });

  it('after: the label is all that it needs', () => {
    const text = asDeployment(after ?? '');
    expect(injectText(text).workloads[0]).toMatchObject({ outcome: 'injected', detail: 'zurg, torbox' });
    expect(judgeText(text)).toEqual([]);
  });

  it('settings: are valid, and give the after example their remotes', () => {
    const parsed = parseSettings(settings ?? '', 'settings.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const { workloads } = injectText(asDeployment(after ?? ''), { settings: parsed.settings });
    expect(workloads[0]?.detail).toBe('zurg, films');
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test.skipIf(!hasCurl)('npm start prints one curl line, and it shows the patch', async () => {
  const server = spawn('sh', ['-c', `${scripts['start']} --port 0 --metrics-port off`], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}` },
  });
  try {
    let stdout = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    await vi.waitFor(() => expect(stdout).toContain('Ctrl-C ends it'), { timeout: 20_000 });
    const lines = stdout.split('\n').filter((line) => line.startsWith('curl '));
    expect(lines).toHaveLength(1);
    const shown: unknown = JSON.parse(execFileSync('sh', ['-c', lines[0] ?? ''], { encoding: 'utf8' }));
    expect(shown).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: '/spec/initContainers' })]),
    );
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
});

interface Workload {
  readonly spec: { readonly template: { readonly metadata: { readonly labels: Record<string, string> } } };
}

/** The remotes, or why nothing was injected. */
function outcomeOf(workload: unknown): string | undefined {
  return injectText(stringify(workload)).workloads[0]?.detail;
}

/** RFC 7396, which for maps is what kubectl's strategic merge does. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
