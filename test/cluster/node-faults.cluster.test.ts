// rclone and its containers are killed while a reader lists both mounts in a tight loop and holds a file open.
import { describe, expect, it } from 'vitest';
import { fillMemory, SMALL_MEMORY } from './memory-filling.ts';
import { restartsOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import { FILM, READING_APP, report, useNodeScene } from './node-scene.ts';
import { expectKilledForMemory, untilRestarted } from './node-steps.ts';
import { followReader, WATCHER } from './node-watcher.ts';
import { findProvider } from './provider.ts';

const ZURG = '/mnt/media/zurg';
const TORBOX = '/mnt/media/torbox';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a mount whose rclone or sidecar is killed', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);

  it('recovers in place from three kills of rclone, without a restart and without an empty listing', async () => {
    const { deploy, killRclone, recovery, readings, pod, exec } = scene();
    await deploy({ container: READING_APP });
    const took: number[] = [];
    for (let kills = 0; kills < 3; kills += 1) {
      took.push(await recovery(ZURG, await killRclone('rclone-zurg')));
    }
    report('rclone killed', took);
    expect(Math.max(...took)).toBeLessThan(10_000);
    expect(restartsOf(await pod())).toEqual({});
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    const counts = countReadings(await readings());
    report('readings', counts);
    expect(counts.empty).toBe(0);
    expect(counts.errors).toBeGreaterThan(0);
  });

  it('comes back when the whole sidecar container is killed, and the app is not restarted', async () => {
    const { deploy, killContainer, recovery, readings, pod } = scene();
    await deploy({ container: READING_APP });
    const took = [await recovery(ZURG, await killContainer('rclone-zurg'))];
    await untilRestarted(scene(), 'rclone-zurg', 1);
    took.push(await recovery(ZURG, await killContainer('rclone-zurg')));
    report('sidecar container killed (the second time: back-off)', took);
    await untilRestarted(scene(), 'rclone-zurg', 2);
    expect(restartsOf(await pod())).toEqual({ 'rclone-zurg': 2 });
    const counts = countReadings(await readings());
    report('readings', counts);
    expect(counts.empty).toBe(0);
  });

  it('comes back when both sidecars are killed at once', async () => {
    const { deploy, killContainer, recovery, readings } = scene();
    await deploy({ container: READING_APP });
    const [zurg, torbox] = await Promise.all([killContainer('rclone-zurg'), killContainer('rclone-torbox')]);
    report('both containers killed', await Promise.all([recovery(ZURG, zurg), recovery(TORBOX, torbox)]));
    await untilRestarted(scene(), 'rclone-zurg', 1);
    await untilRestarted(scene(), 'rclone-torbox', 1);
    expect(countReadings(await readings()).empty).toBe(0);
  });

  it('is never empty for a reader that is there before the first mount and after the last', async () => {
    const { deploy, killRclone, recovery, kubectl, namespace, remove, fuseMounts } = scene();
    const pod = await deploy({
      annotations: { 'media-stack/sidecar-position': 'last' },
      spec: { initContainers: [WATCHER] },
    });
    const name = pod['metadata']['name'] as string;
    const watcher = { namespace, pod: name, container: 'watcher', timeoutMs: 120_000 };
    const readToEnd = followReader(kubectl, watcher);
    const at = await killRclone('rclone-torbox');
    await recovery(TORBOX, at, 'watcher');
    report('deletion', await remove());
    const counts = countReadings(await readToEnd());
    report('readings of the watcher', counts);
    expect(counts.empty).toBe(0);
    expect(counts.entries).toBeGreaterThan(0);
    expect(counts.errors).toBeGreaterThan(0);
    expect(fuseMounts()).toEqual([]);
  });

  it('comes back when rclone is killed by its memory limit', async () => {
    const { deploy, recovery, readings, kubectl, namespace, remove, fuseMounts } = scene();
    const { metadata } = await deploy({ annotations: SMALL_MEMORY, container: READING_APP });
    const pod = metadata['name'] as string;
    const since = Date.now();
    await fillMemory(kubectl, { namespace, pod, container: 'rclone-zurg' });
    report('rclone killed by its memory limit', await recovery(ZURG, since));
    await expectKilledForMemory(scene(), 'rclone-zurg');
    expect(countReadings(await readings()).empty).toBe(0);
    await remove();
    expect(fuseMounts()).toEqual([]);
  });
});
