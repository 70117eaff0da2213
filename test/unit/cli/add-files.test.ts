import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaStack } from '../../support/run-command.ts';

const SONARR = `# The manager.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sonarr # by hand
  namespace: media
spec:
  template:
    metadata:
      labels:
        app: sonarr # stays
    spec:
      containers:
        - name: sonarr
          image: sonarr:4
`;
const PLEX = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: plex }
spec:
  template:
    spec:
      containers: [{ name: plex, image: "plex:1" }]
`;
const BOTH = `${SONARR}---\n${PLEX}`;
const LABELLED = SONARR.replace(
  'app: sonarr # stays\n',
  'app: sonarr # stays\n        media-stack/cloud-mounts: "true"\n',
);
const PINNED = SONARR.replace(
  '    spec:\n',
  '    spec:\n      nodeSelector: { kubernetes.io/hostname: node2 }\n',
);
const OPTED_OUT = LABELLED.replace('"true"', '"false"');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-add-'));
  mkdirSync(join(folder, 'apps/deep'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
const add = (stdin: string, ...args: string[]) => mediaStack(['add-sidecars', ...args, '-f', '-'], { stdin });
const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe('add-sidecars -f', () => {
  it('shows the label as a diff, comments kept', async () => {
    expect(await add(SONARR)).toEqual({
      code: 0,
      stderr:
        'FILE    WORKLOAD            OUTCOME    DETAIL\nstdin   Deployment/sonarr   labelled   zurg, torbox\n',
      stdout: `--- a/stdin
+++ b/stdin
@@ -9,6 +9,7 @@
     metadata:
       labels:
         app: sonarr # stays
+        media-stack/cloud-mounts: "true"
     spec:
       containers:
         - name: sonarr
`,
    });
  });

  it('prints the manifest with -o yaml', async () => {
    expect(await add(SONARR, '-o', 'yaml')).toMatchObject({ code: 0, stdout: LABELLED });
  });

  it('takes every workload, or the one that is named', async () => {
    const all = await add(BOTH, '-o', 'yaml');
    expect(all.stdout.match(/cloud-mounts: "true"/g)).toHaveLength(2);
    const named = [['sonarr'], ['deploy/sonarr'], ['sonarr', 'media'], ['sonarr', '-n', 'media']];
    for (const args of named)
      expect(await add(BOTH, '-o', 'yaml', ...args)).toMatchObject({
        code: 0,
        stdout: `${LABELLED}---\n${PLEX}`,
      });
  });

  it('names what is there when the named one is not', async () => {
    expect(await add(BOTH, 'radarr')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Error: no workload radarr is in these files\n  mend: There are: deployment/sonarr, statefulset/plex.\n',
    });
  });

  it('writes the files of a folder with -R, and again it has nothing to do', async () => {
    write('apps/sonarr.yaml', SONARR);
    write('apps/deep/sonarr.yaml', SONARR);
    const args = ['add-sidecars', '-R', '-f', 'apps', '--write'];
    expect(await mediaStack(args, { cwd: folder })).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect([read('apps/sonarr.yaml'), read('apps/deep/sonarr.yaml')]).toEqual([LABELLED, LABELLED]);
    const again = await mediaStack(args, { cwd: folder });
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toMatch(/^apps\/sonarr\.yaml +Deployment\/sonarr +skipped +labelled already$/m);
  });

  it('writes nothing when a rule is against one of them, but for --force', async () => {
    write('apps/sonarr.yaml', SONARR);
    write('apps/pinned.yaml', PINNED);
    const refused = await mediaStack(['add-sidecars', '-f', 'apps', '--write'], { cwd: folder });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^apps\/pinned\.yaml:13:23 MS101$/m);
    expect(refused.stderr).toMatch(
      /\nRefused: nothing was written, so that nothing is applied by halves\.\n$/,
    );
    expect(read('apps/sonarr.yaml')).toBe(SONARR);
    const forced = await mediaStack(['add-sidecars', '-f', 'apps', '--write', '--force'], { cwd: folder });
    expect(forced.code).toBe(0);
    expect(forced.stderr).toContain('Warning: apps/pinned.yaml: Deployment/sonarr: MS101 spec.template.spec');
    expect(read('apps/sonarr.yaml')).toBe(LABELLED);
  });

  it('leaves a workload that opts out, and says how to have it all the same', async () => {
    const ran = await add(OPTED_OUT);
    expect(ran).toMatchObject({ code: 0, stdout: '' });
    expect(ran.stderr).toContain(
      'skipped   label media-stack/cloud-mounts: "false" opts it out; --force sets it to "true"\n',
    );
    expect((await add(OPTED_OUT, 'sonarr')).code).toBe(1);
    expect(await add(OPTED_OUT, '--force', '-o', 'yaml')).toMatchObject({ code: 0, stdout: LABELLED });
    expect((await add(OPTED_OUT, '--force', '--inline', 'sonarr')).code).toBe(1);
  });

  it('sets a malformed label right', async () => {
    expect(await add(LABELLED.replace('"true"', 'yes'), '-o', 'yaml')).toMatchObject({ stdout: LABELLED });
  });

  it('leaves what could not use the mounts', async () => {
    const stdin = PLEX.replaceAll('plex', 'rclone-zurg');
    const ran = await add(stdin, '-o', 'yaml');
    expect(ran).toMatchObject({ code: 0, stdout: stdin });
    expect(ran.stderr).toMatch(/skipped +no container in the pod could use the mounts/);
  });

  it('writes the sidecars in place of the label with --inline, as inject does', async () => {
    const inlined = await add(SONARR, '--inline', '-o', 'yaml');
    const injected = await mediaStack(['inject', '-f', '-', '--assume-label'], { stdin: SONARR });
    expect(inlined).toMatchObject({ code: 0, stdout: injected.stdout });
    expect(await add(inlined.stdout, '--inline')).toMatchObject({ code: 0, stdout: '' });
  });

  it.each([
    [['--write'], '--write needs files to write to', 'Use -o yaml for stdin and -k.'],
    [['--wait'], '--wait is for a workload in the cluster, -f is for files', 'Use one of them.'],
    [
      ['a/b/c'],
      '"a/b/c" names no workload',
      'Write NAME or KIND/NAME with deployment, statefulset, daemonset or pod: deployment/sonarr.',
    ],
  ])('does not understand %j', async (args, message, mend) => {
    expect(await add(SONARR, ...args)).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: ${message}\n  mend: ${mend}\n`,
    });
  });
});

