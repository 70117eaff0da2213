// Two labelled pods on one node with one volume, for each way in which pods of a node get a volume: one is killed and
// deleted, the other goes on reading.
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from './kubectl.ts';
import { renderMediaClaim } from './media-app.ts';
import type { AppOptions } from './media-app.ts';
import { restartsOf, statusOf } from './node-processes.ts';
import { countReadings } from './node-reader.ts';
import { FILM, READING_APP, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('two labelled pods on one node', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);

  it.each<[string, (folder: string) => Partial<AppOptions>]>([
    ['a hostPath, private by itself', (path) => withVolume({ hostPath: { path } })],
    ['an emptyDir each', () => withVolume({ emptyDir: {} })],
    ['a claim that each pod gets a mount of its own of', () => ({})],
    [
      'a claim that is shared on the node, private by annotation',
      (path) => ({ ...withClaimOf(path), annotations: { 'media-stack/mounts': 'private' } }),
    ],
  ])('do not disturb each other with %s', async (kind, options) => {
    const { deploy, killRclone, killContainer, recovery, remove, readings, pod, exec, fuseMounts } = scene();
    const folder = freshFolder();
    if (kind.includes('shared on the node')) await createLocalClaim(folder);
    const app = { ...options(folder), container: READING_APP };
    await deploy({ name: 'sonarr', ...app });
    await deploy({ name: 'radarr', ...app });
    const before = fuseMounts();

    await recovery('/mnt/media/zurg', await killRclone('rclone-zurg'));
    await recovery('/mnt/media/torbox', await killContainer('rclone-torbox'));
    await waitUntil('the sidecar to be back', async () => isBack(await pod(), 'rclone-torbox'), {
      timeoutMs: 60_000,
    });
    expect(fuseMounts()).toHaveLength(before.length);
    await remove('sonarr');
    expect(fuseMounts()).toHaveLength(before.length / 2);

    expect(await exec('radarr', 'cat', FILM)).toBe('a film');
    const seen = countReadings(await readings('radarr', 'radarr'));
    expect(seen).toMatchObject({ errors: 0, empty: 0 });
    expect(restartsOf(await pod('radarr'))).toEqual({});
    await remove('radarr');
    expect(fuseMounts()).toEqual([]);
  });

  // The second pod of a hostPath sees the mount of the first; that of a local volume does not (mount.sh locks).
  it.each<[string, (folder: string) => Partial<AppOptions>]>([
    [
      'a hostPath is forced to hold',
      (path) => ({
        ...withVolume({ hostPath: { path } }),
        annotations: { 'media-stack/mounts': 'volume' },
      }),
    ],
    ['a claim that is shared on the node holds', withClaimOf],
  ])('are told what to set when %s the mounts of both', async (kind, options) => {
    const { deploy, deployOnly, readings, remove, exec, pod, fuseMounts } = scene();
    const folder = freshFolder();
    if (kind.includes('shared on the node')) await createLocalClaim(folder);
    const app = options(folder);
    await deploy({ name: 'sonarr', ...app, container: READING_APP });
    const before = fuseMounts();
    await deployOnly({ name: 'radarr', ...app });
    const message = await waitUntil('the sidecar to give up', async () => endOf(await pod('radarr')), {
      timeoutMs: 60_000,
    });
    expect(message).toContain('another pod or container already has a live mount at /mnt/media/zurg');
    expect(message).toContain('media-stack/mounts: "private"');
    await remove('radarr');
    expect(fuseMounts()).toEqual(before);
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    expect(countReadings(await readings())).toMatchObject({ errors: 0, empty: 0 });
    await remove('sonarr');
    expect(fuseMounts()).toEqual([]);
  });

  let folders = 0;
  function freshFolder(): string {
    folders += 1;
    const folder = join(scene().folder, `shared-${folders}`);
    mkdirSync(folder);
    return folder;
  }

  async function createLocalClaim(path: string): Promise<void> {
    const { kubectl, namespace } = scene();
    const name = basename(path);
    const [volume, claim] = renderMediaClaim(namespace, path, 'shared on the node');
    if (volume === undefined || claim === undefined) throw new Error('a volume and a claim were expected');
    volume['metadata']['name'] = name;
    volume['spec']['claimRef']['name'] = name;
    claim['metadata']['name'] = name;
    claim['spec']['volumeName'] = name;
    await kubectl.create(volume);
    await kubectl.create(claim);
  }
});

function withVolume(source: KubeObject): { spec: KubeObject } {
  return { spec: { volumes: [{ name: 'media', ...source }] } };
}

/** The claim that createLocalClaim makes of a folder. */
function withClaimOf(path: string): { spec: KubeObject } {
  return withVolume({ persistentVolumeClaim: { claimName: basename(path) } });
}

function isBack(pod: KubeObject, container: string): boolean {
  const { restartCount, started } = statusOf(pod, container);
  return restartCount > 0 && started === true;
}

/** The termination message of rclone-zurg. */
function endOf(pod: KubeObject): string | undefined {
  const { state, lastState } = statusOf(pod, 'rclone-zurg');
  return (state['terminated'] ?? lastState['terminated'])?.['message'] as string | undefined;
}
