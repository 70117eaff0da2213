import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mendManifests } from '../../../src/cli/mend-manifests.ts';
import type { MendedText } from '../../../src/cli/mend-manifests.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { mediaStack } from '../../support/run-command.ts';

const mend = (text: string, rules?: readonly string[]): MendedText =>
  mendManifests({ file: 'a.yaml', text }, { settings: defaultSettings(), assumeLabel: false }, rules);
const codes = ({ mends }: MendedText) => mends.map(({ problem }) => problem.code);

/** Lines under the pod spec of a labelled Deployment, and those of its app. */
const deployment = (spec: string, container = '', labels = 'media-stack/cloud-mounts: "true"') => `# the app
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sonarr # its name
spec:
  template:
    metadata:
      labels:
        app: sonarr
        ${labels}
    spec:
${spec}      containers:
        - name: sonarr # first
          image: sonarr:4
${container}`;
const prefers = (...nodes: string[]) =>
  nodes
    .map(
      (node) => `            - weight: 100
              preference:
                matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values:
                      - ${node}
`,
    )
    .join('');
const AFFINITY = `      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
`;
const MEDIA = (mount: string, more = '') => `${more}          volumeMounts:
            - name: media
              mountPath: /mnt/media # the library
${mount}      volumes:
        - name: media
          persistentVolumeClaim: { claimName: media-library-pvc }
`;

