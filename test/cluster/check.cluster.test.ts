// check-media-mounts on real mounts: fine ones, and each way in which one is not.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { MEDIA_STACK, mediaStack } from '../support/run-command.ts';
import type { Ran } from '../support/run-command.ts';
import { MKDIR, renderHandWritten, renderVolumes, unmountOnNode } from './hand-written.ts';
import type { KubeObject } from './kubectl.ts';
import { READER } from './node-reader.ts';
import { FILM, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { writeTokenKubeconfig } from './token-kubeconfig.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

/** Nothing that the webhook sees: no label. */
const UNLABELLED = { labels: {} };
const ZURG_BY_HAND = { remote: 'zurg', secret: 'rclone-zurg-config' } as const;
const APP_MOUNT = { name: 'media', mountPath: '/mnt/media', mountPropagation: 'HostToContainer' };

describe.skipIf(provider === null)('check-media-mounts', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const check = (...args: readonly string[]): Promise<Ran> =>
    mediaStack(['check-media-mounts', 'media', ...args], { env: { KUBECONFIG: scene().kubeconfig } });
  const byHand = (sidecar: KubeObject, app: KubeObject = { volumeMounts: [APP_MOUNT] }) => ({
    ...UNLABELLED,
    container: app,
    spec: {
      // A shell as PID 1 does not end on TERM.
      terminationGracePeriodSeconds: 3,
      initContainers: [MKDIR],
      containers: [sidecar, { name: 'sonarr', image: 'docker.io/library/alpine:3.22', ...STAY, ...app }],
      volumes: renderVolumes('rclone-zurg-config'),
    },
  });

  it('finds both mounts of a labelled app, counted as the app sees them', async () => {
    const pod = (await scene().deploy())['metadata']['name'] as string;
    const { code, stdout, stderr } = await check('--min-entries', '1');
    expect(lines(stdout)).toEqual([
      ['POD', 'NODE', 'REMOTE', 'TIME', 'MOUNT'],
      [pod, 'localhost', 'zurg', 'OK - /mnt/media/zurg/__all__ (1 file)'],
      [pod, 'localhost', 'torbox', 'OK - /mnt/media/torbox/torrents (1 file)'],
    ]);
    expect(stderr).toBe('\n2 of 2 mounts in 1 pod fine.\n');
    expect(code).toBe(0);
  });

  it('stops counting at the bound, and warns under the other one', async () => {
    const { zurg, deploy } = scene();
    for (let film = 0; film < 12; film += 1)
      writeFileSync(join(zurg.root, '__all__', `film-${film}.txt`), '');
    await deploy();
    const { stdout, code } = await check('--max-count', '10', '--min-entries', '5');
    expect(stdout).toContain('OK - /mnt/media/zurg/__all__ (10+ files)');
    expect(stdout).toContain('WARN - /mnt/media/torbox/torrents (1 file): fewer than 5');
    expect(code).toBe(0);
    for (let film = 0; film < 12; film += 1) rmSync(join(zurg.root, '__all__', `film-${film}.txt`));
  });

  it('gives JSON as its schema says', async () => {
    await scene().deploy();
    const { stdout } = await check('--json');
    const schema = JSON.parse(readFileSync('schemas/check.schema.json', 'utf8')) as object;
    const isValid = new Ajv({ allErrors: true }).compile(schema);
    const value = JSON.parse(stdout) as { pods: { mounts: object[] }[] };
    expect(isValid(value), JSON.stringify(isValid.errors)).toBe(true);
    expect(value.pods[0]?.mounts).toHaveLength(2);
  });

  it('fails where the app uses the media volume and nothing mounts the remotes', async () => {
    const pod = (await scene().deploy(UNLABELLED))['metadata']['name'] as string;
    const { code, stdout } = await check();
    expect(stdout).toContain(pod);
    expect(stdout).toContain(
      'FAIL - /mnt/media/zurg/__all__: no container mounts zurg, and the pod does not carry the label media-stack/cloud-mounts (with "false" it would say that it needs none). Mend: media-stack add-sidecars deployment/sonarr media',
    );
    expect(code).toBe(1);
  });

  it('fails where the app does not see what its sidecar has mounted', async () => {
    // Behind the start of the app: one that starts behind the mount has a copy of it, even without propagation.
    const script =
      'sleep 3; exec rclone mount zurg: /mnt/media/zurg --config=/config/rclone/rclone.conf --allow-other';
    const sidecar = renderHandWritten({
      ...ZURG_BY_HAND,
      container: { command: ['/bin/sh', '-c', script], args: [] },
    });
    const { node, deploy } = scene();
    await deploy(byHand(sidecar, { volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }] }));
    await waitUntil('the mount', () => node.mountinfo().some((line) => line.includes(' - fuse.rclone ')), {
      timeoutMs: 30_000,
    });
    const { stdout, code } = await check();
    expect(stdout).toContain(
      'FAIL - /mnt/media/zurg/__all__: mounted in rclone-zurg, but not visible in sonarr: mount propagation. Mend: set mountPropagation: HostToContainer on the mount of /mnt/media in sonarr and Bidirectional in rclone-zurg',
    );
    expect(code).toBe(1);
  });

  it('names a dead mount', async () => {
    const script =
      'rclone mount zurg: /mnt/media/zurg --config=/config/rclone/rclone.conf --allow-other & sleep 86400';
    const sidecar = renderHandWritten({
      ...ZURG_BY_HAND,
      container: { command: ['/bin/sh', '-c', script], args: [] },
    });
    await scene().deploy(byHand(sidecar));
    await waitUntil(
      'the mount',
      async () =>
        (await check('--min-entries', '1')).stdout.includes('OK - /mnt/media/zurg/__all__ (1 file)'),
      { timeoutMs: 30_000, intervalMs: 500 },
    );
    await scene().killRclone('rclone-zurg');
    const { stdout, code } = await check();
    await unmountOnNode(scene().node);
    expect(stdout).toMatch(
      /FAIL - \/mnt\/media\/zurg\/__all__: \/mnt\/media\/zurg is dead \((Transport endpoint|Socket) (is )?not connected\): its rclone is gone/,
    );
    expect(code).toBe(1);
  });

  it('names a server that refuses, and one that does not answer', async () => {
    const { zurg, torbox, deploy } = scene();
    await deploy();
    await zurg.stop();
    torbox.freeze();
    const { stdout, code } = await check();
    expect(stdout).toMatch(
      /FAIL - \/mnt\/media\/zurg\/__all__: the server behind zurg: cannot be read: .*connection refused/,
    );
    expect(stdout).toContain('FAIL - /mnt/media/torbox/torrents: the server behind torbox: does not answer');
    expect(code).toBe(1);
    await zurg.start();
  });

  it('looks from the sidecar where the app has no shell', async () => {
    const { deploy } = scene();
    // The reader is a program without a shell beside it for exec: /bin/sh is hidden behind an empty volume.
    await deploy({
      container: {
        command: [READER, '-hold', FILM, '/mnt/media/zurg'],
        volumeMounts: [
          { name: 'media', mountPath: '/mnt/media' },
          { name: 'nothing', mountPath: '/bin' },
        ],
      },
      spec: {
        volumes: [
          { name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } },
          { name: 'nothing', emptyDir: {} },
        ],
      },
    });
    const { stdout } = await check('--verbose', '--min-entries', '1');
    expect(lines(stdout)[1]?.slice(2)).toEqual([
      'zurg',
      'rclone-zurg',
      'rclone-zurg',
      'OK - /mnt/media/zurg/__all__ (1 file)',
    ]);
  });

  it('needs no more rights than the ready CronJob gives its account', async () => {
    const { kubectl, kubeconfig, folder, deploy } = scene();
    await deploy();
    await kubectl.text(['apply', '-n', 'media', '-f', 'deploy/check/cronjob.yaml']);
    const account = { kubectl, kubeconfig, folder, namespace: 'media', serviceAccount: 'media-stack-check' };
    const env = { KUBECONFIG: await writeTokenKubeconfig(account) };
    const { code, stdout, stderr } = await mediaStack(['check-media-mounts', '--min-entries', '1'], { env });
    await kubectl.text(['delete', '-n', 'media', '-f', 'deploy/check/cronjob.yaml']);
    expect(stderr).toBe('\n2 of 2 mounts in 1 pod fine.\n');
    expect(stdout).toContain('OK - /mnt/media/zurg/__all__ (1 file)');
    expect(code).toBe(0);
  });

  it('says what it may not do', async () => {
    const { kubectl, kubeconfig, folder, deploy } = scene();
    await deploy();
    await kubectl.text(['create', 'serviceaccount', 'nobody', '-n', 'media']);
    const account = { kubectl, kubeconfig, folder, namespace: 'media', serviceAccount: 'nobody' };
    const env = { KUBECONFIG: await writeTokenKubeconfig(account) };
    const run = (): Promise<Ran> => mediaStack(['check-media-mounts'], { env });
    expect(await run()).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'Error: not allowed: pods is forbidden: User "system:serviceaccount:media:nobody" cannot list resource "pods" in API group "" in the namespace "media"\n' +
        '  mend: Ask for a Role with this verb and resource. What you may do: kubectl auth can-i --list -n media\n',
    });
    await kubectl.text([
      'create',
      'rolebinding',
      'nobody',
      '-n',
      'media',
      '--clusterrole=view',
      '--serviceaccount=media:nobody',
    ]);
    const { code, stdout } = await run();
    expect(stdout).toContain('WARN - /mnt/media/zurg/__all__: not allowed: pods');
    expect(code).toBe(2);
  });

  it('looks again and again with --watch until Ctrl-C, and writes the page each time', async () => {
    const { deploy, kubeconfig, folder } = scene();
    await deploy();
    const page = join(folder, 'mounts.html');
    const watch = ['--watch', '--interval', '0.2', '--json', '--min-entries', '1', '--report', page];
    const child = spawn(process.execPath, [MEDIA_STACK, 'check', 'media', ...watch], {
      env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise<number | null>((resolve) => {
      child.once('close', resolve);
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const rounds = (): { status: string }[] =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { status: string });
    await waitUntil('three rounds', () => rounds().length >= 3, { timeoutMs: 60_000 });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(rounds().every(({ status }) => status === 'ok')).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain('2 of 2 mounts in 1 pod fine.');
  });

  it('says why a pod does not run', async () => {
    await scene().deployOnly({ spec: { nodeSelector: { disk: 'none' } } });
    const { stdout, code } = await check();
    expect(stdout).toContain(
      'FAIL - /mnt/media/zurg/__all__: the pod waits for a node: 0/1 nodes are available',
    );
    expect(code).toBe(1);
  });
});

const STAY = { command: ['/bin/sh', '-c', 'trap "exit 0" TERM; sleep 86400 & wait $!'] };

/** Cells of the table, without the time, which is another one each time. */
function lines(table: string): string[][] {
  return table
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {3,}/).filter((cell) => !/^\d+\.\d\d s$/.test(cell)));
}