describe('add-sidecars without -f', () => {
  it.each([
    [
      [],
      'no workload is named',
      'media-stack add-sidecars NAME NAMESPACE, or for files: media-stack add-sidecars -f FILE',
    ],
    [
      ['sonarr', '--write'],
      '--write is for files, and none is named',
      'Name files with -f FILE, or - for stdin.',
    ],
    [
      ['pod/sonarr'],
      'a pod that runs cannot be given sidecars',
      'Name the workload that made it: deployment/NAME, statefulset/NAME or daemonset/NAME.',
    ],
    [
      ['deployent/sonarr'],
      '"deployent/sonarr" names no workload',
      'Did you mean "deployment"? Write NAME or KIND/NAME with deployment, statefulset, daemonset or pod: deployment/sonarr.',
    ],
    [
      ['sonarr', '--timeout', 'soon'],
      'the --timeout "soon" is no duration',
      'Write a number with ms, s, m or h: 90s, 5m, 1h30m.',
    ],
    [
      ['sonarr', 'media', '-n', 'tv'],
      'two namespaces are named: media by position and tv with --namespace',
      'Name one.',
    ],
  ])('does not understand %j', async (args, message, mend) => {
    expect(await mediaStack(['add-sidecars', ...args])).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: ${message}\n  mend: ${mend}\n`,
    });
  });

  it('says so when there is no kubeconfig', async () => {
    const ran = await mediaStack(['add-sidecars', 'sonarr'], { env: { HOME: folder } });
    expect(ran).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: there is no kubeconfig: ${folder}/.kube/config does not exist
  mend: Name one with --kubeconfig FILE or KUBECONFIG=FILE. Files need no cluster: inject, lint, explain, migrate.
`,
    });
  });
});
