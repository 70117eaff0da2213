// Names of the cluster for shell completion: within a short time, and nothing at all where anything is wrong.
import { textAt } from '../pod/text-at.ts';
import type { Candidate } from './completion-wanted.ts';

export interface LiveNamesRequest {
  readonly what: 'namespaces' | 'workloads' | 'pods' | 'contexts';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  /** What has been typed so far: `deploy/so` asks for names with their kind. */
  readonly typed: string;
}

/** A person waits at the prompt. */
const DEADLINE_MS = 1500;

/** Never rejects, and never takes longer than a second and a half. */
export async function listLiveNames(request: LiveNamesRequest): Promise<Candidate[]> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const late = new Promise<Candidate[]>((resolve) =>
    signal.addEventListener('abort', () => resolve([]), { once: true }),
  );
  return Promise.race([list(request, signal).catch(() => []), late]);
}

async function list(
  { what, typed, namespace, ...flags }: LiveNamesRequest,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const { connectCluster } = await import('../cluster/cluster.ts');
  const cluster = connectCluster(flags);
  if (what === 'contexts')
    return cluster.kubeConfig.getContexts().map(({ name, cluster: of }) => ({ word: name, description: of }));
  const { listObjects } = await import('../cluster/objects.ts');
  const { ROLLOUT_KINDS, parseWorkloadReference } = await import('../workload/workload-reference.ts');
  const where = namespace ?? cluster.namespace;
  const [word] = typed.split('/');
  const asked = typed.includes('/') ? parseWorkloadReference(`${word ?? ''}/x`)?.kind : undefined;
  const kinds =
    what === 'namespaces'
      ? (['Namespace'] as const)
      : asked
        ? [asked]
        : what === 'pods'
          ? (['Pod'] as const)
          : ROLLOUT_KINDS;
  if (typed.includes('/') && !asked) return [];
  const lists = await Promise.all(
    kinds.map((kind) =>
      listObjects(cluster, kind, kind === 'Namespace' ? null : where, { signal }).catch(() => []),
    ),
  );
  return lists.flat().map((object) => {
    const name = textAt(object, ['metadata', 'name']);
    return { word: asked ? `${word ?? ''}/${name}` : name, description: textAt(object, ['kind']) };
  });
}
