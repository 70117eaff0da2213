// Pods are deleted at random moments behind random kills. Each time: the pod is gone within its grace period and 10 s
// (`remove` fails otherwise), no mount is left, the app saw no empty directory, and the remote keeps its files.
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { publishTable } from './endurance-report.ts';
import { enduranceSizes } from './endurance-sizes.ts';
import { countReadings } from './node-reader.ts';
import { filesIn, READING_APP, useNodeScene } from './node-scene.ts';
import { TORBOX, ZURG } from './node-sidecars.ts';
import { followReader } from './node-watcher.ts';
import { findProvider } from './provider.ts';
import { seededRandom } from './seeded-random.ts';
import { spreadOf } from './series-table.ts';

/** Side by side: most of the time is the kubelet's. */
const APPS = ['sonarr', 'radarr'];
const KINDS = ['rclone', 'sidecar container', 'both containers', 'none'] as const;
const LONGEST_DELAY_MS = 1500;

interface Deletion {
  readonly step: number;
  readonly kind: (typeof KINDS)[number];
  /** Of which rclone or the container is killed, where it is one. */
  readonly sidecar: string;
  /** Between the kill and the deletion. */
  readonly delayMs: number;
}

const { deletions, seed } = enduranceSizes();
const timeout = 120_000 + deletions * 60_000;
const provider = await findProvider('node');

describe.skipIf(provider === null)('pods that are deleted under random kills', { timeout }, () => {
  const scene = useNodeScene(provider);
  let remotes: object;
  beforeAll(() => {
    remotes = remoteFiles();
  });

  it(`are gone and leave nothing behind, ${deletions} times`, async () => {
    process.stderr.write(`media-stack endurance: MEDIA_STACK_SEED=${seed}\n`);
    const ahead = planDeletions();
    const done: { readonly kind: string; readonly ms: number }[] = [];
    const failures: unknown[] = [];
    // After a failure the others end their step: the pod that is stuck is looked at as it is.
    const work = async (app: string): Promise<void> => {
      for (let next = ahead.shift(); next !== undefined && failures.length === 0; next = ahead.shift()) {
        try {
          done.push({ kind: next.kind, ms: await killAndDelete(app, next) });
        } catch (error) {
          const words = `MEDIA_STACK_SEED=${seed} ${JSON.stringify({ app, ...next })}`;
          process.stderr.write(`media-stack endurance: failed: ${words}\n`);
          failures.push(new Error(words, { cause: error }));
        }
      }
    };
    await Promise.all(APPS.map(work));
    const rows = KINDS.flatMap((kind) => {
      const took = done.filter((one) => one.kind === kind).map(({ ms }) => ms);
      if (took.length === 0) return [];
      const { min, median, max } = spreadOf(took);
      return { kind, deletions: took.length, 'min ms': min, 'median ms': median, 'max ms': max };
    });
    publishTable(
      `Deletions 0 to ${LONGEST_DELAY_MS} ms after a kill, until the pod is gone (seed ${seed})`,
      rows,
    );
    if (failures.length > 0) throw failures[0];
    expect(done).toHaveLength(deletions);
    expect(scene().fuseMounts()).toEqual([]);
  });

  async function killAndDelete(app: string, { kind, sidecar, delayMs }: Deletion): Promise<number> {
    const { deploy, remove, kubectl, namespace, killRclone, killContainer } = scene();
    const { metadata } = await deploy({ name: app, container: READING_APP });
    const uid = metadata['uid'] as string;
    expect(mountsOf(uid)).not.toEqual([]);
    const pod = metadata['name'] as string;
    const readToEnd = followReader(kubectl, { namespace, pod, container: app, timeoutMs: 120_000 });
    if (kind === 'rclone') await killRclone(sidecar, app);
    if (kind === 'sidecar container') await killContainer(sidecar, app);
    if (kind === 'both containers') {
      await Promise.all([ZURG, TORBOX].map(({ container }) => killContainer(container, app)));
    }
    // The moment is what is random here; there is nothing to wait for.
    await delay(delayMs);
    const took = await remove(app);
    expect(mountsOf(uid)).toEqual([]);
    expect(remoteFiles()).toEqual(remotes);
    const { entries, empty } = countReadings(await readToEnd());
    expect(entries).toBeGreaterThan(0);
    expect(empty).toBe(0);
    return took;
  }

  /** Below the kubelet's folder of that pod; the other app has mounts of its own. */
  function mountsOf(uid: string): string[] {
    return scene()
      .fuseMounts()
      .filter((line) => line.includes(`/pods/${uid}/`));
  }

  function remoteFiles(): object {
    const { zurg, torbox } = scene();
    return { zurg: filesIn(zurg.root), torbox: filesIn(torbox.root) };
  }
});

/** All kinds in turn; who and when is drawn before the first, so that it does not depend on who is quicker. */
function planDeletions(): Deletion[] {
  const random = seededRandom(seed);
  return Array.from({ length: deletions }, (_, step) => ({
    step,
    kind: KINDS[step % KINDS.length] ?? 'none',
    sidecar: random.oneOf([ZURG.container, TORBOX.container]),
    delayMs: random.upTo(LONGEST_DELAY_MS),
  }));
}
