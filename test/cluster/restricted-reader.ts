// A service account with few rights, and a kubeconfig for it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from './kubectl.ts';
import type { NodeScene } from './node-scene.ts';
import { adminKubeconfig } from './troubleshoot.ts';

/** The file of the kubeconfig; the rules hold in the namespace of the scene. */
export async function createReader(
  scene: Pick<NodeScene, 'folder' | 'kubectl' | 'namespace'>,
  name: string,
  rules: readonly KubeObject[],
): Promise<string> {
  const { folder, kubectl, namespace } = scene;
  const metadata = { name, namespace };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  await kubectl.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await kubectl.create({ apiVersion, kind: 'Role', metadata, rules });
  await kubectl.create({
    apiVersion,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', ...metadata }],
  });
  const token = (await kubectl.text(['create', 'token', name, '-n', namespace])).trim();
  const config = JSON.parse(readFileSync(adminKubeconfig({ folder }), 'utf8')) as KubeObject;
  const [user] = config['users'] as KubeObject[];
  const file = join(folder, `kubeconfig-${name}`);
  writeFileSync(file, JSON.stringify({ ...config, users: [{ ...user, user: { token } }] }), { mode: 0o600 });
  return file;
}
