import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryReplaceFile } from '../../../src/cli/replace-file.ts';
import { mediaStack } from '../../support/run-command.ts';

const HEAD = `# The managers.
apiVersion: apps/v1
kind: Deployment
metadata: { name: sonarr }
spec:
  template:
    metadata:
      labels:
        app: sonarr # the app
`;
const BY_HAND = `${HEAD}    spec:
      # Makes the mount points.
      initContainers:
      - name: init-dirs
        image: alpine:latest
        command: [sh, -c, mkdir -p /mnt/media/zurg]
        volumeMounts: [{ name: media, mountPath: /mnt/media }]
      containers:
      # Sidecar: Mount Zurg
      - name: rclone-zurg
        image: rclone/rclone:latest
        securityContext: { privileged: true }
        args: [mount, "zurg:", /mnt/media/zurg, --allow-other, --vfs-cache-mode=full, --dir-cache-time=10s, --rc, --rc-no-auth, --rc-addr=:5572]
        volumeMounts:
        - { name: media, mountPath: /mnt/media, mountPropagation: Bidirectional }
        - { name: zurg, mountPath: /config/rclone }
      # Main: Sonarr
      - name: sonarr
        image: sonarr:4
        volumeMounts:
        - { name: media, mountPath: /mnt/media, mountPropagation: HostToContainer }
      volumes:
      - name: media # the library
        persistentVolumeClaim: { claimName: media-library-pvc }
      - name: zurg
        secret: { secretName: rclone-zurg-config }
`;
const BY_LABEL = `${HEAD}        media-stack/cloud-mounts: "true"
      annotations:
        media-stack/read-only: "false"
        media-stack/vfs-cache-mode: full
        media-stack/dir-cache-time: 10s
        media-stack/attr-timeout: 1s
        media-stack/poll-interval: 1m
    spec:
      containers:
      # Main: Sonarr
      - name: sonarr
        image: sonarr:4
        volumeMounts:
        - { name: media, mountPath: /mnt/media, mountPropagation: HostToContainer }
      volumes:
      - name: media # the library
        persistentVolumeClaim: { claimName: media-library-pvc }
`;
const GDRIVE = BY_HAND.replaceAll('zurg', 'gdrive');
const PLAIN =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: nginx:1 }] }\n';
const BROKEN = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n   labels: {}\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-cli-'));
  write('settings.yaml', 'remotes: [{ name: zurg, secret: rclone-zurg-config }]\n');
  write('sonarr.yaml', BY_HAND);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const migrate = (args: readonly string[], stdin?: string) =>
  mediaStack(['migrate', '--settings', 'settings.yaml', ...args], {
    cwd: folder,
    ...(stdin === undefined ? {} : { stdin }),
  });

const ACCOUNT = `WORKLOAD                         OUTCOME    KEPT AS ANNOTATION   NOT KEPT   FINDINGS OF LINT
sonarr.yaml: Deployment/sonarr   migrated   5                    5          5 -> 1
Kept as annotation:
  media-stack/read-only: "false" (nobody wrote it: rclone's default)
  media-stack/vfs-cache-mode: "full"
  media-stack/dir-cache-time: "10s"
  media-stack/attr-timeout: "1s" (nobody wrote it: rclone's default)
  media-stack/poll-interval: "1m" (nobody wrote it: rclone's default)
Not kept:
  plain container (rclone-zurg): becomes a native sidecar (restartPolicy: Always), for which the app waits
  image rclone/rclone:latest (rclone-zurg): becomes docker.io/rclone/rclone:1.75.1: one without a version can change any day (MS404)
  cache without a bound (rclone-zurg): gets a volume of its own, of which rclone takes 8192Mi (media-stack/cache-size)
  no requests and limits (rclone-zurg): gets cpu request 100m, cpu limit 500m, memory request 256Mi, memory limit 1Gi (media-stack/memory-limit and its like)
  open remote control on :5572 (rclone-zurg): is closed: who reaches it is root on the node (MS403); settings rclone.rc: socket gives a private one
`;

