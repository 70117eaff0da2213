// A real node on this machine: containerd and kubelet in namespaces of their own, images without a registry.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createCgroups } from './cgroup.ts';
import { NODE_NAME } from './cluster-credentials.ts';
import type { ControlPlane } from './control-plane.ts';
import { freePorts } from './free-ports.ts';
import type { KubeObject } from './kubectl.ts';
import { podsOfKubelet, uidsOf } from './kubelet-pods.ts';
import { CNI_CONFIG, NODE_PATHS, renderContainerdConfig, renderKubeletConfig } from './node-config.ts';
import { createNodeNamespace } from './node-namespace.ts';
import type { NodeDaemon, NodeNamespace } from './node-namespace.ts';
import { NODE_PROGRAMS } from './node-packages.ts';
import { noteProcess } from './run-folder.ts';
import { writeVolumeDriver } from './volume-driver.ts';
import { waitUntil } from './wait-until.ts';

export interface NodeOptions {
  /** From createRunFolder. */
  readonly folder: string;
  readonly controlPlane: ControlPlane;
  readonly kubelet: string;
  /** From buildNodeImages. */
  readonly imageArchive: string;
}

export interface ClusterNode {
  readonly name: string;
  readonly namespace: NodeNamespace;
  /** Mount table of the node, one line per mount (proc(5), /proc/PID/mountinfo). */
  mountinfo(): string[];
  /** SIGKILL, whatever is to happen `whileDown`, and a fresh start; resolves when it answers. */
  restartKubelet(whileDown?: () => Promise<unknown>): Promise<void>;
  restartContainerd(): Promise<void>;
  /** Ends containers, mounts and daemons. Call it any number of times. */
  stop(): Promise<void>;
}

/** Resolves when the node is Ready and has its images. */
export async function startNode(options: NodeOptions): Promise<ClusterNode> {
  const { folder, controlPlane } = options;
  const home = join(folder, 'node');
  const folders = makeFolders(home);
  const cgroup = basename(folder);
  createCgroups(cgroup);
  const [port = 0] = await freePorts(1);
  const containerdConfig = join(home, 'containerd.toml');
  writeFileSync(containerdConfig, renderContainerdConfig(folders.cni));
  const kubeletConfig = join(home, 'kubelet.yaml');
  const volumePlugins = join(home, 'volume-plugins');
  writeVolumeDriver(volumePlugins);
  const { caFile, kubeconfigs } = controlPlane.credentials;
  writeFileSync(
    kubeletConfig,
    renderKubeletConfig({ port, caFile, cgroupRoot: `/${cgroup}`, volumePlugins }),
  );
  const namespace = await createNodeNamespace(folders.binds);
  noteProcess(folder, 'node', namespace.pid);

  const log = (name: string): string => join(folder, 'logs', `${name}.log`);
  const startContainerd = (): NodeDaemon =>
    namespace.start(
      'containerd',
      NODE_PROGRAMS.containerd,
      ['--config', containerdConfig],
      log('containerd'),
    );
  const startKubelet = (): NodeDaemon =>
    namespace.start(
      'kubelet',
      options.kubelet,
      kubeletArguments(kubeletConfig, kubeconfigs.kubelet),
      log('kubelet'),
    );
  const ctr = (...args: string[]): Promise<{ stdout: string }> =>
    namespace.exec(NODE_PROGRAMS.ctr, ['--namespace', 'k8s.io', ...args]);
  const containerdAnswers = (daemon: NodeDaemon): Promise<unknown> =>
    waitUntil('containerd', async () => (await ctr('version')).stdout !== '', {
      timeoutMs: 60_000,
      failed: daemon.failure,
    });
  // A heartbeat that is younger than the start: a node that was Ready before still says so for a while.
  const kubeletAnswers = (daemon: NodeDaemon, since: number): Promise<unknown> =>
    waitUntil('the node to be Ready', () => isReadySince(controlPlane, port, since), {
      timeoutMs: 120_000,
      intervalMs: 200,
      failed: daemon.failure,
    });

  let containerd = startContainerd();
  let kubelet: NodeDaemon;
  try {
    await containerdAnswers(containerd);
    await ctr('images', 'import', options.imageArchive);
    kubelet = startKubelet();
    await kubeletAnswers(kubelet, 0);
  } catch (error) {
    await namespace.stop();
    throw error;
  }
  return {
    name: NODE_NAME,
    namespace,
    mountinfo: () => readFileSync(`/proc/${namespace.pid}/mountinfo`, 'utf8').trimEnd().split('\n'),
    async restartKubelet(whileDown) {
      await kubelet.kill();
      await whileDown?.();
      const since = Date.now();
      kubelet = startKubelet();
      await kubeletAnswers(kubelet, since);
    },
    async restartContainerd() {
      await containerd.kill();
      containerd = startContainerd();
      await containerdAnswers(containerd);
    },
    stop: () => namespace.stop(),
  };
}

interface NodeFolders {
  readonly cni: string;
  readonly binds: Readonly<Record<string, string>>;
}

function makeFolders(home: string): NodeFolders {
  const make = (name: string): string => {
    const folder = join(home, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const cniBin = make('cni/bin');
  symlinkSync(NODE_PROGRAMS.loopbackPlugin, join(cniBin, 'loopback'));
  writeFileSync(join(make('cni/net.d'), '10-loopback.conflist'), CNI_CONFIG);
  return {
    cni: join(home, 'cni'),
    binds: {
      [NODE_PATHS.containerdRoot]: make('containerd'),
      [NODE_PATHS.kubeletRoot]: make('kubelet'),
      [NODE_PATHS.logs]: make('log'),
    },
  };
}

function kubeletArguments(config: string, kubeconfig: string): string[] {
  return [
    `--config=${config}`,
    `--kubeconfig=${kubeconfig}`,
    `--root-dir=${NODE_PATHS.kubeletRoot}`,
    `--cert-dir=${NODE_PATHS.kubeletRoot}/pki`,
    `--hostname-override=${NODE_NAME}`,
    '--v=2',
  ];
}

async function isReadySince(
  { kubectl, credentials }: ControlPlane,
  port: number,
  since: number,
): Promise<boolean> {
  const node = await kubectl.json(['get', 'node', NODE_NAME]);
  const conditions = (node['status']['conditions'] ?? []) as KubeObject[];
  const ready = conditions.find(({ type }) => type === 'Ready');
  // Heartbeats are whole seconds.
  if (ready?.['status'] !== 'True' || Date.parse(ready['lastHeartbeatTime'] as string) + 1000 <= since)
    return false;
  // It answers before it has heard of its pods, and then says that they do not exist.
  const known = await podsOfKubelet(port, credentials);
  const onNode = `--field-selector=spec.nodeName=${NODE_NAME}`;
  const wanted = uidsOf(await kubectl.text(['get', 'pods', '--all-namespaces', onNode, '-o', 'json']));
  return wanted.every((uid) => known.includes(uid));
}
