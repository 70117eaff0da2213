// The forms of lint's report, of the real command on real files.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../../../src/policy/catalogue.ts';
import { mediaStack, run } from '../../support/run-command.ts';

const ROOT = join(import.meta.dirname, '../../..');
const readJson = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as object;
// Node has no XML parser. In CI a skipped test counts as failed.
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;
const ajv = new Ajv({ allErrors: true });

const PINNED = `apiVersion: apps/v1
kind: Deployment
metadata: { name: sonarr, namespace: media }
spec:
  template:
    metadata:
      labels: { media-stack/cloud-mounts: "true" }
      annotations: { media-stack/ignore: "MS308" }
    spec:
      terminationGracePeriodSeconds: 5
      nodeSelector:
        kubernetes.io/hostname: "node <1> & \\"co\\""
      containers: [{ name: sonarr, image: "sonarr:4" }]
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-lint-reports-'));
  mkdirSync(join(folder, 'apps'));
  writeFileSync(join(folder, 'apps/my sonarr.yaml'), PINNED);
  writeFileSync(join(folder, 'apps/broken.yaml'), 'a: 1\n  b: 2\n');
  writeFileSync(
    join(folder, 'apps/other.yaml'),
    'kind: Service\napiVersion: v1\n---\nkind: HelmRelease\napiVersion: x/v2\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const lint = (...args: string[]) => mediaStack(['lint', ...args], { cwd: folder });

describe('lint as text', () => {
  it('shows each finding with level and code frame, and counts what it passed over', async () => {
    expect(await lint('apps')).toMatchInlineSnapshot(`
      {
        "code": 2,
        "stderr": "apps/broken.yaml:1:4 yaml-syntax
        the YAML cannot be read: nested mappings are not allowed in compact mappings, found "a: 1"
        > 1 | a: 1
            |    ^
          2 |   b: 2
          3 |
        mend: Quote the value: "...", or put it on a line of its own.

      ",
        "stdout": "apps/my sonarr.yaml:12:9 MS101 deny
      spec.template.spec.nodeSelector[kubernetes.io/hostname]
        nodeSelector kubernetes.io/hostname pins the pod to "node <1> & \\"co\\""
          10 |       terminationGracePeriodSeconds: 5
          11 |       nodeSelector:
        > 12 |         kubernetes.io/hostname: "node <1> & \\"co\\""
             |         ^
          13 |       containers: [{ name: sonarr, image: "sonarr:4" }]
          14 |
        mend: Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.

      1 workload in 3 files: 1 denied, 0 warned, 1 waived, 1 could not be read
      Passed over: 1 HelmRelease, 1 Service
      ",
      }
    `);
  });
});

describe('lint as JSON', () => {
  it('is what schemas/lint.schema.json describes', async () => {
    const { code, stdout } = await lint('-o', 'json', 'apps');
    expect(code).toBe(2);
    const report = JSON.parse(stdout) as { summary: unknown };
    const isValid = ajv.compile(readJson('schemas/lint.schema.json'));
    expect(isValid(report), JSON.stringify(isValid.errors)).toBe(true);
    expect(report.summary).toEqual({
      files: 3,
      workloads: 1,
      denied: 1,
      warned: 0,
      waived: 1,
      mended: 0,
      errors: 1,
      passed: { HelmRelease: 1, Service: 1 },
    });
    expect((await lint('--json', 'apps')).stdout).toBe(stdout);
  });
});

describe('lint as SARIF', () => {
  interface Sarif {
    readonly runs: readonly {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly partialFingerprints: Record<string, string>;
        readonly locations: readonly { readonly physicalLocation: unknown }[];
      }[];
    }[];
  }
  const sarif = async (...args: string[]) => {
    const { stdout } = await lint('-o', 'sarif', ...args);
    return JSON.parse(stdout) as Sarif;
  };

  it('keeps to SARIF 2.1.0 and to what GitHub code scanning asks for', async () => {
    const isValid = ajv.compile(readJson('test/support/sarif-subset.schema.json'));
    expect(isValid(await sarif('apps')), JSON.stringify(isValid.errors)).toBe(true);
  });

  it('describes every rule, and points from a result to its rule and its place', async () => {
    const [first] = (await sarif('apps')).runs;
    const ids = first?.tool.driver.rules.map(({ id }) => id) ?? [];
    expect(ids).toEqual(RULES.map(({ id }) => id));
    const results = first?.results ?? [];
    // MS308 is waived: GitHub would open an alert for it.
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([['MS101', 'error']]);
    for (const { ruleId, ruleIndex } of results) expect(ids[ruleIndex]).toBe(ruleId);
    expect(results[0]?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'apps/my%20sonarr.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 12, startColumn: 9 },
    });
  });

  it('keeps the fingerprint of a finding that has moved in its file', async () => {
    const before = await sarif('apps/my sonarr.yaml');
    writeFileSync(join(folder, 'apps/my sonarr.yaml'), `# a comment\n\n${PINNED}`);
    const after = await sarif('apps/my sonarr.yaml');
    writeFileSync(join(folder, 'apps/my sonarr.yaml'), PINNED);
    const fingerprints = (report: Sarif) =>
      report.runs[0]?.results.map((result) => result.partialFingerprints);
    expect(fingerprints(after)).toEqual(fingerprints(before));
    expect(fingerprints(before)).toHaveLength(1);
  });
});

describe('lint for GitHub', () => {
  it('writes a command for each finding, with what would end it escaped', async () => {
    const { stdout } = await lint('-o', 'github', 'apps/my sonarr.yaml');
    expect(stdout).toMatchInlineSnapshot(`
      "::error file=apps/my sonarr.yaml,line=12,col=9,title=MS101::spec.template.spec.nodeSelector[kubernetes.io/hostname]: nodeSelector kubernetes.io/hostname pins the pod to "node <1> & \\"co\\"". Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.
      "
    `);
  });
});

describe('lint as JUnit', () => {
  it.skipIf(!HAS_PYTHON)('is XML with a suite for each file, whatever is in a value', async () => {
    const { stdout } = await lint('-o', 'junit', 'apps');
    writeFileSync(join(folder, 'junit.xml'), stdout);
    const script =
      'import sys, xml.dom.minidom as m; d = m.parse(sys.argv[1]); print([[s.getAttribute(k) for k in ("name", "tests", "failures", "errors")] for s in d.getElementsByTagName("testsuite")]); print(d.getElementsByTagName("failure")[0].firstChild.data)';
    const { code, stdout: read, stderr } = await run('python3', ['-c', script, join(folder, 'junit.xml')]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(read.split('\n')[0]).toBe(
      "[['apps/broken.yaml', '1', '0', '1'], ['apps/my sonarr.yaml', '1', '1', '0'], ['apps/other.yaml', '0', '0', '0']]",
    );
    expect(read).toContain('pins the pod to "node <1> & \\"co\\""');
  });

  it('has no failure where none is asked for', async () => {
    const { stdout } = await lint('-o', 'junit', '--fail-on', 'never', 'apps/my sonarr.yaml');
    expect(stdout).toContain('<system-out>');
    expect(stdout).toContain('failures="0"');
  });
});
