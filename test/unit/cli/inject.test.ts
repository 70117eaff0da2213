import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import jsonpatch from 'fast-json-patch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { explainFile } from '../../../src/cli/explanation.ts';
import { injectFile, uninjectFile } from '../../../src/cli/manifest-injection.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { mediaStack, shell } from '../../support/run-command.ts';
import type { Ran } from '../../support/run-command.ts';

const APP = `# The managers' zone.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sonarr   # the app
spec:
  template:
    metadata:
      labels: { media-stack/cloud-mounts: "true" }
    spec:
      containers:
        - name: sonarr
          image: sonarr:4 # pinned
`;
const JOB = `apiVersion: batch/v1
kind: Job
metadata: { name: scan }
spec: { template: { metadata: { labels: { media-stack/cloud-mounts: "true" } }, spec: { restartPolicy: Never, containers: [{ name: scan, image: scan:1 }] } } }
`;
const PLAIN = APP.replace('labels: { media-stack/cloud-mounts: "true" }', 'labels: {}').replaceAll(
  'sonarr',
  'plain',
);
const REFUSED = APP.replace('"true"', '"True"').replaceAll('sonarr', 'radarr');
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata: { a: "1" }\n';
const BROKEN = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n   labels: {}\n';
const NONE = { code: 0, stderr: expect.any(String) as string };

