// `lint --server` against the real handlers behind real TLS: its verdict and that of the rules here are one.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAdmissionClient } from '../../src/cli/admission-client.ts';
import type { AdmissionClient } from '../../src/cli/admission-client.ts';
import { judgeFile } from '../../src/cli/lint-manifests.ts';
import type { Subject } from '../../src/cli/lint-manifests.ts';
import { startServerJudge } from '../../src/cli/lint-server.ts';
import { buildHandlers } from '../../src/server/handlers.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { listCases, readCase } from '../support/golden-case.ts';
import { settingsOf } from '../support/labelled-pod.ts';
import { mediaStack } from '../support/run-command.ts';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

const ROOT = join(import.meta.dirname, '../..');
const FIXTURES = join(ROOT, 'test/fixtures/rules');
let server: TestServer;
let client: AdmissionClient;
let folder: string;
let settings: Settings = defaultSettings();
const url = () => `https://127.0.0.1:${server.port}`;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-lint-server-'));
  server = await startTestServer(buildHandlers({ settings: () => settings }));
  writeFileSync(join(folder, 'ca.crt'), server.authority.ca);
  client = await openAdmissionClient(url(), join(folder, 'ca.crt'));
});
afterAll(async () => {
  client.close();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const findings = (subjects: readonly Subject[]) =>
  subjects.map(({ linted }) =>
    linted?.problems.map(({ code, path, message, hint }) => [code, path, message, hint]),
  );

async function expectAgreement(
  text: string,
  file: string,
  using: Settings,
  assumeLabel = false,
): Promise<number> {
  settings = using;
  const options = { settings: using, assumeLabel };
  const judge = startServerJudge(client, options);
  const here = judgeFile({ file, text }, options).subjects;
  const there = await judge.ask(here);
  expect(judge.account().disagreements).toEqual([]);
  expect(there.length).toBe(here.length);
  return judge.account().asked;
}

describe('the verdict of the server is that of the rules here', () => {
  it.each(listCases())('golden case %s', async (file) => {
    const { manifestText, parsedSettings, assumeLabel = false } = readCase(file);
    await expectAgreement(manifestText, file, parsedSettings, assumeLabel);
  });

  const fixtures = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  );
  it('on every fixture of a rule, labelled or not', async () => {
    let asked = 0;
    for (const name of fixtures) {
      const text = readFileSync(join(FIXTURES, name), 'utf8');
      for (const assumeLabel of [false, true])
        asked += await expectAgreement(text, name, defaultSettings(), assumeLabel);
    }
    expect(asked).toBeGreaterThan(fixtures.length);
  });

  const manifests = process.env['MEDIA_STACK_MANIFESTS'];
  it.skipIf(!manifests)('on every manifest of MEDIA_STACK_MANIFESTS, labelled or not', async () => {
    const own = settingsOf(readFileSync(join(ROOT, 'examples/wow-ocp/settings.yaml'), 'utf8'));
    const all = join(manifests ?? '', 'wow-ocp');
    let asked = 0;
    for (const name of readdirSync(all)) {
      const text = readFileSync(join(all, name), 'utf8');
      for (const assumeLabel of [false, true]) asked += await expectAgreement(text, name, own, assumeLabel);
    }
    expect(asked).toBeGreaterThanOrEqual(readdirSync(all).length);
  });
});

const workload = (
  labels: string,
  own = '{}',
  kind = 'Deployment',
  apiVersion = 'apps/v1',
) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: sonarr, namespace: media, labels: ${own} }
spec:
  template:
    metadata: { labels: ${labels} }
    spec:
      nodeSelector: { kubernetes.io/hostname: node2 }
      runtimeClassName: kata
      containers: [{ name: sonarr, image: sonarr:4 }]
