// What check-media-mounts does when it runs: rounds, reports, and an end that leaves nothing behind in any container.
import { writeFile } from 'node:fs/promises';
import { worstStatus } from '../check/check-result.ts';
import type { CheckFlags } from './check-media-mounts.ts';
import { checkPods } from './check-pods.ts';
import type { CheckRound } from './check-pods.ts';
import { openCluster } from './cluster-options.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { fileErrorText } from './file-error.ts';
import { loadSettings } from './load-settings.ts';
import { renderCheckSummary, renderCheckText } from './report/check-text.ts';
import { forSameCluster } from './report/paste-command.ts';
import { renderProblemText } from './report/problem-text.ts';
import { startProgress } from './report/progress.ts';
import { paintFor } from './report/style.ts';
import { UsageError } from './usage-error.ts';

/** The exit code. */
export async function checkMediaMounts(positional: string | undefined, flags: CheckFlags): Promise<number> {
  if (flags.allNamespaces && (positional ?? flags.namespace) !== undefined)
    throw new UsageError('--all-namespaces and a namespace contradict each other', 'Name one of the two.');
  if (flags.maxCount < flags.minEntries)
    throw new UsageError(
      `--max-count ${flags.maxCount} is below --min-entries ${flags.minEntries}: no count could ever reach it`,
      `Count further (--max-count ${flags.minEntries}), or ask for fewer entries.`,
    );
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) {
    for (const problem of settings.problems)
      process.stderr.write(`${renderProblemText(problem, undefined, paintFor(process.stderr))}\n`);
    return EXIT_COULD_NOT_RUN;
  }
  const { cluster, namespace } = await openCluster(flags, positional, { checked: !flags.allNamespaces });
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new Interrupted());
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const request = {
    namespace: flags.allNamespaces ? null : namespace,
    ...(flags.selector === undefined ? {} : { labelSelector: flags.selector }),
    settings: settings.settings,
    limits: { minEntries: flags.minEntries, maxCount: flags.maxCount },
    seconds: flags.timeout,
    parallel: flags.parallel,
    signal: stop.signal,
  };
  try {
    for (;;) {
      const progress = startProgress(process.stderr);
      const round = await checkPods(cluster, {
        ...request,
        onProgress: (done, all) => progress.update(`looked into ${done} of ${all} pods`),
      }).finally(() => progress.end());
      const at = new Date();
      print(round, flags, request.namespace, at);
      if (flags.report !== undefined) await writeReport(flags.report, round, cluster.context, at);
      if (!flags.watch) return exitCodeOf(round);
      await pause(flags.interval * 1000, stop.signal);
    }
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write('Interrupted: what ran in the containers is ended.\n');
    return EXIT_INTERRUPTED;
  }
}

class Interrupted extends Error {}

/** As a shell has it for SIGINT. */
const EXIT_INTERRUPTED = 130;

function exitCodeOf({ pods }: CheckRound): number {
  if (worstStatus(pods.map((pod) => pod.status)) === 'fail') return EXIT_NO;
  // What nobody may look at is not fine.
  const isUnseen = pods.some(({ mounts }) => mounts.some(({ reason }) => reason === 'not_allowed'));
  return isUnseen ? EXIT_COULD_NOT_RUN : EXIT_OK;
}

function print(round: CheckRound, flags: CheckFlags, namespace: string | null, at: Date): void {
  const { passedOver } = round;
  const pods = round.pods.map((pod) => ({
    ...pod,
    mounts: pod.mounts.map((mount) => ({ ...mount, mend: forSameCluster(mount.mend, flags) })),
  }));
  if (flags.json || flags.output === 'json') {
    const value = {
      version: 1,
      time: at.toISOString(),
      status: worstStatus(pods.map((pod) => pod.status)),
      pods,
    };
    // One value a line with --watch, so that a program can read on.
    process.stdout.write(`${JSON.stringify(value, null, flags.watch ? undefined : 2)}\n`);
    return;
  }
  if (flags.watch) {
    // A terminal shows the newest round, anything else gets one behind the other.
    if (process.stdout.isTTY) process.stdout.write('\u001b[H\u001b[2J');
    process.stdout.write(`${at.toISOString()}\n`);
  }
  const paint = paintFor(process.stdout);
  const options = {
    verbose: flags.verbose ?? false,
    withNamespace: namespace === null,
    // For grep every line must carry its pod.
    mendsBelow: process.stdout.isTTY,
    paint,
  };
  if (pods.length > 0) process.stdout.write(renderCheckText(pods, options));
  if (flags.all && passedOver.length > 0)
    process.stdout.write(`\nNothing to do with media, opted out, or ended: ${passedOver.join(', ')}\n`);
  const where = namespace === null ? 'the cluster' : `namespace ${namespace}`;
  process.stderr.write(
    pods.length === 0
      ? `No pod ${flags.selector === undefined ? '' : `with ${flags.selector} `}in ${where} has the label, mount sidecars or the media volume${passedOver.length > 0 ? ` (${passedOver.length} passed over; --all names them)` : ''}.\n`
      : `\n${renderCheckSummary(pods, passedOver.length)}\n`,
  );
}

async function writeReport(file: string, round: CheckRound, context: string, at: Date): Promise<void> {
  const { renderCheckHtml } = await import('./report/check-html.ts');
  try {
    await writeFile(
      file,
      renderCheckHtml(round.pods, { context, time: at, passedOver: round.passedOver.length }),
    );
  } catch (error) {
    throw new UsageError(`--report ${file} cannot be written: ${fileErrorText(error)}`, 'Check the path.');
  }
  process.stderr.write(`The report is in ${file}\n`);
}

/** Rejects with the reason of the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
