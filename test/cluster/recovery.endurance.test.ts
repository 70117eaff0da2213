// How long an app is without its files when rclone, its container or its memory is taken away: in series, so that the
// figures are worth quoting. Measured from the kill until the app's reader lists entries again.
import { afterAll, describe, expect, it } from 'vitest';
import { publishTable } from './endurance-report.ts';
import { enduranceSizes } from './endurance-sizes.ts';
import { spaceKills } from './kill-spacing.ts';
import { fillMemory, SMALL_MEMORY } from './memory-filling.ts';
import { restartsOf } from './node-processes.ts';
import { READING_APP, useNodeScene } from './node-scene.ts';
import { alternate, TORBOX, ZURG } from './node-sidecars.ts';
import type { Sidecar } from './node-sidecars.ts';
import { untilRestarted } from './node-steps.ts';
import { findProvider } from './provider.ts';
import { RecoverySeries } from './recovery-series.ts';
import { spreadOf } from './series-table.ts';
import type { Row } from './series-table.ts';
import { waitUntil } from './wait-until.ts';

const APP = 'sonarr';
const { kills } = enduranceSizes();
/** A kill, its recovery, its wait for the next turn and its share of a pod. */
const timeout = 60_000 + kills * 60_000;
const provider = await findProvider('node');

describe.skipIf(provider === null)('recovery in series', { timeout }, () => {
  const scene = useNodeScene(provider);
  const rows: Row[] = [];
  afterAll(() => {
    if (rows.length > 0) publishTable('Recovery: from the kill until the app lists entries again', rows);
  });

  it('of a killed rclone takes a second, without a restart', async () => {
    const { deploy, killRclone, recovery } = scene();
    await deploy({ container: READING_APP });
    const turn = spaceKills();
    const series = new RecoverySeries('rclone, SIGKILL');
    for (const { container, path } of alternate(kills)) {
      await turn(container);
      series.took.push(await recovery(path, await killRclone(container)));
    }
    await addPod(series);
    rows.push(series.row());
    expect(series.took).toHaveLength(kills);
    expect(series).toMatchObject({ containerRestarts: 0, appRestarts: 0, empty: 0 });
    expect(spreadOf(series.took).median).toBeLessThanOrEqual(1000);
  });

  // The kubelet starts a container again at once after its first end only: each is killed once in its pod.
  it('of a killed sidecar container needs no restart of the app', async () => {
    const { deploy, killContainer, recovery, remove } = scene();
    const series = new RecoverySeries('sidecar container');
    while (series.took.length < kills) {
      await deploy({ container: READING_APP });
      const victims = [ZURG, TORBOX].slice(0, kills - series.took.length);
      for (const { container, path } of victims) {
        series.took.push(await recovery(path, await killContainer(container)));
      }
      for (const { container } of victims) await untilRestarted(scene(), container, 1);
      await addPod(series);
      await remove();
    }
    rows.push(series.row());
    expect(series.took).toHaveLength(kills);
    expect(series).toMatchObject({ containerRestarts: kills, appRestarts: 0, empty: 0 });
  });

  it('of an rclone that its memory limit killed needs no restart of the app', async () => {
    const { deploy, remove, pod } = scene();
    const options = { annotations: SMALL_MEMORY, container: READING_APP };
    await deploy(options);
    let turn = spaceKills();
    const series = new RecoverySeries('rclone, memory limit');
    for (const sidecar of alternate(kills)) {
      // Where the kernel kills the whole group (cgroup v2) the container ends: the next one would be in back-off.
      if (Object.keys(restartsOf(await pod())).length > 0) {
        await addPod(series);
        await remove();
        await deploy(options);
        turn = spaceKills();
      }
      await turn(sidecar.container);
      series.took.push(await recoveryFromMemoryLimit(sidecar));
    }
    await addPod(series);
    rows.push(series.row());
    expect(series.took).toHaveLength(kills);
    expect(series).toMatchObject({ appRestarts: 0, empty: 0 });
  });

  async function addPod(series: RecoverySeries): Promise<void> {
    const { pod, readings } = scene();
    series.addPod(await pod(), APP, await readings());
  }

  /** The kernel does not say when it killed: what counts is the first listing that failed. */
  async function recoveryFromMemoryLimit({ container, path }: Sidecar): Promise<number> {
    const { kubectl, namespace, pod, readings, recovery } = scene();
    const name = (await pod())['metadata']['name'] as string;
    const before = await endsByKill(name, container);
    const since = Date.now();
    await fillMemory(kubectl, { namespace, pod: name, container });
    const failed = async (): Promise<number | undefined> =>
      (await readings()).find(
        (reading) => reading.path === path && reading.at >= since && reading.state !== 'entries',
      )?.at;
    const at = await waitUntil(`${path} to fail`, failed, { timeoutMs: 30_000 });
    const took = await recovery(path, at);
    // That it was the kernel and not a fault of rclone: 137 is SIGKILL, and nobody else sends it here.
    if (Object.keys(restartsOf(await pod())).length === 0) {
      expect(await endsByKill(name, container)).toBe(before + 1);
    }
    return took;
  }

  async function endsByKill(pod: string, container: string): Promise<number> {
    const { kubectl, namespace } = scene();
    const log = await kubectl.text(['logs', '-n', namespace, pod, '-c', container]);
    return log.split('ended with code 137').length - 1;
  }
});
