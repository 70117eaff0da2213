// --wait: tells how a rollout goes, and why it does not come.
import type { Cluster } from '../cluster/cluster.ts';
import type { ObjectName } from '../cluster/objects.ts';
import { waitForRollout } from '../cluster/wait-for-rollout.ts';
import { EXIT_NO, EXIT_OK } from './exit-code.ts';
import { paintFor } from './report/style.ts';

/** Waits and prints, on stderr but for the result; gives the exit code. Rejects with a ClusterError. */
export async function reportRollout(
  cluster: Cluster,
  name: ObjectName,
  shown: string,
  timeoutMs: number,
): Promise<number> {
  const paint = paintFor(process.stderr);
  const onProgress = (message: string): void => void process.stderr.write(`${shown}: ${message} ...\n`);
  const result = await waitForRollout(cluster, name, { timeoutMs, onProgress });
  if (result.outcome === 'done') {
    process.stdout.write(`${shown} rolled out: ${result.message}\n`);
    return EXIT_OK;
  }
  if (result.outcome === 'manual') {
    process.stderr.write(`${paint('yellow', 'Warning:')} not waited for: ${result.message}\n`);
    return EXIT_OK;
  }
  const why =
    result.outcome === 'timeout' ? `within ${timeoutMs / 1000} s: ${result.message}` : `: ${result.message}`;
  process.stderr.write(`${paint('red', 'Failed:')} ${shown} is not rolled out ${why}\n`.replace(' :', ':'));
  for (const { pod, reason } of result.troubles)
    process.stderr.write(`  ${pod === null ? 'no pod' : `pod ${pod}`}: ${reason}\n`);
  const [stuck] = result.troubles.flatMap(({ pod }) => (pod === null ? [] : [pod]));
  const namespace = name.namespace ?? 'default';
  const way =
    stuck === undefined
      ? `kubectl -n ${namespace} describe ${shown}`
      : `media-stack troubleshoot-mounts ${stuck} ${namespace}`;
  process.stderr.write(
    `  ${paint('cyan', 'mend:')} ${way}; back: kubectl -n ${namespace} rollout undo ${shown}\n`,
  );
  return EXIT_NO;
}
