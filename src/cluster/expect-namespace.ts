// A namespace that does not exist is no error of the API: lists of it are just empty.
import { isJsonObject } from '../pod/json.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import { ClusterError, isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { listObjects, readObject } from './objects.ts';

/** Rejects with `not_found` when the namespace does not exist. Who may not read namespaces is believed. */
export async function expectNamespace(cluster: Cluster, namespace: string): Promise<void> {
  try {
    await readObject(cluster, { kind: 'Namespace', namespace: null, name: namespace });
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return;
    if (!isClusterError(error, 'not_found')) throw error;
    const known = await listNamespaces(cluster);
    const list = known.length === 0 ? '' : `Namespaces: ${known.slice(0, MAX_NAMED).join(', ')}.`;
    throw new ClusterError(
      'not_found',
      `there is no namespace ${quote(namespace)} in the cluster of the context ${cluster.context}`,
      `${didYouMean(namespace, known)}${list}` || 'Look at them: kubectl get namespaces',
    );
  }
}

const MAX_NAMED = 10;

async function listNamespaces(cluster: Cluster): Promise<string[]> {
  const namespaces = await listObjects(cluster, 'Namespace', null).catch(() => []);
  return namespaces.flatMap(({ metadata }) =>
    isJsonObject(metadata) && typeof metadata['name'] === 'string' ? [metadata['name']] : [],
  );
}
