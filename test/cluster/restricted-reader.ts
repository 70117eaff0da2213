// A service account with few rights, and a kubeconfig for it.
import type { KubeObject } from './kubectl.ts';
import type { NodeScene } from './node-scene.ts';
import { writeTokenKubeconfig } from './token-kubeconfig.ts';

/** The file of the kubeconfig; the rules hold in the namespace of the scene. */
export async function createReader(
  scene: Pick<NodeScene, 'folder' | 'kubeconfig' | 'kubectl' | 'namespace'>,
  name: string,
  rules: readonly KubeObject[],
): Promise<string> {
  const { folder, kubeconfig, kubectl, namespace } = scene;
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
  return writeTokenKubeconfig({ kubectl, kubeconfig, folder, namespace, serviceAccount: name });
}
