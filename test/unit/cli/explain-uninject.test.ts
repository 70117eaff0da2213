import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaStack } from '../../support/run-command.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: sonarr
  namespace: media
  labels: { media-stack/cloud-mounts: "true" }
spec:
  nodeSelector: { kubernetes.io/hostname: node2 }
  containers:
    - name: sonarr
      image: sonarr:4
`;
const SETTINGS = 'remotes: [{ name: films, secret: films }]\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-cli-'));
  writeFileSync(join(folder, 'pod.yaml'), POD);
  writeFileSync(join(folder, 'settings.yaml'), SETTINGS);
});
afterAll(() => rmSync(folder, { recursive: true }));
const explain = (...args: string[]) =>
  mediaStack(['explain', '-f', 'pod.yaml', '--settings', 'settings.yaml', ...args], { cwd: folder });

describe('explain -f FILE', () => {
  it('gives every decision with its reason, and what the rules say', async () => {
    const ran = await explain();
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [title, heading, ...lines] = ran.stdout.split('\n');
    expect([title, heading?.trim().split(/\s{2,}/)]).toEqual([
      'Pod/sonarr (pod.yaml): injected, and then refused by the rules',
      ['DECISION', 'BECAUSE'],
    ]);
    expect(lines.slice(0, 4).map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['the pod is to have cloud mounts', 'label media-stack/cloud-mounts is "true"'],
      ['remotes: films', 'settings and annotations'],
      [
        'container sonarr is an app',
        'the first container that is neither a mount sidecar nor a known helper',
      ],
      ['volume media-library is the media volume', 'no volume of the pod is the media volume: it is added'],
    ]);
    expect(ran.stdout).toContain(
      '  MS101 deny spec.nodeSelector[kubernetes.io/hostname]: nodeSelector kubernetes.io/hostname pins the pod to "node2"\n        mend: Remove it.',
    );
  });

  it.each([['-o', 'json'], ['--json']])('gives the same as JSON with %s %s', async (...args) => {
    const ran = await explain(...args.filter(Boolean));
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [explanation, ...others] = JSON.parse(ran.stdout) as Record<string, unknown>[];
    expect(others).toEqual([]);
    expect(explanation).toEqual({
      file: 'pod.yaml',
      kind: 'Pod',
      namespace: 'media',
      name: 'sonarr',
      report: { outcome: 'injected', remotes: ['films'], steps: expect.any(Array) as unknown, warnings: [] },
      judged: true,
      verdict: [
        {
          code: 'MS101',
          level: 'deny',
          path: 'spec.nodeSelector[kubernetes.io/hostname]',
          message: 'nodeSelector kubernetes.io/hostname pins the pod to "node2"',
          hint: expect.stringMatching(/^Remove it\./) as unknown,
          position: { file: 'pod.yaml', line: 8, column: 19 },
        },
      ],
    });
  });

  it.each([
    [
      'label_absent',
      POD.replace('{ media-stack/cloud-mounts: "true" }', '{}'),
      'the pod does not carry the label media-stack/cloud-mounts; put media-stack/cloud-mounts: "true" on the pod template (not only on the Deployment)',
    ],
    [
      'label_false',
      POD.replace('"true"', '"false"'),
      'the label media-stack/cloud-mounts is "false"; set it to "true" to have the mounts',
    ],
  ])('says why nothing would happen: %s', async (reason, stdin, why) => {
    const ran = await mediaStack(['explain', '-f', '-'], { stdin });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain(`Pod/sonarr (stdin): skipped, ${reason}\n  ${why}\n`);
  });

  it('says that the rules have nothing against it', async () => {
    const stdin = POD.replace(/ {2}nodeSelector.*\n/, '');
    expect((await mediaStack(['explain', '-f', '-'], { stdin })).stdout).toMatch(
      /\n {2}The rules have nothing against it\.\n$/,
    );
  });

  it('says what a refusal is about, and ends with 0: it is asked for an explanation', async () => {
    const ran = await mediaStack(['explain', '-f', '-'], { stdin: POD.replace('"true"', '"True"') });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^Pod\/sonarr \(stdin\): refused\n/);
    expect(ran.stdout).toContain(
      'MS502 deny metadata.labels[media-stack/cloud-mounts]: the label value "True"',
    );
  });

  it('names a file that cannot be read and explains the others', async () => {
    const ran = await explain('-f', 'gone.yaml');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^Error: gone\.yaml cannot be read/);
    expect(ran.stdout).toMatch(/^Pod\/sonarr/);
  });
});

describe('uninject', () => {
  it('gives back the manifest that was injected, byte for byte', async () => {
    const injected = await mediaStack(['inject', '-f', 'pod.yaml'], { cwd: folder });
    const ran = await mediaStack(['uninject', '-f', '-'], { stdin: injected.stdout });
    expect(ran).toMatchObject({ code: 0, stdout: POD });
    expect(ran.stderr).toMatch(/^stdin +Pod\/sonarr +uninjected$/m);
  });

  it('leaves a manifest without a status as it is and says so', async () => {
    const ran = await mediaStack(['uninject', '-f', 'pod.yaml'], { cwd: folder });
    expect(ran).toMatchObject({ code: 0, stdout: POD });
    expect(ran.stderr).toMatch(/^pod\.yaml +Pod\/sonarr +skipped +no media-stack\/status annotation$/m);
  });

  it('names what was changed since and leaves it', async () => {
    const injected = await mediaStack(['inject', '-f', '-'], {
      stdin: `${POD}      volumeMounts: [{ name: media, mountPath: /mnt/media }]\n  volumes: [{ name: media, emptyDir: {} }]\n`,
    });
    const stdin = injected.stdout.replace('HostToContainer', 'None');
    const ran = await mediaStack(['uninject', '-f', '-'], { stdin });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(
      'Warning: stdin: Pod/sonarr: left as it is: container sonarr: mountPropagation of /mnt/media was changed\n',
    );
    expect(ran.stdout).toContain('mountPropagation: None');
  });

  it('shows the way back as a diff', async () => {
    const injected = await mediaStack(['inject', '-f', 'pod.yaml'], { cwd: folder });
    const ran = await mediaStack(['uninject', '-f', '-', '--diff'], { stdin: injected.stdout });
    expect(ran.stdout).toMatch(/^--- a\/stdin\n\+\+\+ b\/stdin\n/);
    expect(ran.stdout.split('\n').filter((line) => line.startsWith('+'))).toEqual(['+++ b/stdin']);
  });
});
