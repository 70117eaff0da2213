// A throwaway cluster that somebody hands us. Only namespaces and our two webhook configurations are made in it.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTools, hasGo } from './build-tools.ts';
import { buildKubectl } from './kubectl.ts';
import { createRunFolder, removeRunFolder, sweepDeadRuns } from './run-folder.ts';
import type { TestCluster } from './test-cluster.ts';

export interface GivenClusterOptions {
  readonly kubeconfig: string;
  /** By which its API server reaches this machine. */
  readonly host: string;
}

/** Uses the kubectl of the PATH, or builds one. */
export async function startGivenCluster(options: GivenClusterOptions): Promise<TestCluster> {
  sweepDeadRuns();
  const binary = (await hasGo()) ? (await buildTools(['kubectl'])).kubectl : 'kubectl';
  const folder = createRunFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  copyFileSync(options.kubeconfig, kubeconfig);
  const isLoopback = options.host === '127.0.0.1';
  const kubectl = buildKubectl({ binary, kubeconfig, hasControllers: true });
  const namespaces: string[] = [];
  return {
    kubectl: {
      ...kubectl,
      createNamespace: async (name) => {
        namespaces.push(name);
        return kubectl.createNamespace(name);
      },
    },
    kubeconfig,
    folder,
    hasControllers: true,
    webhookAddress: { listenHost: isLoopback ? '127.0.0.1' : '0.0.0.0', host: options.host },
    node: undefined,
    rclone: undefined,
    async stop() {
      const names = namespaces.splice(0);
      if (names.length > 0) await kubectl.text(['delete', 'namespace', '--wait=false', ...names]);
      removeRunFolder(folder);
    },
  };
}
