// A kubeconfig for a ServiceAccount with few rights, or with a token that nobody knows.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kubectl } from './kubectl.ts';
import type { TestCluster } from './test-cluster.ts';

export interface AccountRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Makes the account with a Role of these rules in its namespace; the path of its kubeconfig. */
export async function createAccount(
  { kubectl, folder, kubeconfig }: TestCluster,
  namespace: string,
  name: string,
  rules: readonly AccountRule[],
): Promise<string> {
  const metadata = { name, namespace };
  await kubectl.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await kubectl.create({ apiVersion, kind: 'Role', metadata, rules });
  await kubectl.create({
    apiVersion,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  const token = (await kubectl.text(['create', 'token', name, '-n', namespace])).trim();
  const file = join(folder, `${namespace}-${name}.kubeconfig`);
  await writeTokenKubeconfig(kubectl, kubeconfig, token, file);
  return file;
}

/** The cluster of a kubeconfig with another user. */
export async function writeTokenKubeconfig(
  kubectl: Kubectl,
  kubeconfig: string,
  token: string,
  file: string,
): Promise<void> {
  const view = ['config', 'view', '--raw', '--minify', '--flatten', '--kubeconfig', kubeconfig];
  const config = await kubectl.json(view);
  config['users'] = [{ name: config['users'][0].name as string, user: { token } }];
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
}