describe('migrate -f FILE', () => {
  it('prints what would change as a diff, and writes nothing', async () => {
    const ran = await migrate(['-f', 'sonarr.yaml']);
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: ACCOUNT });
    expect(ran.stdout).toMatch(/^--- a\/sonarr\.yaml\n\+\+\+ b\/sonarr\.yaml\n@@/);
    expect(read('sonarr.yaml')).toBe(BY_HAND);
  });

  it.each([
    [['-f', 'sonarr.yaml', '-o', 'yaml'], undefined],
    [['-f', '-', '-o', 'yaml'], BY_HAND],
  ])('prints the manifest with %j; comments go with what they stand above', async (args, stdin) => {
    expect(await migrate(args, stdin)).toMatchObject({ code: 0, stdout: BY_LABEL });
  });

  it('writes the file with --write, and a second run finds nothing', async () => {
    expect(await migrate(['-f', 'sonarr.yaml', '--write'])).toEqual({
      code: 0,
      stdout: '',
      stderr: `${ACCOUNT}1 file was written.\n`,
    });
    expect(read('sonarr.yaml')).toBe(BY_LABEL);
    expect(await migrate(['-f', 'sonarr.yaml', '--write'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 of 1 workloads have no hand-written mounts.\nNo files were written.\n',
    });
  });

  it('drops the annotations with --defaults and lists what changes by that', async () => {
    const ran = await migrate(['-f', 'sonarr.yaml', '--defaults', '-o', 'yaml']);
    expect(ran.stdout).toBe(BY_LABEL.replace(/ {6}annotations:\n( {8}media-stack.*\n)+/, ''));
    expect(ran.stderr).toContain(
      '  --dir-cache-time 10s (rclone-zurg): becomes 60s; to keep it: media-stack/dir-cache-time or settings rclone.dirCacheTime\n',
    );
  });

  it('prints the patch of each workload, with its place in a List', async () => {
    const item = BY_HAND.trimEnd().replaceAll('\n', '\n  ');
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${item}\n`;
    const ran = await migrate(['-f', '-', '-o', 'patch'], list);
    expect(ran.code).toBe(0);
    const [{ patch, ...workload }] = JSON.parse(ran.stdout) as [{ patch: { op: string; path: string }[] }];
    expect(workload).toEqual({ file: 'stdin', apiVersion: 'apps/v1', kind: 'Deployment', name: 'sonarr' });
    expect(patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'add /items/0/spec/template/metadata/labels/media-stack~1cloud-mounts',
      'add /items/0/spec/template/metadata/annotations',
      'remove /items/0/spec/template/spec/initContainers',
      'remove /items/0/spec/template/spec/containers/0',
      'remove /items/0/spec/template/spec/volumes/1',
    ]);
  });

  it('ends with 1 where something has to stay, and says what to do', async () => {
    write('gdrive.yaml', GDRIVE);
    const ran = await migrate(['-f', 'gdrive.yaml', '--write']);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: `WORKLOAD                         OUTCOME         KEPT AS ANNOTATION   NOT KEPT   FINDINGS OF LINT
gdrive.yaml: Deployment/sonarr   left as it is   0                    0          5
Not replaced:
  rclone-gdrive: mounts gdrive: at /mnt/media/gdrive, and no remote of the settings has that mount point
    mend: Add it to the settings: remotes: [{ name: gdrive, remote: "gdrive:", path: gdrive, secret: rclone-gdrive-config }].
No files were written.
`,
    });
    expect(read('gdrive.yaml')).toBe(GDRIVE);
  });

  it('says at its place what is refused', async () => {
    const ran = await migrate(['-f', '-'], BY_HAND.replace('app: sonarr', 'media-stack/cloud-mounts: yes'));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('stdin:9:');
    expect(ran.stderr).toContain('MS502');
  });

  it('refuses a pod with mounts that cannot be read as one, and passes any other', async () => {
    const odd = (text: string) => text.replace('metadata:\n', 'metadata:\n      annotations: { a: 1 }\n');
    expect(await migrate(['-f', '-'], odd(BY_HAND))).toMatchObject({ code: 1 });
    expect(await migrate(['-f', '-'], odd(HEAD))).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 of 1 workloads have no hand-written mounts.\n',
    });
  });

  it('names what the webhook refuses from now on', async () => {
    const pinned = BY_HAND.replace('    spec:\n', '    spec:\n      nodeName: node2\n');
    const ran = await migrate(['-f', '-'], pinned);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(
      /Now that the label is on it, the webhook refuses it:\n {2}MS103 spec\.template\.spec\.nodeName: /,
    );
  });

  it('does not edit an anchor that something else uses', async () => {
    const shared = BY_HAND.replace('volumes:\n', 'volumes: &v\n').replace(
      'metadata: { name: sonarr }',
      'metadata: { name: sonarr }\nx: *v',
    );
    const ran = await migrate(['-f', '-'], shared.replace('x: *v\n', '') + 'x: *v\n');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('the value with the anchor &v is used again by *v');
    expect(ran.stderr).toContain('cannot be edited');
  });
});

describe('migrate --all FOLDER', () => {
  it('migrates every file on its own, and leaves out what .gitignore names', async () => {
    write('apps/.gitignore', 'old/\n');
    write('apps/a/sonarr.yaml', BY_HAND);
    write('apps/b.yaml', PLAIN);
    write('apps/c.yaml', GDRIVE.replaceAll('sonarr', 'radarr'));
    write('apps/old/sonarr.yaml', BY_HAND);
    write('apps/tsconfig.json', '{ // not a manifest\n}');
    write('.git/HEAD', '');
    const ran = await migrate(['--all', 'apps', '--write']);
    expect(ran.code).toBe(1);
    expect(ran.stderr.split('\n').filter((line) => /^apps|workloads|written/.test(line))).toEqual([
      expect.stringMatching(/^apps\/a\/sonarr\.yaml: Deployment\/sonarr {3}migrated /),
      expect.stringMatching(/^apps\/c\.yaml: Deployment\/radarr {10}left as it is /),
      '1 of 3 workloads have no hand-written mounts.',
      '1 file was written.',
    ]);
    expect([read('apps/a/sonarr.yaml'), read('apps/old/sonarr.yaml')]).toEqual([BY_LABEL, BY_HAND]);
  });

  it('goes on behind what cannot be read or written, and ends with 2', async () => {
    write('apps/a.yaml', BROKEN);
    write('apps/b.yaml', BY_HAND);
    const ran = await migrate(['--all', 'apps', '--write']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('apps/a.yaml:4:9 yaml-syntax');
    expect(read('apps/b.yaml')).toBe(BY_LABEL);
  });

  it('says that a file cannot be written', async () => {
    // Not even by root, who is above read-only modes.
    expect(await tryReplaceFile('/proc/version', '')).toMatchObject({
      code: 'file',
      path: '/proc/version',
      message: expect.stringMatching(/^cannot be written: /),
    });
  });
});

describe('migrate with arguments that make no sense', () => {
  it.each([
    [
      [],
      'Error: no manifest was given\n  mend: Name one with -f FILE, a folder with --all FOLDER, or pipe it in with -f -\n',
    ],
    [['-f', '-', '--write'], 'Error: --write stdin is no file that could be changed\n'],
    [['-f', 'nothing.yaml'], 'Error: nothing.yaml cannot be read: there is no such file or folder\n'],
    [['--all', 'nowhere'], 'Error: nowhere cannot be read: there is no such file or folder\n'],
    [
      ['-f', 'sonarr.yaml', '--settings', 'no.yaml'],
      'Error: no.yaml cannot be read: there is no such file or folder\n',
    ],
    [['-f', 'sonarr.yaml', '-o', 'xml'], "error: option '-o, --output <form>' argument 'xml' is invalid."],
  ])('%j ends with 2 and one line', async (args, text) => {
    const ran = await migrate(args, '');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(text);
  });

  it('prints no half of the manifests where one cannot be read', async () => {
    write('broken.yaml', BROKEN);
    const ran = await migrate(['-f', 'sonarr.yaml', 'broken.yaml', '-o', 'yaml']);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Could not run: nothing was written, so that nothing is applied by halves.');
  });
});

describe('--write of inject and uninject', () => {
  it('changes the file and gives it back byte for byte', async () => {
    write('sonarr.yaml', BY_LABEL);
    const run = (command: string) => mediaStack([command, '-f', 'sonarr.yaml', '--write'], { cwd: folder });
    expect(await run('inject')).toMatchObject({ code: 0, stdout: '' });
    expect(read('sonarr.yaml')).toContain('media-stack-mount');
    expect(await run('uninject')).toMatchObject({ code: 0, stdout: '' });
    expect(read('sonarr.yaml')).toBe(BY_LABEL);
  });

  it.each([['inject'], ['uninject']])('%s refuses to write stdin', async (command) => {
    const ran = await mediaStack([command, '-f', '-', '--write'], { cwd: folder, stdin: BY_LABEL });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Error: --write stdin is no file that could be changed\n');
  });
});
