// Configuration of containerd and kubelet for a machine like the one this was first run on: cgroup v1, no
// CAP_SYS_RESOURCE, no registry, no pod network. Each line that is not obvious says what happens without it.
import { PAUSE_IMAGE } from './node-images.ts';

/** Paths inside the node's own mount namespace, as on any node. */
export const NODE_PATHS = {
  containerdSocket: '/run/containerd/containerd.sock',
  containerdRoot: '/var/lib/containerd',
  kubeletRoot: '/var/lib/kubelet',
  logs: '/var/log',
} as const;

/** containerd 1.6 (Debian 12): configuration version 2. `cniFolder` holds `bin` and `net.d`. */
export function renderContainerdConfig(cniFolder: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${NODE_PATHS.containerdRoot}"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs"]
[grpc]
address = "${NODE_PATHS.containerdSocket}"
[${cri}]
sandbox_image = "${PAUSE_IMAGE}"
# Without it every sandbox fails with "can't get final child's PID from pipe": lowering the score needs CAP_SYS_RESOURCE.
restrict_oom_score_adj = true
[${cri}.containerd]
snapshotter = "overlayfs"
default_runtime_name = "runc"
[${cri}.containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[${cri}.containerd.runtimes.runc.options]
SystemdCgroup = false
[${cri}.cni]
bin_dir = "${cniFolder}/bin"
conf_dir = "${cniFolder}/net.d"
`;
}

/** Pods use the host's network: all traffic stays on loopback. */
export const CNI_CONFIG = JSON.stringify({
  cniVersion: '0.4.0',
  name: 'loopback',
  plugins: [{ type: 'loopback' }],
});

export interface KubeletFacts {
  readonly port: number;
  readonly caFile: string;
  /** Absolute, below the root of every hierarchy. */
  readonly cgroupRoot: string;
  /** Where FlexVolume drivers are looked for. */
  readonly volumePlugins: string;
}

/** KubeletConfiguration; JSON is YAML. */
export function renderKubeletConfig(facts: KubeletFacts): string {
  const config = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: facts.port,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: facts.caFile },
    },
    // Only the API server has a certificate of that CA.
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${NODE_PATHS.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: facts.cgroupRoot,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    enforceNodeAllocatable: [],
    // A full disk of the machine is no reason to evict a test.
    evictionHard: {
      'memory.available': '0%',
      'nodefs.available': '0%',
      'nodefs.inodesFree': '0%',
      'imagefs.available': '0%',
      'imagefs.inodesFree': '0%',
    },
    imageGCHighThresholdPercent: 100,
    nodeStatusUpdateFrequency: '5s',
    // How often it measures emptyDir volumes (default 1m): one over its sizeLimit is then evicted within 20 s.
    volumeStatsAggPeriod: '5s',
    // Who asks for logs may read them with kubectl; the files are below the run's folder.
    volumePluginDir: facts.volumePlugins,
    podLogsDir: `${NODE_PATHS.logs}/pods`,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
