// Where the cluster of a suite comes from: the first that this machine can offer (the order of design.md 3).
//
// |   | when                                        | API server suite | node suite |
// |---|---------------------------------------------|------------------|------------|
// | 1 | MEDIA_STACK_TEST_KUBECONFIG                 | yes              | no         |
// | 2 | KUBEBUILDER_ASSETS (envtest's convention)   | yes              | no         |
// | 3 | Docker answers, @testcontainers/k3s is there| yes              | no         |
// | 4 | Go; for a node also Linux, root, packages   | yes              | yes        |
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildTools, hasGo } from './build-tools.ts';
import type { ToolName } from './build-tools.ts';
import { startGivenCluster } from './given-cluster.ts';
import { startK3sCluster } from './k3s-cluster.ts';
import { startOwnCluster } from './own-cluster.ts';
import { whyNoNode } from './node-packages.ts';
import type { TestCluster } from './test-cluster.ts';

export interface ClusterProvider {
  /** For people: `Go toolchain`. */
  readonly name: string;
  /** Builds and downloads what can be had before the first test; the time it takes is nobody's timeout. */
  prepare(): Promise<void>;
  start(): Promise<TestCluster>;
}

export type Suite = 'API server' | 'node';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The provider, or `null`: the suite is skipped, and announce-skips.ts has said why. With MEDIA_STACK_REQUIRE_ALL=1 it
 * rejects with that line instead.
 */
export async function findProvider(
  suite: Suite,
  env: Environment = process.env,
): Promise<ClusterProvider | null> {
  const found = await lookForProvider(suite, env);
  if (!('skipped' in found)) return found;
  if (env['MEDIA_STACK_REQUIRE_ALL'] === '1') throw new Error(found.skipped);
  return null;
}

/** The provider, or the line that says what would run the suite. */
export async function lookForProvider(
  suite: Suite,
  env: Environment,
): Promise<ClusterProvider | { readonly skipped: string }> {
  const refusals: string[] = [];
  const found = suite === 'node' ? await findNode(refusals) : await findApiServer(env, refusals);
  if (found !== null) return found;
  const wanted = refusals.join(suite === 'node' ? ', and ' : ', or ');
  return { skipped: `${suite} suite skipped. To run it: ${wanted} (docs/testing.md).` };
}

async function findApiServer(env: Environment, refusals: string[]): Promise<ClusterProvider | null> {
  const kubeconfig = env['MEDIA_STACK_TEST_KUBECONFIG'];
  if (kubeconfig) {
    const host = env['MEDIA_STACK_TEST_WEBHOOK_HOST'] ?? '127.0.0.1';
    return provider(`the cluster of ${kubeconfig}`, () => startGivenCluster({ kubeconfig, host }));
  }
  refusals.push('set MEDIA_STACK_TEST_KUBECONFIG to a throwaway cluster');
  const assets = env['KUBEBUILDER_ASSETS'];
  if (assets) {
    const tools = findAssets(assets);
    return provider(`KUBEBUILDER_ASSETS ${assets}`, () => startOwnCluster({ tools }));
  }
  refusals.push('set KUBEBUILDER_ASSETS (setup-envtest use -p path)');
  if (await dockerAnswers()) {
    if (hasK3sPackage()) return provider('K3s in Docker', startK3sCluster);
    refusals.push('npm install --no-save testcontainers @testcontainers/k3s (Docker is there)');
  } else refusals.push('start Docker');
  if (await hasGo()) return goProvider(API_SERVER_TOOLS, (tools) => startOwnCluster({ tools }));
  refusals.push('install Go 1.26');
  return null;
}

async function findNode(refusals: string[]): Promise<ClusterProvider | null> {
  const why = whyNoNode();
  if (why !== undefined) refusals.push(why);
  if (!(await hasGo())) refusals.push('install Go 1.26');
  if (refusals.length > 0) return null;
  return goProvider(NODE_TOOLS, (tools) => startOwnCluster({ tools, node: tools }));
}

const API_SERVER_TOOLS = ['etcd', 'kube-apiserver', 'kubectl', 'kube-controller-manager'] as const;
const NODE_TOOLS = [...API_SERVER_TOOLS, 'kube-scheduler', 'kubelet', 'rclone'] as const;

function provider(name: string, start: () => Promise<TestCluster>): ClusterProvider {
  return { name, prepare: async () => {}, start };
}

function goProvider<N extends ToolName>(
  names: readonly N[],
  start: (tools: Record<N, string>) => Promise<TestCluster>,
): ClusterProvider {
  return {
    name: 'Go toolchain',
    prepare: async () => void (await buildTools(names)),
    start: async () => start(await buildTools(names)),
  };
}

/** envtest has no controller manager; a folder that has one gets it used. */
function findAssets(folder: string): Partial<Record<ToolName, string>> {
  const tools: Partial<Record<ToolName, string>> = {};
  for (const name of API_SERVER_TOOLS) if (existsSync(join(folder, name))) tools[name] = join(folder, name);
  const missing = (['etcd', 'kube-apiserver', 'kubectl'] as const).filter(
    (name) => tools[name] === undefined,
  );
  if (missing.length > 0) throw new Error(`KUBEBUILDER_ASSETS=${folder} lacks ${missing.join(', ')}`);
  return tools;
}

async function dockerAnswers(): Promise<boolean> {
  return promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeout: 5000,
  }).then(
    () => true,
    () => false,
  );
}

function hasK3sPackage(): boolean {
  try {
    createRequire(import.meta.url).resolve('@testcontainers/k3s');
    return true;
  } catch {
    return false;
  }
}
