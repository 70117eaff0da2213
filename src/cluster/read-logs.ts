// The last lines of init-dirs and the sidecars, and of the containers before their last restart.
import { listContainerStatuses } from '../check/container-state.ts';
import type { ContainerLog } from '../diagnose/facts.ts';
import type { Subject } from '../diagnose/subject.ts';
import type { Cluster } from './cluster.ts';
import { learn } from './learn.ts';
import { readPodLog } from './pod-logs.ts';

const LOG_LINES = 300;

export async function readLogs(
  cluster: Cluster,
  subject: Subject,
  signal: AbortSignal,
): Promise<ContainerLog[]> {
  const { namespace } = subject;
  const { survey, object, name: pod, origin } = subject;
  if (origin === 'template') return [];
  const statuses = listContainerStatuses(object);
  const wanted = [...survey.initDirs, ...survey.sidecars].flatMap(({ container: { name } }) => {
    const status = statuses.find((found) => found.name === name);
    const started =
      status !== undefined &&
      (status.state['running'] ?? status.state['terminated'] ?? status.lastState['terminated']) !== undefined;
    if (!started) return [];
    return status.restarts > 0
      ? [
          { container: name, previous: false },
          { container: name, previous: true },
        ]
      : [{ container: name, previous: false }];
  });
  return Promise.all(
    wanted.map(async ({ container, previous }) => ({
      container,
      previous,
      lines: await learn(`get pods --subresource=log -n ${namespace}`, () =>
        readPodLog(cluster, { namespace, pod, container, previous, tailLines: LOG_LINES, signal }),
      ),
    })),
  );
}
