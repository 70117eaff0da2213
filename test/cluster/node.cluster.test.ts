// Labelled Deployments of ordinary form on a real node, from the first apply to the last mount.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from './kubectl.ts';
import { renderDeployment, renderMediaClaim, renderSecret } from './media-app.ts';
import type { ClusterNode } from './node.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';
import { waitUntil } from './wait-until.ts';
import { renderRcloneConfig, startWebdav } from './webdav.ts';
import type { Webdav } from './webdav.ts';

const FILM = '/mnt/media/zurg/__all__/film.txt';
const SHOW = '/mnt/media/torbox/torrents/show.txt';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a real node', () => {
  const suite = useCluster(provider);
  const namespace = 'media';
  let node: ClusterNode;
  let zurg: Webdav;
  let torbox: Webdav;
  const kubectl = () => suite().cluster.kubectl;

  beforeAll(async () => {
    const { cluster } = suite();
    const { folder, rclone } = cluster;
    if (cluster.node === undefined || rclone === undefined)
      throw new Error('this cluster has no node of ours');
    node = cluster.node;
    const served = { folder, rclone };
    zurg = await startWebdav({ ...served, name: 'zurg', files: { '__all__/film.txt': 'a film' } });
    torbox = await startWebdav({ ...served, name: 'torbox', files: { 'torrents/show.txt': 'a show' } });
    await kubectl().createNamespace(namespace);
    const library = join(folder, 'library');
    mkdirSync(library);
    for (const object of [
      renderSecret(namespace, 'rclone-zurg-config', renderRcloneConfig('zurg', zurg.url)),
      renderSecret(namespace, 'rclone-config', renderRcloneConfig('torbox', torbox.url)),
      ...renderMediaClaim(namespace, library),
    ]) {
      await kubectl().create(object);
    }
    return async () => {
      await zurg.stop();
      await torbox.stop();
    };
  }, 60_000);

  it('gives the app both remotes, and nothing is left when it is deleted', { timeout: 180_000 }, async () => {
    await deploy('sonarr');
    expect(await cat('sonarr', FILM)).toBe('a film');
    expect(await cat('sonarr', SHOW)).toBe('a show');
    expect(fuseMounts(node)).toHaveLength(2);

    await remove('sonarr');
    expect(fuseMounts(node)).toEqual([]);
    expect(readFileSync(join(zurg.root, '__all__/film.txt'), 'utf8')).toBe('a film');
    expect(readFileSync(join(torbox.root, 'torrents/show.txt'), 'utf8')).toBe('a show');
  });

  it(
    'keeps mounts and containers while kubelet and containerd are restarted',
    { timeout: 180_000 },
    async () => {
      await deploy('radarr');
      const before = fuseMounts(node);
      await node.restartContainerd();
      await node.restartKubelet();
      expect(await cat('radarr', FILM)).toBe('a film');
      expect(fuseMounts(node)).toEqual(before);
      expect(await restarts()).toEqual([0, 0, 0, 0]);
      await remove('radarr');
      expect(fuseMounts(node)).toEqual([]);
    },
  );

  async function deploy(name: string): Promise<void> {
    await kubectl().text(['apply', '-f', '-'], { input: renderDeployment({ namespace, name }) });
    const status = ['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=120s'];
    await kubectl().text(status, { timeoutMs: 130_000 });
  }

  async function remove(name: string): Promise<void> {
    await kubectl().text(['delete', 'deployment', name, '-n', namespace]);
    await waitUntil('the pod to be gone', async () => (await pods()).length === 0, { timeoutMs: 60_000 });
  }

  function cat(name: string, path: string): Promise<string> {
    return kubectl().text(['exec', '-n', namespace, `deployment/${name}`, '-c', name, '--', 'cat', path]);
  }

  async function restarts(): Promise<number[]> {
    return (await pods()).flatMap(({ status }) =>
      [...status['initContainerStatuses'], ...status['containerStatuses']].map(
        ({ restartCount }: KubeObject) => restartCount as number,
      ),
    );
  }

  async function pods(): Promise<KubeObject[]> {
    return (await kubectl().json(['get', 'pods', '-n', namespace]))['items'] as KubeObject[];
  }
});

/** Lines of the node's mount table. */
function fuseMounts(node: ClusterNode): string[] {
  return node.mountinfo().filter((line) => line.includes(' - fuse.rclone '));
}
