// The last lines of a container's log.
import { requestText } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { resourcePath } from './resource-path.ts';

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly tailLines: number;
  /** Of the container before the last restart. */
  readonly previous?: boolean;
  readonly signal?: AbortSignal;
}

/** One log line must not fill the memory. */
const LIMIT_BYTES = 1 << 20;

/** The lines, oldest first. Rejects with a ClusterError; `server` where there is no log (400). */
export async function readPodLog(cluster: Cluster, request: LogRequest): Promise<string[]> {
  const { namespace, pod, container, tailLines, previous = false, signal } = request;
  const query = new URLSearchParams({
    container,
    tailLines: String(tailLines),
    limitBytes: String(LIMIT_BYTES),
    ...(previous ? { previous: 'true' } : {}),
  });
  const path = `${resourcePath('Pod', namespace, pod)}/log?${query.toString()}`;
  const text = await requestText(cluster, { path, ...(signal ? { signal } : {}) });
  return text.split('\n').filter((line) => line !== '');
}
