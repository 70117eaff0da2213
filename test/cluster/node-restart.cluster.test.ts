// kubelet and containerd are killed and started again, as an upgrade of the node does it, under a reader that lists
// both mounts and holds a file open.
import { describe, expect, it } from 'vitest';
import { processesOf, restartsOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import { FILM, READING_APP, useNodeScene } from './node-scene.ts';
import { untilRestarted, useRemoval } from './node-steps.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const ZURG = '/mnt/media/zurg';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a node whose daemons are restarted', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const expectGone = useRemoval(scene);

  it('keeps mounts and containers, and the reader sees neither an error nor an empty directory', async () => {
    const { node, deploy, fuseMounts, pod, exec, readings } = scene();
    await deploy({ container: READING_APP });
    const before = fuseMounts();
    await node.restartContainerd();
    await node.restartKubelet();
    const restarted = Date.now();
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    const listsOn = async (): Promise<boolean> => (await readings()).some(({ at }) => at > restarted);
    await waitUntil('a listing after the restart', listsOn, { timeoutMs: 30_000 });
    expect(countReadings(await readings())).toMatchObject({ errors: 0, empty: 0 });
    expect(restartsOf(await pod())).toEqual({});
    expect(fuseMounts()).toEqual(before);
    await expectGone('deletion after a restart of containerd and kubelet');
  });

  it('mounts again without its kubelet when rclone is killed', async () => {
    const { node, folder, deploy, killRclone, recovery, pod } = scene();
    const deployed = await deploy({ container: READING_APP });
    const runs = (): number | undefined =>
      processesOf(folder, deployed, 'rclone-zurg').find(({ name }) => name === 'rclone')?.pid;
    const old = runs();
    let at = Number.NaN;
    await node.restartKubelet(async () => {
      at = await killRclone('rclone-zurg');
      const other = (): boolean => runs() !== undefined && runs() !== old;
      await waitUntil('another rclone', other, { timeoutMs: 30_000 });
    });
    await recovery(ZURG, at);
    expect(restartsOf(await pod())).toEqual({});
    expect(countReadings(await scene().readings()).empty).toBe(0);
  });

  it('starts a sidecar again that was killed while the kubelet was down', async () => {
    const { node, deploy, killContainer, recovery, pod } = scene();
    await deploy({ container: READING_APP });
    let at = Number.NaN;
    await node.restartKubelet(async () => {
      at = await killContainer('rclone-zurg');
    });
    await recovery(ZURG, at);
    await untilRestarted(scene(), 'rclone-zurg', 1);
    expect(restartsOf(await pod())).toEqual({ 'rclone-zurg': 1 });
    expect(countReadings(await scene().readings()).empty).toBe(0);
  });

  it('keeps no mount of a pod that lost a sidecar meanwhile and is deleted right after', async () => {
    const { node, deploy, killContainer } = scene();
    await deploy({ container: READING_APP });
    await node.restartKubelet(() => killContainer('rclone-zurg'));
    await expectGone('deletion right after a restart of the kubelet, with a sidecar dead');
  });
});
