// Pods are deleted at the worst moments. Each time: no mount is left, the pod is gone within its grace period and 10 s
// (`remove` fails otherwise), and the remote keeps its files.
import { describe, expect, it } from 'vitest';
import { countReadings, READER } from './node-reader.ts';
import { LISTED, READING_APP, useNodeScene } from './node-scene.ts';
import { statusOf } from './node-processes.ts';
import { killIntoBackOff, useRemoval } from './node-steps.ts';
import { followReader } from './node-watcher.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a pod that is deleted', { timeout: 120_000 }, () => {
  const scene = useNodeScene(provider);
  const expectGone = useRemoval(scene);

  it('leaves no mount when the app holds a file open, and shows the app no empty directory', async () => {
    const { deploy, kubectl, namespace } = scene();
    const { metadata } = await deploy({ container: READING_APP });
    const app = { namespace, pod: metadata['name'] as string, container: 'sonarr', timeoutMs: 60_000 };
    const readToEnd = followReader(kubectl, app);
    await expectGone('deletion with a file open');
    const counts = countReadings(await readToEnd());
    expect(counts.entries).toBeGreaterThan(0);
    expect(counts.empty).toBe(0);
  });

  it('leaves no mount when the app ignores the end of its grace period', async () => {
    const { deploy } = scene();
    const holds = 'exec 3<"$0"; trap : TERM; while :; do sleep 1; done';
    await deploy({
      spec: { terminationGracePeriodSeconds: 5 },
      container: { command: ['/bin/sh', '-c', holds, '/mnt/media/zurg/__all__/film.txt'] },
    });
    await expectGone('deletion of an app that does not end');
  });

  it.each([
    ['one sidecar', ['rclone-zurg']],
    ['both sidecars', ['rclone-zurg', 'rclone-torbox']],
    ['one sidecar and init-dirs', ['rclone-zurg', 'init-dirs']],
  ])('leaves no mount when %s died the moment before', async (what, killed) => {
    const { deploy, killContainer } = scene();
    await deploy({ container: READING_APP });
    await Promise.all(killed.map((container) => killContainer(container)));
    await expectGone(`deletion with ${what} dead`);
  });

  it('leaves no mount when a sidecar is in back-off over a dead mount', async () => {
    await scene().deploy({ container: READING_APP });
    await killIntoBackOff(scene(), ['rclone-zurg']);
    await expectGone('deletion during back-off');
  });

  it('leaves no mount when rclone is killed during the deletion', async () => {
    const { deploy, killRclone } = scene();
    await deploy({ container: READING_APP });
    const gone = expectGone('deletion with rclone killed meanwhile');
    await killRclone('rclone-zurg');
    await gone;
  });

  it('leaves no mount when init-dirs was killed', async () => {
    const { deploy, killContainer } = scene();
    await deploy({ container: READING_APP });
    await killContainer('init-dirs');
    await expectGone('deletion with init-dirs dead');
  });

  it('leaves no mount when a server hangs while the app lists it', async () => {
    const { deploy, zurg, readings } = scene();
    zurg.freeze();
    await deploy({ container: { ...READING_APP, command: [READER, ...LISTED] } });
    const listed = async (): Promise<boolean> => (await readings()).length > 0;
    await waitUntil('the other mount to be listed', listed, { timeoutMs: 30_000 });
    await expectGone('deletion while a listing hangs');
  });

  it.each(['init-dirs', 'rclone-zurg', 'rclone-torbox'])(
    'leaves no mount when it is deleted while %s starts',
    async (container) => {
      const { deployOnly, pod } = scene();
      await deployOnly({ container: READING_APP });
      await waitUntil(
        `${container} to run`,
        async () => statusOf(await pod(), container)['state']['running'] !== undefined,
        { timeoutMs: 60_000, intervalMs: 20 },
      );
      await expectGone(`deletion while ${container} starts`);
    },
  );
});
