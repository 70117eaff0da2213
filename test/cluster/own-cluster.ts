// A cluster out of programs of this machine: a control plane, and a node where one is asked for.
import type { ToolName } from './build-tools.ts';
import { startControlPlane } from './control-plane.ts';
import { buildNodeImages } from './node-images.ts';
import { startNode } from './node.ts';
import type { ClusterNode } from './node.ts';
import { createRunFolder, removeRunFolder, sweepDeadRuns } from './run-folder.ts';
import type { TestCluster } from './test-cluster.ts';
import { ON_LOOPBACK } from './webhook.ts';

export interface OwnClusterOptions {
  readonly tools: Readonly<Partial<Record<ToolName, string>>>;
  /** With it the cluster has a node. */
  readonly node?: { readonly kubelet: string; readonly rclone: string };
}

/** Removes what dead runs left, then starts. */
export async function startOwnCluster(options: OwnClusterOptions): Promise<TestCluster> {
  for (const swept of sweepDeadRuns()) {
    process.stderr.write(`media-stack cluster: removed ${swept}, left by a run that was killed\n`);
  }
  const imageArchive = options.node ? await buildNodeImages(options.node.rclone) : '';
  const folder = createRunFolder();
  let node: ClusterNode | undefined;
  const { kubelet, rclone } = options.node ?? {};
  const controlPlane = await startControlPlane({ folder, tools: options.tools }).catch((error: unknown) => {
    removeRunFolder(folder);
    throw error;
  });
  const stop = async (): Promise<void> => {
    await node?.stop();
    await controlPlane.stop();
    removeRunFolder(folder);
  };
  try {
    if (kubelet !== undefined) node = await startNode({ folder, controlPlane, kubelet, imageArchive });
  } catch (error) {
    await stop();
    throw error;
  }
  const { kubectl, kubeconfig, hasControllers } = controlPlane;
  return { kubectl, kubeconfig, folder, hasControllers, webhookAddress: ON_LOOPBACK, node, rclone, stop };
}
