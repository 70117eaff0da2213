// Steps that several suites of the node take: waiting for what the kubelet does about a killed container, and looking
// at what a deleted pod has left.
import { beforeEach, expect } from 'vitest';
import { statusOf } from './node-processes.ts';
import { filesIn, isRunning, report } from './node-scene.ts';
import type { NodeScene } from './node-scene.ts';
import { waitUntil } from './wait-until.ts';

/** Until a container has been started so many times more, and its startup probe has passed. */
export async function untilRestarted({ pod }: NodeScene, container: string, times: number): Promise<void> {
  const look = async (): Promise<boolean> => {
    const { restartCount, started } = statusOf(await pod(), container);
    return restartCount === times && started === true;
  };
  await waitUntil(`${container} to be started ${times} times more`, look, { timeoutMs: 60_000 });
}

/**
 * Kills containers twice: the kubelet starts them again at once the first time, and waits 10 s the second time. Until
 * then their dead mounts are left.
 */
export async function killIntoBackOff(scene: NodeScene, containers: readonly string[]): Promise<void> {
  const { killContainer, pod } = scene;
  await Promise.all(containers.map((container) => killContainer(container)));
  for (const container of containers) await untilRestarted(scene, container, 1);
  await Promise.all(containers.map((container) => killContainer(container)));
  const ended = async (): Promise<boolean> => {
    const found = await pod();
    return containers.every((container) => !isRunning(found, container));
  };
  await waitUntil('the kubelet to see their end', ended, { timeoutMs: 30_000 });
}

/** What has ended a rclone in a container was its memory limit. */
export async function expectKilledForMemory(scene: NodeScene, container: string): Promise<void> {
  const { kubectl, namespace, pod } = scene;
  const look = async (): Promise<boolean> => {
    const found = await pod();
    const log = await kubectl.text([
      'logs',
      '-n',
      namespace,
      found['metadata']['name'] as string,
      '-c',
      container,
    ]);
    const { reason } = statusOf(found, container)['lastState']['terminated'] ?? {};
    // cgroup v1 kills one process, which the script sees; cgroup v2 all of the container (memory.oom.group).
    return /rclone at \S+ ended with code 137/.test(log) || reason === 'OOMKilled';
  };
  await waitUntil(`a trace of the memory limit in ${container}`, look, { timeoutMs: 10_000 });
}

/**
 * Call it inside `describe`. The result removes the app of a test: its pod is gone in time (`remove` fails otherwise),
 * no mount is left on the node, and each remote has the files that it had before the test.
 */
export function useRemoval(scene: () => NodeScene): (what: string) => Promise<void> {
  const remoteFiles = (): object => {
    const { zurg, torbox } = scene();
    return { zurg: filesIn(zurg.root), torbox: filesIn(torbox.root) };
  };
  let before: object;
  beforeEach(() => {
    before = remoteFiles();
  });
  return async (what) => {
    const { remove, fuseMounts } = scene();
    report(what, await remove());
    expect(fuseMounts()).toEqual([]);
    expect(remoteFiles()).toEqual(before);
  };
}
