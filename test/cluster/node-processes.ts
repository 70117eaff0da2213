// Processes of a container, found by its control group and ended by their pids.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { KubeObject } from './kubectl.ts';

export interface ContainerProcess {
  /** As this machine counts. */
  readonly pid: number;
  /** Name of the program, as the kernel has it. */
  readonly name: string;
}

/** What the kubelet says of a container, init containers included. */
export function statusOf(pod: KubeObject, container: string): KubeObject {
  const found = statusesOf(pod).find(({ name }) => name === container);
  if (found === undefined) throw new Error(`no status of container ${container} yet`);
  return found;
}

/** Of all containers, init containers first. */
export function statusesOf(pod: KubeObject): KubeObject[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod['status'] as KubeObject;
  return [...initContainerStatuses, ...containerStatuses] as KubeObject[];
}

/** Restarts by container; those without any are left out. */
export function restartsOf(pod: KubeObject): Record<string, number> {
  const entries = statusesOf(pod).map((status) => [status['name'], status['restartCount']] as const);
  return Object.fromEntries(entries.filter(([, count]) => count > 0)) as Record<string, number>;
}

/** All processes of a running container; `folder` is the one of the run. */
export function processesOf(folder: string, pod: KubeObject, container: string): ContainerProcess[] {
  const id = String(statusOf(pod, container)['containerID']).replace('containerd://', '');
  const root = ['memory', '']
    .map((hierarchy) => join('/sys/fs/cgroup', hierarchy, basename(folder)))
    .find((group) => existsSync(group));
  if (root === undefined) throw new Error(`no control group of ${folder}`);
  const file = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(`${id}/cgroup.procs`),
  );
  if (file === undefined) return [];
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((pid) => pid !== '')
    .map((pid) => ({ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }));
}

/** SIGKILL to each; does not wait for their end. */
export function killProcesses(processes: readonly ContainerProcess[]): void {
  if (processes.length === 0) throw new Error('no process to kill');
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // With the first process of a container the kernel kills the others.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