const FILES: Readonly<Record<string, string>> = {
  'app.yaml': APP,
  'job.yaml': JOB,
  'plain.yaml': PLAIN,
  'refused.yaml': REFUSED,
  'config.yaml': CONFIG,
  'broken.yaml': BROKEN,
  'many.yaml': `${APP}---\n${CONFIG}---\n# nothing\n---\n${JOB}`,
  'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${[APP, CONFIG, JOB].map((text) => `- ${text.trim().replaceAll('\n', '\n  ')}\n`).join('')}`,
  'folder/b.yml': JOB,
  'folder/a.yaml': APP,
  'folder/readme.md': 'media-stack/cloud-mounts',
  'folder/deeper/c.json': JSON.stringify(parse(JOB.replaceAll('scan', 'deep'))),
  'settings.yaml': 'remotes: [{ name: films, secret: films }]\n',
  'bad-settings.yaml': '# mine\nremote: []\n',
  'empty.yaml': '',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-cli-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const inject = (...args: string[]): Promise<Ran> => mediaStack(['inject', ...args], { cwd: folder });
/** The rows of the account on stderr, the heading first. */
const account = ({ stderr }: Ran) =>
  stderr
    .slice(stderr.search(/^FILE /m))
    .split('\n')
    .filter((line) => /\b(injected|skipped|refused|OUTCOME)\b/.test(line))
    .map((line) => line.split(/\s{2,}/).filter((cell) => cell !== ''));
const kinds = (text: string) =>
  parseAllDocuments(text).map((document) => (document.toJS() as { kind?: string } | null)?.kind);

describe('inject -f FILE', () => {
  it('prints the manifest with the mounts, comments and order kept, and the account on stderr', async () => {
    const ran = await inject('-f', 'app.yaml');
    expect(ran.code).toBe(0);
    const original = APP.split('\n').filter((line) => line !== '');
    const lines = ran.stdout.split('\n');
    expect(lines.filter((line) => original.includes(line))).toEqual(original);
    const names = (
      parse(ran.stdout) as { spec: { template: { spec: { initContainers: { name: string }[] } } } }
    ).spec.template.spec.initContainers.map(({ name }) => name);
    expect(names).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
    expect(ran.stderr).toBe(
      'FILE       WORKLOAD            OUTCOME    DETAIL\napp.yaml   Deployment/sonarr   injected   zurg, torbox\n',
    );
  });

  it('changes nothing in what it printed before', async () => {
    const once = await inject('-f', 'app.yaml');
    const twice = await mediaStack(['inject', '-f', '-'], { stdin: once.stdout });
    expect(twice).toMatchObject({ code: 0, stdout: once.stdout });
    expect(account(twice)).toEqual([
      ['FILE', 'WORKLOAD', 'OUTCOME', 'DETAIL'],
      ['stdin', 'Deployment/sonarr', 'skipped', 'already_complete'],
    ]);
  });

  it('reads stdin for -', async () => {
    const [file, stdin] = await Promise.all([
      inject('-f', 'app.yaml'),
      mediaStack(['inject', '-f', '-'], { stdin: APP }),
    ]);
    expect(stdin).toMatchObject({ code: 0, stdout: file.stdout });
  });

  it('leaves what has no label as it is, byte for byte, unless the label is assumed', async () => {
    const [plain, assumed] = await Promise.all([
      inject('-f', 'plain.yaml'),
      inject('-f', 'plain.yaml', '--assume-label'),
    ]);
    expect(plain).toMatchObject({ code: 0, stdout: PLAIN });
    expect(account(plain)[1]).toEqual(['plain.yaml', 'Deployment/plain', 'skipped', 'label_absent']);
    expect(account(assumed)[1]).toEqual(['plain.yaml', 'Deployment/plain', 'injected', 'zurg, torbox']);
  });

  it('prints a file without workloads as it is and says so', async () => {
    expect(await inject('-f', 'config.yaml')).toEqual({
      code: 0,
      stdout: CONFIG,
      stderr: 'No workload (Pod, Deployment, StatefulSet, ...) was found in what was given.\n',
    });
  });

  it.each(['', '\n', '# nothing\n'])('takes a file with nothing in it: %j', async (stdin) => {
    expect(await mediaStack(['inject', '-f', '-'], { stdin })).toMatchObject({ code: 0, stdout: stdin });
  });

  it('injects by the settings that are named', async () => {
    expect(account(await inject('-f', 'app.yaml', '--settings', 'settings.yaml'))[1]?.[3]).toBe('films');
  });
});

describe('inject of several', () => {
  it('documents keeps those it does not concern', async () => {
    const ran = await inject('-f', 'many.yaml');
    expect(kinds(ran.stdout)).toEqual(['Deployment', 'ConfigMap', undefined, 'Job']);
    expect(ran.stdout).toContain(`---\n${CONFIG}---\n# nothing\n---\n`);
    expect(account(ran).slice(1)).toEqual([
      ['many.yaml', 'Deployment/sonarr', 'injected', 'zurg, torbox'],
      ['many.yaml', 'Job/scan', 'injected', 'zurg, torbox'],
    ]);
  });

  it('items of a List keeps the List', async () => {
    const ran = await inject('-f', 'list.yaml');
    const { kind, items } = parse(ran.stdout) as { kind: string; items: { kind: string }[] };
    expect([kind, items.map((item) => item.kind)]).toEqual(['List', ['Deployment', 'ConfigMap', 'Job']]);
    expect(
      account(ran)
        .slice(1)
        .map(([, workload, outcome]) => [workload, outcome]),
    ).toEqual([
      ['Deployment/sonarr', 'injected'],
      ['Job/scan', 'injected'],
    ]);
  });

  it.each([[['-f', 'app.yaml', '-f', 'job.yaml']], [['-f', 'app.yaml', 'job.yaml']]])(
    'files prints one stream of documents: %j',
    async (args) => {
      const ran = await inject(...args);
      expect({ ...NONE, code: ran.code }).toEqual({ ...NONE, code: 0 });
      expect(kinds(ran.stdout)).toEqual(['Deployment', 'Job']);
    },
  );

  it('files of a folder, by name, and only manifests', async () => {
    const ran = await inject('-f', 'folder');
    expect(
      account(ran)
        .slice(1)
        .map(([file, workload]) => [file, workload]),
    ).toEqual([
      ['folder/a.yaml', 'Deployment/sonarr'],
      ['folder/b.yml', 'Job/scan'],
    ]);
  });

  it('files of a folder and all below it with -R, JSON among them', async () => {
    const ran = await inject('-R', '-f', 'folder');
    expect(
      account(ran)
        .slice(1)
        .map(([file, workload, outcome]) => [file, workload, outcome]),
    ).toEqual([
      ['folder/a.yaml', 'Deployment/sonarr', 'injected'],
      ['folder/b.yml', 'Job/scan', 'injected'],
      ['folder/deeper/c.json', 'Job/deep', 'injected'],
    ]);
    expect(kinds(ran.stdout)).toEqual(['Deployment', 'Job', 'Job']);
  });
});

describe('inject in another form:', () => {
  it('--diff shows what changes, and nothing of what does not', async () => {
    const ran = await inject('-f', 'app.yaml', '-f', 'plain.yaml', '--diff');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^--- a\/app\.yaml\n\+\+\+ b\/app\.yaml\n@@ /);
    expect(ran.stdout).toMatch(/^\+ +- name: rclone-zurg$/m);
    expect(ran.stdout.split('\n').filter((line) => line.startsWith('-'))).toEqual(['--- a/app.yaml']);
    expect(ran.stdout).not.toContain('plain.yaml');
  });

  it('--diff of no change is empty', async () => {
    expect(await inject('-f', 'plain.yaml', '--diff')).toMatchObject({ code: 0, stdout: '' });
  });

  it('--diff applies with patch(1)’s rules', async () => {
    const [diff, whole] = await Promise.all([inject('-f', 'app.yaml', '--diff'), inject('-f', 'app.yaml')]);
    const { applyPatch } = await import('diff');
    expect(applyPatch(APP, diff.stdout)).toBe(whole.stdout);
  });

  it('--patch prints the JSON Patch of each workload, on its document', async () => {
    const [ran, whole] = await Promise.all([
      inject('-f', 'app.yaml', '-f', 'plain.yaml', '--patch'),
      inject('-f', 'app.yaml'),
    ]);
    const patches = JSON.parse(ran.stdout) as { patch: jsonpatch.Operation[] }[];
    expect(patches).toEqual([
      {
        file: 'app.yaml',
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: 'sonarr',
        patch: expect.any(Array) as unknown,
      },
    ]);
    const patched = jsonpatch.applyPatch(parse(APP) as object, patches[0]?.patch ?? [], true).newDocument;
    expect(patched).toEqual(parse(whole.stdout));
  });

  it.each([['-o', 'json'], ['--json'], ['--output', 'json']])('%s %s prints the object', async (...args) => {
    const [ran, whole] = await Promise.all([
      inject('-f', 'app.yaml', ...args.filter(Boolean)),
      inject('-f', 'app.yaml'),
    ]);
    expect(JSON.parse(ran.stdout)).toEqual(parse(whole.stdout));
  });

  it('-o json of several is a List', async () => {
    const ran = await inject('-f', 'app.yaml', 'job.yaml', '-o', 'json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ kind: 'Deployment' }, { kind: 'Job' }],
    });
  });
});