`;
const ON = '{ media-stack/cloud-mounts: "true" }';

describe('startServerJudge', () => {
  it('tells denials and warnings at their places, message and mend apart', async () => {
    settings = defaultSettings();
    const options = { settings, assumeLabel: false };
    const judge = startServerJudge(client, options);
    const here = judgeFile({ file: 'a.yaml', text: workload(ON) }, options).subjects;
    const there = await judge.ask(here);
    expect(findings(there)).toEqual(findings(here));
    expect(there[0]?.linted?.problems.map(({ code, level, position }) => [code, level, position])).toEqual([
      ['MS101', 'deny', { file: 'a.yaml', line: 8, column: 23 }],
      ['MS306', 'warn', { file: 'a.yaml', line: 9, column: 7 }],
    ]);
  });

  it('asks only about what has the label, and sends it where it is assumed', async () => {
    settings = defaultSettings();
    for (const [assumeLabel, asked, notAsked] of [
      [false, 2, 1],
      [true, 3, 0],
    ] as const) {
      const options = { settings, assumeLabel };
      const judge = startServerJudge(client, options);
      const text = [workload(ON), workload('{}'), workload('{}', ON)].join('---\n');
      await judge.ask(judgeFile({ file: 'a.yaml', text }, options).subjects);
      expect(judge.account()).toEqual({ url: url(), asked, notAsked, disagreements: [] });
    }
  });

  it('does not ask about a patch, which goes to no cluster as it is', async () => {
    settings = defaultSettings();
    const options = { settings, assumeLabel: false };
    const judge = startServerJudge(client, options);
    const text = workload(ON).replace(/ {4}spec:[^]*/, '');
    const there = await judge.ask(judgeFile({ file: 'a.yaml', text }, options).subjects);
    expect(there.map(({ linted }) => linted)).toEqual([null]);
    expect(judge.account()).toEqual({ url: url(), asked: 0, notAsked: 1, disagreements: [] });
  });

  it('says in one line where the settings of the server make a difference', async () => {
    settings = settingsOf('policy: { rules: { MS101: off, MS306: deny } }');
    const options = { settings: settingsOf('policy: { rules: { MS306: off } }'), assumeLabel: false };
    const judge = startServerJudge(client, options);
    const there = await judge.ask(judgeFile({ file: 'a.yaml', text: workload(ON) }, options).subjects);
    const field = 'spec.template.spec';
    expect(judge.account().disagreements).toEqual([
      `a.yaml:1 Deployment media/sonarr: only the server finds MS306 ${field}.runtimeClassName; only the rules here find MS101 ${field}.nodeSelector[kubernetes.io/hostname]`,
    ]);
    expect(there[0]?.linted?.problems).toMatchObject([
      {
        code: 'MS306',
        level: 'deny',
        hint: `So says ${url()}; its settings or its version are other than here.`,
      },
    ]);
  });
});

describe('media-stack lint --server', () => {
  const lint = (...args: string[]) => mediaStack(['lint', ...args], { cwd: folder });

  it('gives the verdict of the server', async () => {
    settings = defaultSettings();
    writeFileSync(join(folder, 'bad.yaml'), `${workload(ON)}---\n${workload('{}')}`);
    const ran = await lint('--server', url(), '--ca', 'ca.crt', 'bad.yaml');
    expect(ran).toMatchObject({ code: 1, stderr: '' });
    expect(ran.stdout).toMatch(/^bad\.yaml:8:23 MS101 deny\n/);
    expect(ran.stdout).toContain(`Asked ${url()} about 1 workload, 1 not asked about (no label)\n`);
  });

  it('ends with 2 and says why where the server cannot be asked', async () => {
    writeFileSync(join(folder, 'empty.crt'), 'nothing');
    const rows = await Promise.all(
      [
        [url()],
        [url(), '--ca', 'missing.crt'],
        [url(), '--ca', 'empty.crt'],
        ['http://127.0.0.1:8443'],
        ['https://127.0.0.1:1', '--ca', 'ca.crt'],
        [`${url()}/other`, '--ca', 'ca.crt'],
      ].map((args) => lint('bad.yaml', '--server', ...args)),
    );
    expect(rows.map(({ code, stdout }) => [code, stdout])).toEqual(rows.map(() => [2, '']));
    expect(rows.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
      expect.stringMatching(/^Error: --server the certificate of .* is not trusted \(\w+\)$/),
      'Error: --server the CA file missing.crt cannot be read: there is no such file or folder',
      'Error: --server the CA file empty.crt holds no certificate in PEM',
      'Error: --server "http://127.0.0.1:8443" is no https:// URL',
      'Error: --server https://127.0.0.1:1/validate cannot be reached: ECONNREFUSED',
      expect.stringMatching(/^Error: --server .*\/other\/validate answered 404: /),
    ]);
  });

  it('gives up on a server that is silent', async () => {
    const silent = await startTestServer({ validate: () => new Promise(() => {}) });
    writeFileSync(join(folder, 'ca.crt'), silent.authority.ca);
    const impatient = await openAdmissionClient(
      `https://127.0.0.1:${silent.port}`,
      join(folder, 'ca.crt'),
      200,
    );
    await expect(impatient.review('validate', { apiVersion: 'apps/v1', kind: 'Deployment' })).rejects.toThrow(
      'did not answer within 0.2 s',
    );
    impatient.close();
    await silent.stop();
  });
});
