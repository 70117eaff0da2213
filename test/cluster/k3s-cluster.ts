// K3s in a container, where Docker answers. The package is not a dependency: whoever wants this way installs it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRunFolder, removeRunFolder } from './run-folder.ts';
import { startGivenCluster } from './given-cluster.ts';
import type { TestCluster } from './test-cluster.ts';

/** As much of @testcontainers/k3s 12 as is used here. */
interface K3sModule {
  readonly K3sContainer: new (image: string) => K3sContainer;
}
interface K3sContainer {
  withExtraHosts(hosts: readonly { host: string; ipAddress: string }[]): K3sContainer;
  start(): Promise<StartedK3s>;
}
interface StartedK3s {
  getKubeConfig(): string;
  stop(): Promise<unknown>;
}

const IMAGE = 'rancher/k3s:v1.36.3-k3s1';
/** By which the container reaches this machine (Docker 20.10 and later). */
const HOST = 'host.docker.internal';
const PACKAGE: string = '@testcontainers/k3s';

export async function startK3sCluster(): Promise<TestCluster> {
  const { K3sContainer } = (await import(PACKAGE)) as K3sModule;
  const container = await new K3sContainer(IMAGE)
    .withExtraHosts([{ host: HOST, ipAddress: 'host-gateway' }])
    .start();
  const folder = createRunFolder();
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, container.getKubeConfig(), { mode: 0o600 });
  const given = await startGivenCluster({ kubeconfig, host: HOST });
  return {
    ...given,
    async stop() {
      await given.stop();
      await container.stop();
      removeRunFolder(folder);
    },
  };
}