describe('inject ends with 1 when a workload is refused', () => {
  it('and prints no manifest at all, the good ones included', async () => {
    const ran = await inject('-f', 'app.yaml', 'refused.yaml');
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: `refused.yaml:9:17 MS502
spec.template.metadata.labels[media-stack/cloud-mounts]
  the label value "True" is neither "true" nor "false"
     7 |   template:
     8 |     metadata:
  >  9 |       labels: { media-stack/cloud-mounts: "True" }
       |                 ^
    10 |     spec:
    11 |       containers:
  mend: Write media-stack/cloud-mounts: "true" (with the quotes: a label is a string), or "false" to switch the mounts off.

FILE           WORKLOAD            OUTCOME    DETAIL
app.yaml       Deployment/sonarr   injected   zurg, torbox
refused.yaml   Deployment/radarr   refused    MS502
Refused: nothing was written, so that nothing is applied by halves.
`,
    });
  });

  it.each([['--diff'], ['--patch'], ['--json']])('nor any other form of it: %s', async (form) => {
    expect(await inject('-f', 'refused.yaml', form)).toMatchObject({ code: 1, stdout: '' });
  });

  it('and names what has not the shape of a pod', async () => {
    const stdin = APP.replace(/containers:[^]*$/, 'containers: sonarr\n');
    const ran = await mediaStack(['inject', '-f', '-'], { stdin });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain(
      'stdin:11:7 pod-shape\nspec.template.spec.containers\n  must be a list, found "sonarr"\n',
    );
  });
});

describe('inject ends with 2 when it could not run', () => {
  it('over bad YAML, which is named with its place while the others are still looked at', async () => {
    const ran = await inject('-f', 'app.yaml', 'broken.yaml', 'refused.yaml');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^broken\.yaml:4:9 yaml-syntax$/m);
    expect(
      account(ran)
        .slice(1)
        .map(([file, , outcome]) => [file, outcome]),
    ).toEqual([
      ['app.yaml', 'injected'],
      ['refused.yaml', 'refused'],
    ]);
  });

  it('over one bad document, while the others of the file are still looked at', async () => {
    const ran = await mediaStack(['inject', '-f', '-'], { stdin: `${APP}---\n${BROKEN}---\n${JOB}` });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^stdin:18:9 yaml-syntax$/m);
    expect(
      account(ran)
        .slice(1)
        .map(([, workload]) => workload),
    ).toEqual(['Deployment/sonarr', 'Job/scan']);
  });

  it.each([
    [['-f', 'missing.yaml'], /^Error: missing\.yaml cannot be read: /],
    [[], /^Error: no manifest was given\n {2}mend: Name one with -f FILE, or pipe it in with -f -\n/],
    [['-f', 'app.yaml', '--settings', 'missing.yaml'], /^Error: .*missing\.yaml/],
    [
      ['-f', 'app.yaml', '--settings', 'bad-settings.yaml'],
      /^bad-settings\.yaml:2:1 settings-unknown-key\nremote\n {2}unknown key "remote"\n/,
    ],
  ])('%j', async (args, stderr) => {
    const ran = await inject(...args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(stderr);
  });
});

