// A kubeconfig of a ServiceAccount: for commands that run with few rights.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Kubectl, KubeObject } from './kubectl.ts';

export interface TokenKubeconfigOptions {
  readonly kubectl: Kubectl;
  /** Of an administrator: server and CA are taken from it. */
  readonly kubeconfig: string;
  /** Of the run. */
  readonly folder: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The path of the file; its context has the namespace of the account. */
export async function writeTokenKubeconfig(options: TokenKubeconfigOptions): Promise<string> {
  const { kubectl, kubeconfig, folder, namespace, serviceAccount: user } = options;
  const token = (await kubectl.text(['create', 'token', user, '-n', namespace])).trim();
  const { clusters } = parse(readFileSync(kubeconfig, 'utf8')) as KubeObject;
  const cluster = clusters[0]['name'] as string;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': user,
    clusters,
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster, user, namespace } }],
  };
  const file = join(folder, `kubeconfig-${user}`);
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
