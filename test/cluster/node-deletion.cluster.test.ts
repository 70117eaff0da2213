// Pods are deleted at the worst moments. Each time: no mount is left, the pod is gone within its grace period and 10 s
// (`remove` fails otherwise), and the remote keeps its files.
import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from './kubectl.ts';
import { countReadings, parseReadings, READER } from './node-reader.ts';
import { filesIn, LISTED, READING_APP, report, useNodeScene } from './node-scene.ts';
import { statusOf } from './node-processes.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a pod that is deleted', { timeout: 120_000 }, () => {
  const scene = useNodeScene(provider);
  let remotes: object;
  beforeEach(() => {
    remotes = remoteFiles();
  });

  it('leaves no mount when the app holds a file open, and shows the app no empty directory', async () => {
    const { deploy, kubectl, namespace } = scene();
    const pod = await deploy({ container: READING_APP });
    const follow = ['logs', '-f', '-n', namespace, pod['metadata']['name'] as string];
    const log = kubectl.text(follow, { timeoutMs: 60_000 });
    await expectGone('deletion with a file open');
    const counts = countReadings(parseReadings(await log));
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
  ])('leaves no mount when %s died the moment before', async (what, killed) => {
    const { deploy, killContainer } = scene();
    await deploy({ container: READING_APP });
    await Promise.all(killed.map((container) => killContainer(container)));
    await expectGone(`deletion with ${what} dead`);
  });

  it('leaves no mount when a sidecar is in back-off over a dead mount', async () => {
    const { deploy, killContainer, pod } = scene();
    await deploy({ container: READING_APP });
    await killContainer('rclone-zurg');
    await waitUntil('the sidecar to be back', async () => isStarted(await pod(), 'rclone-zurg', 1), {
      timeoutMs: 30_000,
    });
    await killContainer('rclone-zurg');
    await waitUntil(
      'the back-off',
      async () => statusOf(await pod(), 'rclone-zurg')['state']['waiting']?.['reason'] === 'CrashLoopBackOff',
      { timeoutMs: 30_000 },
    );
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

  async function expectGone(what: string): Promise<void> {
    const { remove, fuseMounts } = scene();
    report(what, await remove());
    expect(fuseMounts()).toEqual([]);
    expect(remoteFiles()).toEqual(remotes);
  }

  function remoteFiles(): object {
    const { zurg, torbox } = scene();
    return { zurg: filesIn(zurg.root), torbox: filesIn(torbox.root) };
  }
});

function isStarted(pod: KubeObject, container: string, restarts: number): boolean {
  const { restartCount, started } = statusOf(pod, container);
  return restartCount === restarts && started === true;
}
