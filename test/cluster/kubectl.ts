// kubectl as a function: the tests speak to the cluster as a person does, and read what a person would read.
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitUntil } from './wait-until.ts';

export interface KubectlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  /** Written to stdin: text, or an object as JSON. */
  readonly input?: string | object;
  readonly timeoutMs?: number;
}

/** Loose on purpose: what comes back is whatever the API server says. */
export type KubeObject = Record<string, any>; // eslint-disable-line typescript/no-explicit-any

export interface Kubectl {
  /** Never rejects for an exit code. */
  run(args: readonly string[], options?: KubectlOptions): Promise<KubectlResult>;
  /** stdout; rejects with stderr when the exit code is not 0. */
  text(args: readonly string[], options?: KubectlOptions): Promise<string>;
  /** `-o json`, parsed. */
  json(args: readonly string[], options?: KubectlOptions): Promise<KubeObject>;
  /** `create -f -`; the object as it was stored. */
  create(object: KubeObject, ...args: readonly string[]): Promise<KubeObject>;
  /** `create namespace`, and where controllers run the wait for its ServiceAccount; returns the name. */
  createNamespace(name: string): Promise<string>;
}

export interface KubectlFacts {
  readonly binary: string;
  readonly kubeconfig: string;
  /** Without a controller manager nobody makes a namespace's ServiceAccount, and nothing asks for it. */
  readonly hasControllers: boolean;
}

const MAX_OUTPUT = 64 << 20;

export function buildKubectl(facts: KubectlFacts): Kubectl {
  // Discovery would otherwise be kept under ~/.kube, by host and port, which the next cluster may get again.
  const cache = mkdtempSync(join(dirname(facts.kubeconfig), 'kubectl-cache-'));
  const env = { ...process.env, KUBECONFIG: facts.kubeconfig, KUBECACHEDIR: cache };

  const run: Kubectl['run'] = (args, options = {}) =>
    new Promise((resolve, reject) => {
      const settings = { env, maxBuffer: MAX_OUTPUT, timeout: options.timeoutMs ?? 60_000 };
      const child = execFile(facts.binary, [...args], settings, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') {
          reject(new Error(`kubectl ${args.join(' ')}: ${error.signal ?? error.message}\n${stderr}`));
        } else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
      });
      child.stdin?.on('error', () => {}); // It ended before it had read all: its exit code says why.
      const { input } = options;
      child.stdin?.end(typeof input === 'object' ? JSON.stringify(input) : (input ?? ''));
    });
  const text: Kubectl['text'] = async (args, options) => {
    const { exitCode, stdout, stderr } = await run(args, options);
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${exitCode}\n${stderr}`);
    return stdout;
  };
  const json: Kubectl['json'] = async (args, options) =>
    JSON.parse(await text([...args, '-o', 'json'], options)) as KubeObject;
  return {
    run,
    text,
    json,
    create: (object, ...args) => json(['create', '-f', '-', ...args], { input: object }),
    async createNamespace(name) {
      await text(['create', 'namespace', name]);
      if (facts.hasControllers) {
        const look = async (): Promise<boolean> =>
          (await run(['get', 'serviceaccount', 'default', '-n', name])).exitCode === 0;
        await waitUntil(`the ServiceAccount of namespace ${name}`, look, { timeoutMs: 30_000 });
      }
      return name;
    },
  };
}