describe('mendManifests', () => {
  it.each<[string, string, string, string]>([
    [
      'MS101',
      'the only nodeSelector becomes a preference',
      deployment(
        '      # near the disk\n      nodeSelector:\n        kubernetes.io/hostname: node2 # fast\n',
      ),
      deployment(`      # near the disk\n${AFFINITY}${prefers('node2')}`),
    ],
    [
      'MS101',
      'other nodeSelectors stay, an affinity is added to',
      deployment(
        `      nodeSelector:\n        kubernetes.io/hostname: node2\n        disk: ssd # stays\n${AFFINITY}${prefers('node1')}`,
      ),
      deployment(`      nodeSelector:\n        disk: ssd # stays\n${AFFINITY}${prefers('node1', 'node2')}`),
    ],
    [
      'MS101',
      'a preference that is there is not written twice',
      deployment(
        `      nodeSelector:\n        kubernetes.io/hostname: node1\n${AFFINITY}${prefers('node1')}`,
      ),
      deployment(`${AFFINITY}${prefers('node1')}`),
    ],
    [
      'MS201',
      'None becomes HostToContainer',
      deployment('', MEDIA('              mountPropagation: None # wrong\n')),
      deployment('', MEDIA('              mountPropagation: HostToContainer # wrong\n')),
    ],
    [
      'MS204',
      'Bidirectional of an app becomes HostToContainer',
      deployment(
        '',
        MEDIA(
          '              mountPropagation: Bidirectional\n',
          '          securityContext: { privileged: true }\n',
        ),
      ),
      deployment(
        '',
        MEDIA(
          '              mountPropagation: HostToContainer\n',
          '          securityContext: { privileged: true }\n',
        ),
      ),
    ],
    ...(['True', 'yes', '"on"', 'true', '" TRUE "'] as const).map(
      (value): [string, string, string, string] => [
        'MS502',
        `the label value ${value} becomes "true"`,
        deployment('', '', `media-stack/cloud-mounts: ${value} # on`),
        deployment('', '', 'media-stack/cloud-mounts: "true" # on'),
      ],
    ),
    ...(['False', 'no', '"off"', 'false'] as const).map((value): [string, string, string, string] => [
      'MS502',
      `the label value ${value} becomes "false"`,
      deployment('', '', `media-stack/cloud-mounts: ${value}`),
      deployment('', '', 'media-stack/cloud-mounts: "false"'),
    ]),
    [
      'MS501',
      'the label moves to the template',
      deployment('', '', 'tier: media').replace(
        'name: sonarr # its',
        'labels:\n    media-stack/cloud-mounts: "true"\n    team: tv\n  name: sonarr # its',
      ),
      deployment('', '', 'tier: media\n        media-stack/cloud-mounts: "true"').replace(
        'name: sonarr # its',
        'labels:\n    team: tv\n  name: sonarr # its',
      ),
    ],
  ])('%s: %s', (code, _name, before, after) => {
    const mended = mend(before);
    expect(mended.text).toBe(after);
    expect([codes(mended), mended.left]).toEqual([[code], []]);
    expect(mend(mended.text)).toEqual({ text: after, mends: [], left: [] });
  });

  const REQUIRED = `      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
`;
  const pin = (node: string) => `              - matchExpressions:
                  - key: kubernetes.io/hostname
                    operator: In
                    values:
                      - ${node}
`;
  it('MS102: pins alone become preferences', () => {
    const mended = mend(deployment(REQUIRED + pin('node1') + pin('node2')));
    expect(mended.text).toBe(deployment(AFFINITY + prefers('node1', 'node2')));
    // The second finding went with the first.
    expect(codes(mended)).toEqual(['MS102']);
  });

  it('MS102: what else is required stays', () => {
    const arch =
      '                  - key: kubernetes.io/arch\n                    operator: In\n                    values: [amd64] # no arm\n';
    const { text } = mend(deployment(REQUIRED + pin('node1') + arch));
    expect(text).toBe(
      deployment(
        `${REQUIRED}              - matchExpressions:\n${arch}${AFFINITY.split('\n')[2]}\n${prefers('node1')}`,
      ),
    );
  });

  it('MS102: a pin that is only one of several ways is left: without it fewer nodes would do', () => {
    const text = deployment(
      `${REQUIRED}${pin('node1')}              - matchExpressions:\n                  - { key: disk, operator: Exists }\n`,
    );
    expect(mend(text)).toEqual({ text, mends: [], left: [] });
  });

  it.each(['maybe', '1', '5', '{}'])('MS502: %s may mean anything', (value) => {
    const text = deployment('', '', `media-stack/cloud-mounts: ${value}`);
    expect(mend(text)).toEqual({ text, mends: [], left: [] });
  });

  it('mends one thing after the other, in every document, also in a List and in JSON', () => {
    const bad = deployment(
      '      nodeSelector: { kubernetes.io/hostname: node2 }\n',
      MEDIA('              mountPropagation: None\n'),
      'media-stack/cloud-mounts: yes',
    );
    const json = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x', labels: { 'media-stack/cloud-mounts': 'True' } },
        spec: { containers: [{ name: 'x' }] },
      },
      null,
      2,
    );
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${bad.trim().replaceAll('\n', '\n  ')}\n`;
    const mended = mend(`${bad}---\n${list}---\n${json}\n`);
    expect(codes(mended).toSorted()).toEqual(['MS101', 'MS101', 'MS201', 'MS201', 'MS502', 'MS502', 'MS502']);
    expect(mended.text).toContain(json.replace('"True"', '"true"'));
    expect(mend(mended.text).mends).toEqual([]);
  });

  it('keeps CRLF and the byte order mark', () => {
    const text = `\uFEFF${deployment('', '', 'media-stack/cloud-mounts: yes').replaceAll('\n', '\r\n')}`;
    expect(mend(text).text).toBe(text.replace(': yes', ': "true"'));
  });

  it('mends only the wanted rules', () => {
    const text = deployment(
      '      nodeSelector: { kubernetes.io/hostname: a }\n',
      MEDIA('              mountPropagation: None\n'),
    );
    expect(codes(mend(text, ['MS201']))).toEqual(['MS201']);
  });

  it('leaves what an anchor shares with another place, and says so', () => {
    const shared = MEDIA('              mountPropagation: None\n').replace(
      'volumeMounts:',
      'volumeMounts: &mounts',
    );
    const text = deployment('', shared).replace(
      '      volumes:',
      '        - name: second\n          volumeMounts: *mounts\n      volumes:',
    );
    const mended = mend(text);
    expect([mended.text, mended.mends]).toEqual([text, []]);
    expect(mended.left[0]).toMatchObject({ code: 'edit-shared-anchor', position: { file: 'a.yaml' } });
  });
});

describe('media-stack lint --fix', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'media-stack-fix-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const lint = (...args: string[]) => mediaStack(['lint', ...args], { cwd: folder });
  const PINNED = deployment('      nodeSelector: { kubernetes.io/hostname: node2 }\n');

  it('writes the file, through a link and with its mode, and says what it did', async () => {
    writeFileSync(join(folder, 'real.yaml'), PINNED);
    chmodSync(join(folder, 'real.yaml'), 0o640);
    symlinkSync('real.yaml', join(folder, 'link.yaml'));
    const dry = await lint('--fix', '--dry-run', 'link.yaml');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(/^--- a\/link\.yaml\n\+\+\+ b\/link\.yaml\n@@ /);
    expect(dry.stderr).toMatch(/^Nothing was written: this is a dry run\.\n/);
    expect(readFileSync(join(folder, 'real.yaml'), 'utf8')).toBe(PINNED);
    expect(await lint('--fix', 'link.yaml')).toEqual({
      code: 0,
      stderr: '',
      stdout: `link.yaml Deployment sonarr\n  mended: MS101 spec.template.spec.nodeSelector[kubernetes.io/hostname]\n\n1 workload in 1 file: 0 denied, 0 warned, 1 mended\n`,
    });
    expect(readFileSync(join(folder, 'real.yaml'), 'utf8')).toBe(mend(PINNED).text);
    expect(statSync(join(folder, 'real.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['link.yaml', 'real.yaml']);
    expect((await lint('--fix', 'link.yaml')).stdout).toBe('1 workload in 1 file: 0 denied, 0 warned\n');
  });

  it('reports what remains, and ends as lint of the result does', async () => {
    writeFileSync(
      join(folder, 'rest.yaml'),
      deployment('      nodeName: x\n      nodeSelector: { kubernetes.io/hostname: a }\n'),
    );
    const ran = await lint('--fix', '-o', 'json', 'rest.yaml');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      summary: { denied: 1, mended: 1 },
      workloads: [{ findings: [{ rule: 'MS103' }] }],
      mended: [{ rule: 'MS101', file: 'rest.yaml', kind: 'Deployment', name: 'sonarr' }],
    });
  });

  it.each([
    [['--fix', '-'], '--fix stdin is no file that could be mended'],
    [['--fix', '-k', '.'], '--fix what kustomize makes is no file that could be mended'],
    [['--dry-run', 'x.yaml'], '--dry-run only --fix changes files'],
    [['--fix', '--dry-run', '--json', 'x.yaml'], '--dry-run prints a diff, not a report'],
    [['--ca', 'x', 'x.yaml'], '--ca belongs to --server'],
  ])('%j cannot be', async (args, message) => {
    const ran = await lint(...args);
    expect([ran.code, ran.stdout, ran.stderr.split('\n')[0]]).toEqual([2, '', `Error: ${message}`]);
  });
});
