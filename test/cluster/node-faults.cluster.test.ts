// rclone and its containers are killed while a reader lists both mounts in a tight loop and holds a file open.
import { describe, expect, it } from 'vitest';
import { APP_IMAGE } from './node-images.ts';
import { restartsOf, statusOf } from './node-processes.ts';
import { countReadings, parseReadings, READER } from './node-reader.ts';
import { FILM, LISTED, READING_APP, report, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const ZURG = '/mnt/media/zurg';
const TORBOX = '/mnt/media/torbox';
/** From before the first mount to behind the last one: a native sidecar of the user in front of ours. */
const WATCHER = {
  name: 'watcher',
  image: APP_IMAGE,
  command: [READER, ...LISTED],
  restartPolicy: 'Always',
  securityContext: { runAsUser: 1000 },
  volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
};

// A tmpfs counts against the limit of the container that fills it; the kernel then kills its biggest process.
const FILL_MEMORY = `
old=$(pidof rclone) n=0
mkdir /tmp/fill && mount -t tmpfs fill /tmp/fill
while [ -d /proc/$old ] && [ $n -lt 200 ]; do
  dd if=/dev/zero of=/tmp/fill/$n bs=1M count=1 2>/dev/null
  n=$((n + 1))
done
umount /tmp/fill
`;

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
    await containerRestarted('rclone-zurg', 1);
    took.push(await recovery(ZURG, await killContainer('rclone-zurg')));
    report('sidecar container killed (the second time: back-off)', took);
    await containerRestarted('rclone-zurg', 2);
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
    await containerRestarted('rclone-zurg', 1);
    await containerRestarted('rclone-torbox', 1);
    expect(countReadings(await readings()).empty).toBe(0);
  });

  it('is never empty for a reader that is there before the first mount and after the last', async () => {
    const { deploy, killRclone, recovery, kubectl, namespace, remove, fuseMounts } = scene();
    const pod = await deploy({
      annotations: { 'media-stack/sidecar-position': 'last' },
      spec: { initContainers: [WATCHER] },
    });
    const name = pod['metadata']['name'] as string;
    const follow = ['logs', '-f', '-n', namespace, name, '-c', 'watcher'];
    const log = kubectl.text(follow, { timeoutMs: 120_000 });
    const at = await killRclone('rclone-torbox');
    await recovery(TORBOX, at, 'watcher');
    report('deletion', await remove());
    const counts = countReadings(parseReadings(await log));
    report('readings of the watcher', counts);
    expect(counts.empty).toBe(0);
    expect(counts.entries).toBeGreaterThan(0);
    expect(counts.errors).toBeGreaterThan(0);
    expect(fuseMounts()).toEqual([]);
  });

  it('comes back when rclone is killed by its memory limit', async () => {
    const { deploy, recovery, readings, kubectl, namespace, remove, fuseMounts } = scene();
    const annotations = { 'media-stack/memory-request': '32Mi', 'media-stack/memory-limit': '96Mi' };
    const pod = await deploy({ annotations, container: READING_APP });
    const inSidecar = ['-n', namespace, pod['metadata']['name'] as string, '-c', 'rclone-zurg'];
    const since = Date.now();
    // Where the whole group is killed (cgroup v2) the shell ends with it.
    await kubectl.run(['exec', ...inSidecar, '--', '/bin/sh', '-c', FILL_MEMORY]);
    report('rclone killed by its memory limit', await recovery(ZURG, since));
    const how = await kubectl.text(['logs', ...inSidecar]);
    expect(how).toContain('rclone at /mnt/media/zurg ended with code 137');
    expect(countReadings(await readings()).empty).toBe(0);
    await remove();
    expect(fuseMounts()).toEqual([]);
  });

  async function containerRestarted(container: string, times: number): Promise<void> {
    const { pod } = scene();
    const look = async (): Promise<boolean> => {
      const { restartCount, started } = statusOf(await pod(), container);
      return restartCount === times && started === true;
    };
    await waitUntil(`${container} to be started ${times} times more`, look, { timeoutMs: 60_000 });
  }
});
