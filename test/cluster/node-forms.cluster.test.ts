// Pods of other forms: shared processes, Jobs, hardened apps, other backends, writing mounts.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { renderDeployment, renderSecret } from './media-app.ts';
import { restartsOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import { filesIn, FILM, READING_APP, SHOW, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');
const ZURG = '/mnt/media/zurg';
/** Where the cache volume is in a sidecar. */
const CACHE = '/cache';
const WRITES = { 'media-stack/read-only': 'false' };

describe.skipIf(provider === null)('a labelled pod', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  afterEach(async () => scene().webhook.changeSettings({}));

  it('that shares its process namespace recovers and ends like any other', async () => {
    const { deploy, killRclone, killContainer, recovery, remove, readings, fuseMounts } = scene();
    await deploy({ spec: { shareProcessNamespace: true }, container: READING_APP });
    await recovery(ZURG, await killRclone('rclone-zurg'));
    await recovery(ZURG, await killContainer('rclone-zurg'));
    expect(countReadings(await readings()).empty).toBe(0);
    await remove();
    expect(fuseMounts()).toEqual([]);
  });

  it('of a Job and of a CronJob completes when its app has ended, and leaves no mount', async () => {
    const { kubectl, namespace, fuseMounts } = scene();
    const { template } = renderDeployment({
      namespace,
      name: 'scan',
      container: { command: ['cat', FILM, SHOW] },
      spec: { restartPolicy: 'Never' },
    })['spec'];
    const spec = { template, backoffLimit: 0 };
    const metadata = { namespace, name: 'scan' };
    await kubectl.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec });
    const cron = { schedule: '0 0 1 1 *', jobTemplate: { spec } };
    await kubectl.create({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: cron });
    await kubectl.text(['create', 'job', 'fired', '--from=cronjob/scan', '-n', namespace]);
    const wait = ['wait', '--for=condition=complete', 'job/scan', 'job/fired', '-n', namespace];
    await kubectl.text([...wait, '--timeout=60s'], { timeoutMs: 70_000 });
    expect(await kubectl.text(['logs', '-n', namespace, 'job/scan', '-c', 'scan'])).toBe('a filma show');
    await waitUntil('the mounts to go', () => fuseMounts().length === 0, { timeoutMs: 30_000 });
    await kubectl.text(['delete', 'cronjob/scan', '-n', namespace]);
  });

  it('is replaced by a rollout restart without an empty listing and without a mount left', async () => {
    const { deploy, kubectl, namespace, pod, remove, readings, fuseMounts } = scene();
    const before = await deploy({ container: READING_APP });
    const mounts = fuseMounts().length;
    await kubectl.text(['rollout', 'restart', 'deployment/sonarr', '-n', namespace]);
    const old = before['metadata']['name'] as string;
    await kubectl.text(['wait', '--for=delete', `pod/${old}`, '-n', namespace, '--timeout=60s'], {
      timeoutMs: 70_000,
    });
    expect((await pod())['metadata']['name']).not.toBe(old);
    expect(countReadings(await readings())).toMatchObject({ errors: 0, empty: 0 });
    expect(fuseMounts()).toHaveLength(mounts);
    await remove();
    expect(fuseMounts()).toEqual([]);
  });

  it('reads as uid 1000 with a read-only root and no capability', async () => {
    const { deploy, readings, exec } = scene();
    const securityContext = {
      runAsUser: 1000,
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    };
    await deploy({ container: { ...READING_APP, securityContext } });
    expect(await exec('sonarr', 'cat', FILM, SHOW)).toBe('a filma show');
    expect(countReadings(await readings())).toMatchObject({ errors: 0, empty: 0 });
  });

  it('gets three remotes of three backends', async () => {
    const { webhook, kubectl, namespace, zurg, torbox, deploy, exec } = scene();
    await kubectl.create(renderSecret(namespace, 'web', `[web]\ntype = http\nurl = ${torbox.url}/\n`));
    await kubectl.create(renderSecret(namespace, 'local', '[local]\ntype = alias\nremote = /etc\n'));
    await webhook.changeSettings({
      remotes: [
        { name: 'zurg', secret: 'rclone-zurg-config', probePath: '__all__' },
        { name: 'web', secret: 'web', probePath: 'torrents' },
        { name: 'local', secret: 'local' },
      ],
    });
    await deploy();
    const paths = [FILM, '/mnt/media/web/torrents/show.txt', '/mnt/media/local/fuse.conf'];
    expect(await exec('sonarr', 'cat', ...paths)).toBe('a filma showuser_allow_other\n');
    expect(zurg.url).not.toBe(torbox.url);
  });

  it('with a writing mount keeps all files on the remote when it is deleted', async () => {
    const { deploy, exec, remove, zurg, fuseMounts } = scene();
    const before = filesIn(zurg.root);
    await deploy({ annotations: WRITES, container: READING_APP });
    await exec('sonarr', 'sh', '-c', `echo new >${ZURG}/__all__/new.txt`);
    const arrived = (): boolean => filesIn(zurg.root)['__all__/new.txt'] === 'new\n';
    await waitUntil('the file to arrive', arrived, { timeoutMs: 30_000 });
    await remove();
    expect(filesIn(zurg.root)).toEqual({ ...before, '__all__/new.txt': 'new\n' });
    expect(fuseMounts()).toEqual([]);
    rmSync(join(zurg.root, '__all__/new.txt'));
  });

  it.each(['rclone', 'the container'])(
    'has its written file on the remote although %s is killed before the write-back',
    async (what) => {
      const { deploy, exec, killRclone, killContainer, zurg } = scene();
      await deploy({ annotations: WRITES });
      // What has been listed is known for a while: the write itself asks nobody.
      await exec('sonarr', 'ls', ZURG);
      zurg.freeze();
      await exec('sonarr', 'sh', '-c', `echo late >${ZURG}/late.txt`);
      await (what === 'rclone' ? killRclone('rclone-zurg') : killContainer('rclone-zurg'));
      zurg.thaw();
      const arrived = (): boolean => filesIn(zurg.root)['late.txt'] === 'late\n';
      await waitUntil('the file to arrive', arrived, { timeoutMs: 60_000 });
      rmSync(join(zurg.root, 'late.txt'));
    },
  );

  it('has its written file on the remote although it is deleted before the write-back', async () => {
    const { deploy, exec, remove, zurg } = scene();
    await deploy({ annotations: WRITES });
    await exec('sonarr', 'sh', '-c', `echo late >${ZURG}/late.txt`);
    await remove();
    expect(filesIn(zurg.root)['late.txt']).toBe('late\n');
    rmSync(join(zurg.root, 'late.txt'));
  });

  // The kubelet evicts a pod whose cache volume is over its limit, and rclone trims its cache only now and then.
  it('with cache mode full reads more than its cache volume may hold, for rclone trims it in time', async () => {
    const { deploy, exec, kubectl, namespace, zurg, pod } = scene();
    const [limit, share, fileSize] = [64, 51, 12];
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `__all__/${name}.bin`);
    for (const name of names) writeFileSync(join(zurg.root, name), Buffer.alloc(fileSize << 20, name));
    const annotations = { 'media-stack/vfs-cache-mode': 'full', 'media-stack/cache-size': `${limit}Mi` };
    await deploy({ annotations });
    const read = async (files: readonly string[]): Promise<void> => {
      const bytes = await exec('sonarr', 'sh', '-c', `cd ${ZURG}; cat ${files.join(' ')} | wc -c`);
      expect(Number(bytes)).toBe(files.length * (fileSize << 20));
    };
    const du = ['-n', namespace, 'deployment/sonarr', '-c', 'rclone-zurg', '--', 'du', '-sm', CACHE];
    const used = async (): Promise<number> => Number.parseInt(await kubectl.text(['exec', ...du]), 10);
    const trimmed = async (): Promise<boolean> => (await used()) <= share + 1;
    // As much as fits at once; after that no more than rclone has made room for.
    await read(names.slice(0, 5));
    for (const name of names.slice(5)) {
      await waitUntil('rclone to trim its cache', trimmed, { timeoutMs: 30_000, intervalMs: 500 });
      await read([name]);
    }
    expect(await used()).toBeLessThan(limit);
    expect((await pod())['status']['phase']).toBe('Running');
    expect(restartsOf(await pod())).toEqual({});
    for (const name of names) rmSync(join(zurg.root, name));
  });
});
