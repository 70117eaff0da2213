// What every scenario of the node suite starts from: a namespace with the media claim, two WebDAV servers and the
// Secrets that lead to them; apps are deployed, looked at and removed by name.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach } from 'vitest';
import type { KubeObject, Kubectl } from './kubectl.ts';
import { renderDeployment, renderMediaClaim, renderSecret } from './media-app.ts';
import type { AppOptions, MediaVolumeKind } from './media-app.ts';
import { killProcesses, processesOf, statusesOf } from './node-processes.ts';
import { parseReadings, READER, recoveredAt } from './node-reader.ts';
import type { Reading } from './node-reader.ts';
import type { ClusterNode } from './node.ts';
import type { ClusterProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';
import { waitUntil } from './wait-until.ts';
import { renderRcloneConfig, startWebdav } from './webdav.ts';
import type { Webdav } from './webdav.ts';
import type { Webhook } from './webhook.ts';

export const FILM = '/mnt/media/zurg/__all__/film.txt';
export const SHOW = '/mnt/media/torbox/torrents/show.txt';
/** What the reader lists: both mounts. */
export const LISTED = ['/mnt/media/zurg', '/mnt/media/torbox'];

const NAMESPACE = 'media';
/** What Kubernetes gives a pod that does not say. */
const GRACE_SECONDS = 30;

export interface NodeScene {
  readonly namespace: string;
  /** The run's. */
  readonly folder: string;
  /** What the media claim shows. */
  readonly library: string;
  readonly node: ClusterNode;
  /** Of an administrator. */
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly webhook: Webhook;
  readonly zurg: Webdav;
  readonly torbox: Webdav;
  /** The program, for more servers. */
  readonly rclone: string;
  /** Writes a file into the folder of the run; its path. */
  readonly writeFile: (name: string, text: string) => string;
  /** Applies a Deployment and waits for its rollout; the pod. */
  readonly deploy: (options?: Partial<AppOptions>) => Promise<KubeObject>;
  /** Applies a Deployment and waits for its pod to be there. */
  readonly deployOnly: (options?: Partial<AppOptions>) => Promise<KubeObject>;
  /** The one pod of an app. */
  readonly pod: (app?: string) => Promise<KubeObject>;
  /** Deletes the Deployment and waits until the pod is gone: at most its grace period and 10 s. Milliseconds it took. */
  readonly remove: (app?: string) => Promise<number>;
  readonly exec: (app: string, ...command: readonly string[]) => Promise<string>;
  /** Kills the rclone of a sidecar, and nothing else in it. */
  readonly killRclone: (container: string, app?: string) => Promise<number>;
  /** Kills all processes of a container. Milliseconds since 1970, as killRclone. */
  readonly killContainer: (container: string, app?: string) => Promise<number>;
  /** What the reader in a container has said. */
  readonly readings: (container?: string, app?: string) => Promise<Reading[]>;
  /** Waits until the reader has entries again; milliseconds since `since`. */
  readonly recovery: (path: string, since: number, container?: string, app?: string) => Promise<number>;
  /** The node's mount table: where rclone mounts are. */
  readonly fuseMounts: () => string[];
}

/** An app container that lists both mounts in a tight loop as uid 1000 and holds a file open. */
export const READING_APP: KubeObject = {
  command: [READER, '-hold', FILM, ...LISTED],
  securityContext: { runAsUser: 1000 },
};

/** Call it inside `describe.skipIf(provider === null)`. After each test all that it has deployed is removed. */
export function useNodeScene(
  provider: ClusterProvider | null,
  options: { readonly settings?: object; readonly claim?: MediaVolumeKind } = {},
): () => NodeScene {
  const suite = useCluster(provider, options.settings);
  let scene: NodeScene | undefined;
  beforeAll(async () => {
    const { cluster, webhook } = suite();
    const { folder, kubectl, kubeconfig, node, rclone } = cluster;
    if (node === undefined || rclone === undefined) throw new Error('this cluster has no node of ours');
    const served = { folder, rclone };
    const zurg = await startWebdav({ ...served, name: 'zurg', files: { '__all__/film.txt': 'a film' } });
    const torbox = await startWebdav({ ...served, name: 'torbox', files: { 'torrents/show.txt': 'a show' } });
    await kubectl.createNamespace(NAMESPACE);
    const library = join(folder, 'library');
    mkdirSync(library);
    for (const object of [
      renderSecret(NAMESPACE, 'rclone-zurg-config', renderRcloneConfig('zurg', zurg.url)),
      renderSecret(NAMESPACE, 'rclone-config', renderRcloneConfig('torbox', torbox.url)),
      ...renderMediaClaim(NAMESPACE, library, options.claim),
    ]) {
      await kubectl.create(object);
    }
    scene = buildScene({ folder, library, node, kubeconfig, kubectl, webhook, zurg, torbox, rclone });
    return async () => {
      await zurg.stop();
      await torbox.stop();
    };
  }, 60_000);
  // Behind all afterEach, and so after the evidence of a test that failed.
  beforeEach(({ onTestFinished }) => onTestFinished(removeAll, 60_000));
  const removeAll = async (): Promise<void> => {
    if (scene === undefined) return;
    const { kubectl, zurg, torbox } = scene;
    zurg.thaw();
    torbox.thaw();
    const all = ['delete', 'deployments,statefulsets,jobs,pods', '--all', '-n', NAMESPACE, '--wait=false'];
    await kubectl.text(all);
    await waitUntil('all pods to be gone', async () => (await listPods(kubectl)).length === 0, {
      timeoutMs: (GRACE_SECONDS + 15) * 1000,
    });
  };
  return () => {
    if (scene === undefined) throw new Error('the scene is not set');
    return scene;
  };
}

type SceneParts = Pick<
  NodeScene,
  'folder' | 'library' | 'node' | 'kubeconfig' | 'kubectl' | 'webhook' | 'zurg' | 'torbox' | 'rclone'
>;

function buildScene(parts: SceneParts): NodeScene {
  const { folder, kubectl, node } = parts;
  const pod = async (app = 'sonarr'): Promise<KubeObject> => {
    const [found, ...more] = await listPods(kubectl, app);
    if (found === undefined || more.length > 0) throw new Error(`${more.length} pods of ${app} too many`);
    return found;
  };
  const deployOnly: NodeScene['deployOnly'] = async (options = {}) => {
    const deployment = renderDeployment({ namespace: NAMESPACE, ...options });
    await kubectl.text(['apply', '-f', '-'], { input: deployment });
    return waitUntil(`a pod of ${options.name}`, () => pod(options.name), { timeoutMs: 30_000 });
  };
  const readings: NodeScene['readings'] = async (container, app = 'sonarr') => {
    const { metadata } = await pod(app);
    const args = ['logs', '-n', NAMESPACE, metadata['name'] as string, '-c', container ?? app];
    return parseReadings(await kubectl.text(args));
  };
  const kill = async (app: string | undefined, container: string, name?: string): Promise<number> => {
    const object = await pod(app);
    const found = await waitUntil(
      `a process of ${container}`,
      () => {
        const all = processesOf(folder, object, container).filter(
          (process) => name === undefined || process.name === name,
        );
        return all.length > 0 && all;
      },
      { timeoutMs: 20_000 },
    );
    const at = Date.now();
    killProcesses(found);
    return at;
  };
  return {
    ...parts,
    namespace: NAMESPACE,
    writeFile(name, text) {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    pod,
    deployOnly,
    async deploy(options = {}) {
      await deployOnly(options);
      const { name = 'sonarr' } = options;
      const status = ['rollout', 'status', `deployment/${name}`, '-n', NAMESPACE, '--timeout=60s'];
      await kubectl.text(status, { timeoutMs: 70_000 });
      return pod(name);
    },
    async remove(app = 'sonarr') {
      const started = performance.now();
      const grace = (await pod(app))['spec']['terminationGracePeriodSeconds'] as number;
      await kubectl.text(['delete', 'deployment', app, '-n', NAMESPACE, '--wait=false']);
      await waitUntil(
        `the pod of ${app} to be gone`,
        async () => (await listPods(kubectl, app)).length === 0,
        {
          timeoutMs: (grace + 10) * 1000,
        },
      );
      return Math.round(performance.now() - started);
    },
    exec: (app, ...command) =>
      kubectl.text(['exec', '-n', NAMESPACE, `deployment/${app}`, '-c', app, '--', ...command]),
    killRclone: (container, app) => kill(app, container, 'rclone'),
    killContainer: (container, app) => kill(app, container),
    readings,
    async recovery(path, since, container, app) {
      const look = async (): Promise<number | undefined> =>
        recoveredAt(await readings(container, app), path, since);
      const at = await waitUntil(`${path} to be listed again`, look, { timeoutMs: 90_000 });
      return at - since;
    },
    fuseMounts: () => node.mountinfo().filter((line) => line.includes(' - fuse.rclone ')),
  };
}

async function listPods(kubectl: Kubectl, app?: string): Promise<KubeObject[]> {
  const selector = app === undefined ? [] : ['-l', `app=${app}`];
  return (await kubectl.json(['get', 'pods', '-n', NAMESPACE, ...selector]))['items'] as KubeObject[];
}

/** True when the app container runs. */
export function isRunning(pod: KubeObject, container: string): boolean {
  return statusesOf(pod).some(({ name, state }) => name === container && state['running'] !== undefined);
}

/** Path -> content of every file below a folder. */
export function filesIn(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  return Object.fromEntries(files.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** Figures for the record: one line on stderr. */
export function report(what: string, figures: unknown): void {
  process.stderr.write(`media-stack node: ${what}: ${JSON.stringify(figures)}\n`);
}

/** Repeats an expectation for so long: for what must not happen. */
export async function holds(ms: number, expectation: () => Promise<void>): Promise<void> {
  const end = performance.now() + ms;
  let failure: unknown;
  const look = async (): Promise<boolean> => {
    await expectation().catch((error: unknown) => (failure = error));
    return failure !== undefined || performance.now() > end;
  };
  await waitUntil('the time to pass', look, { timeoutMs: ms + 60_000, intervalMs: 250 });
  if (failure !== undefined) throw failure as Error;
}