const ODD: readonly [string, string][] = [
  ['a text', 'hello\n'],
  ['a list', '- a\n'],
  ['a number', '5\n'],
  ['no kind', 'spec: {}\n'],
  ['another group', 'apiVersion: example.org/v1\nkind: Deployment\nspec: 5\n'],
  ['a Deployment without a template', 'apiVersion: apps/v1\nkind: Deployment\nspec: null\n'],
  ['a binary file', '\u0000\u0001\uFFFD\n'],
  ['a helm template', 'apiVersion: v1\nkind: {{ .Values.kind }}\n'],
  [
    '__proto__',
    'apiVersion: v1\nkind: Pod\n__proto__: { metadata: { labels: { media-stack/cloud-mounts: "true" } } }\nspec: {}\n',
  ],
  [
    'a null in a Secret',
    APP.replace(
      '      containers:',
      '      volumes: [{ name: c, secret: { secretName: rclone-config, items: [null] } }]\n      containers:',
    ),
  ],
  [
    'a null node selector term',
    APP.replace(
      '      containers:',
      '      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [null] } } }\n      containers:',
    ),
  ],
  [
    'a thousand levels',
    `apiVersion: v1\nkind: Pod\nmetadata: { labels: { media-stack/cloud-mounts: "true" } }\nspec: { containers: [{ name: a }], x: ${'['.repeat(1_000)}${']'.repeat(1_000)} }\n`,
  ],
];

describe('anything odd', () => {
  const options = { settings: defaultSettings(), assumeLabel: false };

  it.each(ODD)('is no reason to throw: %s', (_name, text) => {
    const file = { file: 'odd.yaml', text };
    expect(() => [injectFile(file, options), uninjectFile(file), explainFile(file, options)]).not.toThrow();
  });

  it.each(['inject', 'uninject', 'explain'])('shows no stack trace in %s', async (command) => {
    const ran = await mediaStack([command, '-f', '-'], { stdin: ODD.map(([, text]) => text).join('---\n') });
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/\n {4}at |This is a bug|node:internal/);
    expect([1, 2]).toContain(ran.code);
  });
});

describe('colour', () => {
  const run = (args: string[], env: Record<string, string>) => mediaStack(args, { cwd: folder, env });
  const ESCAPE = String.fromCodePoint(27);

  it.each([
    ['a pipe', {}],
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['NO_COLOR, which wins on no terminal', { NO_COLOR: '1', TERM: 'xterm-256color' }],
  ])('is not for %s', async (_name, env) => {
    const ran = await run(['inject', '-f', 'app.yaml', '--diff'], env);
    expect(ran.stdout + ran.stderr).not.toContain(ESCAPE);
  });

  it('is there with FORCE_COLOR, in diff, account and problems', async () => {
    const [diff, refused] = await Promise.all([
      run(['inject', '-f', 'app.yaml', '--diff'], { FORCE_COLOR: '1' }),
      run(['inject', '-f', 'refused.yaml'], { FORCE_COLOR: '1' }),
    ]);
    expect(diff.stdout).toContain(`${ESCAPE}[32m+`);
    expect(refused.stderr).toContain(`${ESCAPE}[31mMS502${ESCAPE}[39m`);
  });

  it('is never in a manifest', async () => {
    expect((await run(['inject', '-f', 'app.yaml'], { FORCE_COLOR: '1' })).stdout).not.toContain(ESCAPE);
  });
});

describe('in a pipe', () => {
  it('inject ends in silence when its reader has had enough', async () => {
    const ran = await shell('$MEDIA_STACK inject -f app.yaml app.yaml app.yaml app.yaml app.yaml | head -1', {
      cwd: folder,
    });
    expect([ran.code, ran.stdout]).toEqual([0, "# The managers' zone.\n"]);
    expect(account(ran)).toHaveLength(6);
    expect(ran.stderr).not.toMatch(/EPIPE|Error|at /);
  });

  it('inject ends in silence when nobody reads what it has to say either', async () => {
    const ran = await shell('$MEDIA_STACK inject -f app.yaml missing.yaml 2>&1 | head -1', { cwd: folder });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('inject and uninject give back the same bytes', async () => {
    const ran = await shell(
      '$MEDIA_STACK inject -f many.yaml 2>/dev/null | $MEDIA_STACK uninject -f - 2>/dev/null',
      {
        cwd: folder,
      },
    );
    expect(ran).toEqual({ code: 0, stdout: FILES['many.yaml'], stderr: '' });
  });
});
