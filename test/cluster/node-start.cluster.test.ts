// What an app finds when it starts: mounts that are there, slow, without a server, or impossible.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from './kubectl.ts';
import { APP_IMAGE } from './node-images.ts';
import { restartsOf, statusOf } from './node-processes.ts';
import { countReadings, READER } from './node-reader.ts';
import { FILM, holds, isRunning, LISTED, SHOW, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { OWN_MOUNT_DRIVER } from './volume-driver.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

/** Three probes that fail would restart it within 9 s. */
const SHORT_LIVENESS = {
  sidecar: { liveness: { periodSeconds: 1, failureThreshold: 3, timeoutSeconds: 3 } },
};
/** A folder of the kernel, where even root can do nothing but mount something on its empty folder `connections`. */
const REFUSING = {
  spec: { volumes: [{ name: 'media', hostPath: { path: '/sys/fs/fuse' } }] },
  annotations: { 'media-stack/mounts': 'volume' },
};
const READS: KubeObject = { command: [READER, ...LISTED], securityContext: { runAsUser: 1000 } };

describe.skipIf(provider === null)('an app that starts', { timeout: 120_000 }, () => {
  const scene = useNodeScene(provider);
  afterEach(async () => {
    const { webhook, zurg } = scene();
    await webhook.changeSettings({});
    await zurg.start();
  });

  it('has both remotes in its own init container', async () => {
    const { deploy, kubectl, namespace } = scene();
    const script = `cat ${FILM} && echo && cat ${SHOW}`;
    const check = initContainer('check', ['/bin/sh', '-ec', script]);
    const pod = await deploy({ spec: { initContainers: [check] } });
    const args = ['logs', '-n', namespace, pod['metadata']['name'] as string, '-c', 'check'];
    expect(await kubectl.text(args)).toBe('a film\na show');
  });

  // As images that own their library do it; behind the mounts it would walk through the remotes (rule MS307).
  it('has closed mount points although an init container in front of the sidecars has opened them', async () => {
    const { deploy, killRclone, recovery, readings } = scene();
    const open = 'chown -R 1000:1000 /mnt/media && chmod -R 755 /mnt/media';
    const { spec } = withVolume(freshLibrary('opened'));
    await deploy({
      annotations: { 'media-stack/sidecar-position': 'last' },
      spec: { ...spec, initContainers: [initContainer('own', ['/bin/sh', '-ec', open])] },
      container: READS,
    });
    await recovery('/mnt/media/zurg', await killRclone('rclone-zurg'));
    expect(countReadings(await readings())).toMatchObject({ empty: 0 });
  });

  // A path behind the remote's name makes rclone ask the server before it mounts.
  it.each(['native', 'container'])('waits for a mount that is slow to come (%s)', async (mode) => {
    const { webhook, zurg, deployOnly, deploy, pod, readings } = scene();
    const remote = { name: 'zurg', secret: 'rclone-zurg-config', remote: 'zurg:__all__' };
    await webhook.changeSettings({ remotes: [remote] });
    zurg.freeze();
    const options = {
      annotations: { 'media-stack/sidecar-mode': mode },
      container: { command: [READER, '/mnt/media/zurg'], securityContext: { runAsUser: 1000 } },
    };
    await deployOnly(options);
    await waitUntil('the sidecar to run', async () => hasStarted(await pod(), 'rclone-zurg'), {
      timeoutMs: 30_000,
    });
    await holds(5000, async () => expect(isRunning(await pod(), 'sonarr')).toBe(false));
    zurg.thaw();
    await deploy(options);
    expect((await readings())[0]?.state).toBe('entries');
    expect(restartsOf(await pod())).toEqual({});
  });

  it('starts although a server accepts and never answers, and no sidecar is restarted for it', async () => {
    const { webhook, zurg, deploy, pod, readings } = scene();
    await webhook.changeSettings(SHORT_LIVENESS);
    zurg.freeze();
    await deploy({ container: READS });
    await holds(15_000, async () => expect(restartsOf(await pod())).toEqual({}));
    expect((await readings()).some(({ path }) => path === '/mnt/media/zurg')).toBe(false);
    zurg.thaw();
    await waitUntil('the content', async () => (await readings()).some(isZurgWithEntries), {
      timeoutMs: 60_000,
    });
    expect((await readings()).at(-1)?.empty).toBe(0);
  });

  it('starts without a server, and gets the content when the server is back', async () => {
    const { zurg, deploy, exec, pod, readings } = scene();
    await zurg.stop();
    await deploy({ container: READS });
    const fails = async (): Promise<boolean> =>
      (await readings()).some(({ path, state }) => path === '/mnt/media/zurg' && state === 'error');
    await waitUntil('an error', fails, { timeoutMs: 60_000 });
    await zurg.start();
    await waitUntil('the film', async () => (await exec('sonarr', 'cat', FILM)) === 'a film', {
      timeoutMs: 60_000,
    });
    expect((await readings()).every(({ empty }) => empty === 0)).toBe(true);
    expect(restartsOf(await pod())).toEqual({});
  });

  it('is held back without a server where it waits for content', async () => {
    const { zurg, deployOnly, deploy, pod, exec } = scene();
    const options = { annotations: { 'media-stack/wait-for-content': 'true' } };
    await zurg.stop();
    await deployOnly(options);
    await waitUntil('the sidecar to run', async () => hasStarted(await pod(), 'rclone-zurg'), {
      timeoutMs: 30_000,
    });
    await holds(12_000, async () => expect(isRunning(await pod(), 'sonarr')).toBe(false));
    await zurg.start();
    await deploy(options);
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    expect(restartsOf(await pod())).toEqual({});
  });

  it('gets the mount over a stray file, which is named in the log and kept', async () => {
    const { deploy, exec, kubectl, namespace, remove } = scene();
    const library = freshLibrary('stray');
    mkdirSync(join(library, 'zurg'));
    writeFileSync(join(library, 'zurg/stray.nfo'), 'kept');
    const pod = await deploy(withVolume(library));
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    const args = ['logs', '-n', namespace, pod['metadata']['name'] as string, '-c', 'rclone-zurg'];
    expect(await kubectl.text(args)).toContain('/mnt/media/zurg is not empty (stray.nfo');
    await remove();
    expect(statSync(join(library, 'zurg/stray.nfo')).size).toBe(4);
  });

  it.each([
    ['a read-only volume', { readOnly: true }, 'read-only file system', 'without readOnly'],
    ['a file in the way', {}, 'a file is in the way', 'move that file away'],
  ])('never starts on %s, and the termination message names it', async (what, volume, cause, mend) => {
    const { deployOnly, pod } = scene();
    const library = freshLibrary(what.replaceAll(' ', '-'));
    if (!('readOnly' in volume)) writeFileSync(join(library, 'zurg'), 'a file');
    await deployOnly(withVolume(library, volume));
    const message = await waitUntil('init-dirs to give up', async () => endOf(await pod(), 'init-dirs'), {
      timeoutMs: 30_000,
    });
    expect(message).toContain(cause);
    expect(message).toContain(mend);
    expect(isRunning(await pod(), 'sonarr')).toBe(false);
  });

  // As NFS with root_squash refuses it to root.
  it('never starts on a volume where no directory can be made, and the termination message names it', async () => {
    const { deployOnly, pod } = scene();
    await deployOnly(REFUSING);
    const message = await waitUntil('init-dirs to give up', async () => endOf(await pod(), 'init-dirs'), {
      timeoutMs: 30_000,
    });
    expect(message).toContain('cannot create /mnt/media/zurg: permission denied to root');
    expect(message).toContain('create it on the server, or export with no_root_squash');
    expect(isRunning(await pod(), 'sonarr')).toBe(false);
  });

  // And what is there already cannot be changed: so the mount point stays open.
  it('gets the mount on a volume where the mount point cannot be closed, which the log says', async () => {
    const { webhook, deploy, exec, kubectl, namespace, remove, fuseMounts } = scene();
    const remote = { name: 'connections', secret: 'rclone-zurg-config', remote: 'zurg:' };
    await webhook.changeSettings({ remotes: [remote] });
    const pod = await deploy(REFUSING);
    expect(await exec('sonarr', 'cat', '/mnt/media/connections/__all__/film.txt')).toBe('a film');
    const args = ['logs', '-n', namespace, pod['metadata']['name'] as string, '-c', 'init-dirs'];
    expect(await kubectl.text(args)).toContain('cannot close /mnt/media/connections (chmod refused)');
    await remove();
    expect(fuseMounts()).toEqual([]);
  });

  function freshLibrary(name: string): string {
    const library = join(scene().folder, `library-${name}`);
    mkdirSync(library);
    return library;
  }
});

function isZurgWithEntries({ path, state }: { path: string; state: string }): boolean {
  return path === '/mnt/media/zurg' && state === 'entries';
}

function initContainer(name: string, command: readonly string[]): KubeObject {
  const volumeMounts = [{ name: 'media', mountPath: '/mnt/media' }];
  return { name, image: APP_IMAGE, command, volumeMounts };
}

/** Another folder as media volume. */
function withVolume(path: string, volume: object = {}): { spec: KubeObject } {
  const flexVolume = { driver: OWN_MOUNT_DRIVER, options: { path }, ...volume };
  return { spec: { volumes: [{ name: 'media', flexVolume }] } };
}

/** In container mode the kubelet says so only after the gate. */
function hasStarted(pod: KubeObject, container: string): boolean {
  const conditions = (pod['status']['conditions'] ?? []) as KubeObject[];
  const gated = conditions.some(({ type, status }) => type === 'Initialized' && status === 'True');
  return gated || isRunning(pod, container);
}

/** The termination message of its last end. */
function endOf(pod: KubeObject, container: string): string | undefined {
  const { state, lastState } = statusOf(pod, container);
  return (state['terminated'] ?? lastState['terminated'])?.['message'] as string | undefined;
}
