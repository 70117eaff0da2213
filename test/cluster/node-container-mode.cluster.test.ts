// Container mode, for kubelets that know no native sidecars: the sidecars are plain containers in front of the app's.
// What the other suites of the node prove of native sidecars, as far as it can hold here: all containers are told to
// end at once, and no init container of ours is left to end last (docs/limits.md).
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fillMemory, SMALL_MEMORY } from './memory-filling.ts';
import type { AppOptions } from './media-app.ts';
import type { KubeObject } from './kubectl.ts';
import { restartsOf, statusOf } from './node-processes.ts';
import { countReadings, READER } from './node-reader.ts';
import { filesIn, FILM, LISTED, READING_APP, report, SHOW, useNodeScene } from './node-scene.ts';
import { expectKilledForMemory, killIntoBackOff, untilRestarted, useRemoval } from './node-steps.ts';
import { followReader } from './node-watcher.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const ZURG = '/mnt/media/zurg';
const TORBOX = '/mnt/media/torbox';
const PLAIN = { 'media-stack/sidecar-mode': 'container' };

const provider = await findProvider('node');

describe.skipIf(provider === null)('a pod with plain sidecars', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const expectGone = useRemoval(scene);
  afterEach(async () => {
    const { webhook, zurg } = scene();
    await webhook.changeSettings({});
    await zurg.start();
  });

  it('reads both remotes as uid 1000 from its first look on, and recovers in place when rclone is killed', async () => {
    const { killRclone, recovery, readings, pod, exec } = scene();
    await deploy();
    expect((await readings()).slice(0, 2).map(({ state }) => state)).toEqual(['entries', 'entries']);
    expect(await exec('sonarr', 'cat', FILM, SHOW)).toBe('a filma show');
    report('plain: rclone killed', await recovery(ZURG, await killRclone('rclone-zurg')));
    expect(restartsOf(await pod())).toEqual({});
    await expectNeverEmpty();
  });

  it('comes back when a whole sidecar is killed, and the app is not restarted', async () => {
    const { killContainer, recovery, pod } = scene();
    await deploy();
    report('plain: container killed', await recovery(ZURG, await killContainer('rclone-zurg')));
    await untilRestarted(scene(), 'rclone-zurg', 1);
    expect(restartsOf(await pod())).toEqual({ 'rclone-zurg': 1 });
    await expectNeverEmpty();
  });

  it('comes back when both sidecars are killed at once', async () => {
    const { killContainer, recovery } = scene();
    await deploy();
    const [zurg, torbox] = await Promise.all([killContainer('rclone-zurg'), killContainer('rclone-torbox')]);
    report(
      'plain: both containers killed',
      await Promise.all([recovery(ZURG, zurg), recovery(TORBOX, torbox)]),
    );
    await expectNeverEmpty();
  });

  it('comes back when rclone is killed by its memory limit', async () => {
    const { kubectl, namespace, recovery } = scene();
    const { metadata } = await deploy({ annotations: { ...PLAIN, ...SMALL_MEMORY } });
    const since = Date.now();
    await fillMemory(kubectl, { namespace, pod: metadata['name'] as string, container: 'rclone-zurg' });
    report('plain: rclone killed by its memory limit', await recovery(ZURG, since));
    await expectKilledForMemory(scene(), 'rclone-zurg');
    await expectNeverEmpty();
  });

  it('starts although a server accepts and never answers, and is deleted while a listing hangs', async () => {
    const { zurg, readings } = scene();
    zurg.freeze();
    await deploy({ container: { ...READING_APP, command: [READER, ...LISTED] } });
    const listed = async (): Promise<boolean> => (await readings()).some(({ path }) => path === TORBOX);
    await waitUntil('the other mount to be listed', listed, { timeoutMs: 30_000 });
    await expectGone('plain: deletion while a listing hangs');
  });

  it('starts without a server, and gets the content when the server is back', async () => {
    const { zurg, pod, exec } = scene();
    await zurg.stop();
    await deploy({ container: { ...READING_APP, command: [READER, ...LISTED] } });
    await zurg.start();
    await waitUntil('the film', async () => (await exec('sonarr', 'cat', FILM)) === 'a film', {
      timeoutMs: 60_000,
    });
    expect(restartsOf(await pod())).toEqual({});
    await expectNeverEmpty();
  });

  it('does not disturb another pod of the node that has the same hostPath', async () => {
    const { folder, killContainer, remove, exec, readings, fuseMounts } = scene();
    const path = join(folder, 'shared');
    mkdirSync(path);
    const spec = { volumes: [{ name: 'media', hostPath: { path } }] };
    await deploy({ name: 'sonarr', spec });
    await deploy({ name: 'radarr', spec });
    const before = fuseMounts();
    await killContainer('rclone-torbox', 'sonarr');
    await remove('sonarr');
    expect(fuseMounts()).toHaveLength(before.length / 2);
    expect(await exec('radarr', 'cat', FILM, SHOW)).toBe('a filma show');
    expect(countReadings(await readings('radarr', 'radarr'))).toMatchObject({ errors: 0, empty: 0 });
  });

  it('leaves no mount when the app holds a file open, and shows the app no empty directory', async () => {
    const { kubectl, namespace } = scene();
    const { metadata } = await deploy();
    const app = { namespace, pod: metadata['name'] as string, container: 'sonarr', timeoutMs: 60_000 };
    const readToEnd = followReader(kubectl, app);
    await expectGone('plain: deletion with a file open');
    const counts = countReadings(await readToEnd());
    expect(counts.entries).toBeGreaterThan(0);
    expect(counts.empty).toBe(0);
  });

  it.each([
    ['one sidecar', ['rclone-zurg']],
    ['both sidecars', ['rclone-zurg', 'rclone-torbox']],
  ])('leaves no mount when %s died the moment before', async (what, killed) => {
    const { killContainer } = scene();
    await deploy();
    await Promise.all(killed.map((container) => killContainer(container)));
    await expectGone(`plain: deletion with ${what} dead`);
  });

  it('leaves no mount when rclone is killed during the deletion', async () => {
    const { killRclone } = scene();
    await deploy();
    const gone = expectGone('plain: deletion with rclone killed meanwhile');
    await killRclone('rclone-zurg');
    await gone;
  });

  it('leaves no mount when it is deleted while init-dirs starts', async () => {
    const { deployOnly, pod } = scene();
    await deployOnly({ annotations: PLAIN, container: READING_APP });
    const runs = async (): Promise<boolean> => {
      const { running, terminated } = statusOf(await pod(), 'init-dirs')['state'] as KubeObject;
      return running !== undefined || terminated !== undefined;
    };
    await waitUntil('init-dirs to run', runs, { timeoutMs: 60_000, intervalMs: 20 });
    await expectGone('plain: deletion while init-dirs starts');
  });

  it('has its written file on the remote although it is deleted before the write-back', async () => {
    const { exec, remove, zurg } = scene();
    await deploy({ annotations: { ...PLAIN, 'media-stack/read-only': 'false' } });
    await exec('sonarr', 'sh', '-c', `echo late >${ZURG}/late.txt`);
    await remove();
    expect(filesIn(zurg.root)['late.txt']).toBe('late\n');
    rmSync(join(zurg.root, 'late.txt'));
  });

  it('leaves no mount when a sidecar is in back-off over a dead mount', async () => {
    await deploy();
    await killIntoBackOff(scene(), ['rclone-zurg']);
    await expectGone('plain: deletion while a sidecar is in back-off');
  });

  function deploy(options: Partial<AppOptions> = {}): Promise<KubeObject> {
    return scene().deploy({ annotations: PLAIN, container: READING_APP, ...options });
  }

  async function expectNeverEmpty(): Promise<void> {
    expect(countReadings(await scene().readings()).empty).toBe(0);
  }
});
