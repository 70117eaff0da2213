// "Never an empty library": a reader is there from before the first mount to behind the last one, through kills, an
// outage of both servers, a rollout and the deletion. An app that sees an empty directory deletes its whole library.
import { describe, expect, it } from 'vitest';
import { publishTable } from './endurance-report.ts';
import { enduranceSizes } from './endurance-sizes.ts';
import { spaceKills } from './kill-spacing.ts';
import type { KillSpacing } from './kill-spacing.ts';
import type { KubeObject } from './kubectl.ts';
import { restartsOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import type { Reading } from './node-reader.ts';
import { isRunning, LISTED, useNodeScene } from './node-scene.ts';
import { alternate, ZURG } from './node-sidecars.ts';
import { countBetween, followReader, WATCHER } from './node-watcher.ts';
import { findProvider } from './provider.ts';
import type { Row } from './series-table.ts';
import { waitUntil } from './wait-until.ts';

const { kills } = enduranceSizes();
/** The spacing of the kills, back-off, and what follows the kills. */
const timeout = 600_000 + kills * 60_000;
/** Three of each sidecar. The kubelet's back-off doubles: with the next end it would be 40 s. */
const CONTAINER_KILLS_IN_ALL = 6;
const APP = {
  annotations: { 'media-stack/sidecar-position': 'last' },
  spec: { initContainers: [WATCHER] },
};
const WATCHER_NAME = WATCHER['name'] as string;
const provider = await findProvider('node');

describe.skipIf(provider === null)('a library', { timeout }, () => {
  const scene = useNodeScene(provider);

  it('is never empty, from before the first mount to behind the last', async () => {
    const { deploy, deployOnly, remove, fuseMounts, pod } = scene();
    const first = new Phases();
    first.begin('start');
    await deployOnly(APP);
    const readFirst = await follow(await watchedPod());
    await deploy(APP);

    first.begin('kills');
    const turn = spaceKills();
    const containerKills = await killAll(turn);
    const restarts = await waitUntil(
      'the restarts to be counted',
      async () => {
        const counted = restartsOf(await pod());
        return sumOf(counted) >= containerKills && counted;
      },
      { timeoutMs: 90_000 },
    );

    first.begin('outage of both servers');
    await outage(turn);
    // Neither the outage nor a kill of rclone has restarted anything.
    expect(restartsOf(await pod())).toEqual(restarts);
    expect(sumOf(restarts)).toBe(containerKills);
    expect(Object.keys(restarts).filter((name) => !name.startsWith('rclone-'))).toEqual([]);

    first.begin('rollout: old pod');
    const second = new Phases();
    second.begin('rollout: new pod');
    const readSecond = await rollOut();
    const firstReadings = await readFirst();

    second.begin('deletion');
    await remove();
    const secondReadings = await readSecond();

    publishTable(
      'Never an empty library: listings as uid 1000, from before the first mount to behind the last',
      [...first.rows(firstReadings), ...second.rows(secondReadings)],
    );
    expect(fuseMounts()).toEqual([]);
    for (const [readings, phases] of [
      [firstReadings, first],
      [secondReadings, second],
    ] as const) {
      const counts = countReadings(readings);
      expect(counts.empty).toBe(0);
      expect(counts.entries).toBeGreaterThan(0);
      expect(counts.errors).toBeGreaterThan(0);
      // A log that broke off would prove nothing about the end.
      expect(readings.at(-1)?.at).toBeGreaterThan(phases.lastBegan());
    }
  });

  /** Two of eight kills end the whole container, one of each sidecar, and the others rclone. How many containers. */
  async function killAll(turn: KillSpacing): Promise<number> {
    const { killRclone, killContainer, recovery } = scene();
    let containers = 0;
    for (const [index, { container, path }] of alternate(kills).entries()) {
      const whole = index % 8 < 2 && containers < CONTAINER_KILLS_IN_ALL;
      await turn(container);
      const at = await (whole ? killContainer : killRclone)(container);
      await recovery(path, at, WATCHER_NAME);
      if (whole) containers += 1;
    }
    return containers;
  }

  /** Until both mounts fail, and then until both have entries again. rclone starts anew in the middle of it. */
  async function outage(turn: KillSpacing): Promise<void> {
    const { zurg, torbox, killRclone } = scene();
    const stopped = Date.now();
    await Promise.all([zurg.stop(), torbox.stop()]);
    // For a minute rclone answers from its directory cache.
    await bothAre('error', stopped, 120_000);
    await turn(ZURG.container);
    const killed = await killRclone(ZURG.container);
    await bothAre('error', killed, 30_000);
    const started = Date.now();
    await Promise.all([zurg.start(), torbox.start()]);
    await bothAre('entries', started, 120_000);
  }

  async function bothAre(state: Reading['state'], since: number, timeoutMs: number): Promise<void> {
    const { readings } = scene();
    const look = async (): Promise<boolean> => {
      const after = (await readings(WATCHER_NAME)).filter(({ at }) => at >= since);
      return LISTED.every((path) =>
        after.some((reading) => reading.path === path && reading.state === state),
      );
    };
    await waitUntil(`${state} in both mounts`, look, { timeoutMs });
  }

  /** Resolves when the old pod is gone. */
  async function rollOut(): Promise<() => Promise<Reading[]>> {
    const { kubectl, namespace, pod } = scene();
    const old = (await pod())['metadata']['name'] as string;
    await kubectl.text(['rollout', 'restart', 'deployment/sonarr', '-n', namespace]);
    const read = await follow(await watchedPod(old));
    const status = ['rollout', 'status', 'deployment/sonarr', '-n', namespace, '--timeout=60s'];
    await kubectl.text(status, { timeoutMs: 70_000 });
    await waitUntil('the old pod to be gone', async () => (await pod())['metadata']['name'] !== old, {
      timeoutMs: 60_000,
    });
    return read;
  }

  /** The pod, other than the old one, as soon as its watcher runs. */
  function watchedPod(old = ''): Promise<KubeObject> {
    const { kubectl, namespace } = scene();
    const look = async (): Promise<KubeObject | undefined> => {
      const { items } = await kubectl.json(['get', 'pods', '-n', namespace, '-l', 'app=sonarr']);
      return (items as KubeObject[]).find(
        (pod) => pod['metadata']['name'] !== old && isRunning(pod, WATCHER_NAME),
      );
    };
    return waitUntil('the watcher to run', look, { timeoutMs: 60_000 });
  }

  async function follow(pod: KubeObject): Promise<() => Promise<Reading[]>> {
    const { kubectl, namespace } = scene();
    const name = pod['metadata']['name'] as string;
    return followReader(kubectl, { namespace, pod: name, container: WATCHER_NAME, timeoutMs: timeout });
  }
});

/** What happened when, in the life of one pod. */
class Phases {
  readonly #began: { readonly phase: string; readonly at: number }[] = [];

  begin(phase: string): void {
    this.#began.push({ phase, at: Date.now() });
  }

  lastBegan(): number {
    return this.#began.at(-1)?.at ?? 0;
  }

  /** A row per phase. */
  rows(readings: readonly Reading[]): Row[] {
    return this.#began.map(({ phase, at }, index) => {
      const end = this.#began[index + 1]?.at ?? Infinity;
      return { phase, ...countBetween(readings, at, end) };
    });
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
