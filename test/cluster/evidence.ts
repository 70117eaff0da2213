// What is kept of a cluster when a test fails: enough to find the cause without running it again.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kubectl, KubeObject } from './kubectl.ts';
import type { TestCluster } from './test-cluster.ts';

/**
 * Writes a folder of its own below `$MEDIA_STACK_EVIDENCE` (default: media-stack-evidence in the temporary folder) and
 * returns it. Takes what it can get: a cluster that is broken is what it is for.
 *
 * | file                        | holds                                                            |
 * |-----------------------------|------------------------------------------------------------------|
 * | describe.txt, events.txt    | kubectl describe of pods and nodes, events in order of time      |
 * | objects.yaml                | workloads, pods, claims and webhook configurations as stored     |
 * | pods/NS-POD-CONTAINER.log   | logs, those of the container before it too (`.previous.log`)     |
 * | mountinfo.txt               | the node's mount table                                           |
 * | logs/                       | API server, etcd, kubelet, containerd, webhook, WebDAV           |
 */
export async function saveEvidence(cluster: TestCluster, test: string, env = process.env): Promise<string> {
  const root = env['MEDIA_STACK_EVIDENCE'] ?? join(tmpdir(), 'media-stack-evidence');
  const name = `${new Date().toISOString().replaceAll(':', '-')}-${test.replaceAll(/[^a-z0-9]+/gi, '-')}`;
  const folder = join(root, name.slice(0, 120));
  mkdirSync(join(folder, 'pods'), { recursive: true, mode: 0o700 });
  const { kubectl, node } = cluster;
  const take = async (file: string, ...args: readonly string[]): Promise<void> => {
    writeFileSync(join(folder, file), await output(kubectl, args));
  };
  await take('describe.txt', 'describe', 'pods,nodes', '--all-namespaces');
  await take('events.txt', 'get', 'events', '--all-namespaces', '--sort-by=.lastTimestamp', '-o', 'wide');
  await take('objects.yaml', 'get', OBJECTS, '--all-namespaces', '-o', 'yaml');
  for (const { namespace, pod, container } of await listContainers(kubectl)) {
    const args = ['logs', '-n', namespace, pod, '-c', container];
    const file = join('pods', `${namespace}-${pod}-${container}`);
    await take(`${file}.log`, ...args);
    await take(`${file}.previous.log`, ...args, '--previous');
  }
  if (node) writeFileSync(join(folder, 'mountinfo.txt'), `${node.mountinfo().join('\n')}\n`);
  cpSync(join(cluster.folder, 'logs'), join(folder, 'logs'), { recursive: true });
  return folder;
}

const OBJECTS =
  'pods,deployments,replicasets,jobs,persistentvolumeclaims,mutatingwebhookconfigurations,validatingwebhookconfigurations';

/** stdout, and stderr behind it; the error where kubectl could not run. */
async function output(kubectl: Kubectl, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await kubectl.run(args, { timeoutMs: 20_000 });
    return stdout + stderr;
  } catch (error) {
    return String(error);
  }
}

interface ContainerName {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

async function listContainers(kubectl: Kubectl): Promise<ContainerName[]> {
  const list = await kubectl
    .json(['get', 'pods', '--all-namespaces'], { timeoutMs: 20_000 })
    .catch((): KubeObject => ({ items: [] }));
  return (list['items'] as KubeObject[]).flatMap(({ metadata, spec }) =>
    [...(spec['initContainers'] ?? []), ...spec['containers']].map((container: KubeObject) => ({
      namespace: metadata['namespace'] as string,
      pod: metadata['name'] as string,
      container: container['name'] as string,
    })),
  );
}
