// What troubleshoot-mounts does when it runs: finds the pod, gathers the facts, judges and prints.
import { findSubject } from '../cluster/find-subject.ts';
import { gatherFacts } from '../cluster/gather-facts.ts';
import { CHECKS } from '../diagnose/checks.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import type { CheckResult } from '../diagnose/finding.ts';
import { describeSubject } from '../diagnose/subject.ts';
import type { Subject } from '../diagnose/subject.ts';
import { summarize } from '../diagnose/summary.ts';
import type { Summary } from '../diagnose/summary.ts';
import { decodePod } from '../pod/decode-pod.ts';
import type { JsonObject } from '../pod/json.ts';
import { owningWorkload } from '../pod/owning-workload.ts';
import { valueAt } from '../pod/value-at.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import type { Settings } from '../settings/schema.ts';
import type { FoundSubject } from '../cluster/find-subject.ts';
import { openCluster } from './cluster-options.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { loadSettings } from './load-settings.ts';
import { renderDiagnosisJson } from './report/diagnosis-json.ts';
import { renderChecks, renderSummary } from './report/diagnosis-text.ts';
import { forSameCluster } from './report/paste-command.ts';
import { renderProblemText } from './report/problem-text.ts';
import { startProgress } from './report/progress.ts';
import { paintFor } from './report/style.ts';
import type { TroubleshootFlags } from './troubleshoot-mounts.ts';
import { UsageError } from './usage-error.ts';

/** For one question to a mount. */
const MOUNT_SECONDS = 5;

/** The exit code. */
export async function troubleshootMounts(
  word: string,
  positional: string | undefined,
  flags: TroubleshootFlags,
): Promise<number> {
  expectIds(flags.only);
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) {
    for (const problem of settings.problems)
      process.stderr.write(`${renderProblemText(problem, undefined, paintFor(process.stderr))}\n`);
    return EXIT_COULD_NOT_RUN;
  }
  const { cluster, namespace } = await openCluster(flags, positional);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Interrupted()));
  const progress = startProgress(process.stderr);
  const ticking = setInterval(() => progress.update('looking at the pod, its node and its webhook ...'), 250);
  try {
    const found = await findSubject(cluster, namespace, word);
    const subject = toSubject(found, namespace, settings.settings);
    const facts = await gatherFacts(cluster, subject, {
      exec: flags.exec,
      seconds: MOUNT_SECONDS,
      now: Math.floor(Date.now() / 1000),
      signal: stop.signal,
    });
    progress.end();
    const results = diagnose(facts, flags.only ?? null).map((result) => ({
      ...result,
      findings: result.findings.map((finding) => ({
        ...finding,
        mend: finding.mend.map((line) => forSameCluster(line, flags)),
      })),
    }));
    print(subject, found, results, flags);
    if (results.some(({ status }) => status === 'fail')) return EXIT_NO;
    // What nobody could look at is not fine.
    return results.every(({ status }) => status === 'unknown') ? EXIT_COULD_NOT_RUN : EXIT_OK;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    process.stderr.write('Interrupted: what ran in the containers is ended.\n');
    return EXIT_INTERRUPTED;
  } finally {
    clearInterval(ticking);
    progress.end();
  }
}

class Interrupted extends Error {}

/** As a shell has it for SIGINT. */
const EXIT_INTERRUPTED = 130;

function expectIds(only: readonly string[] | undefined): void {
  if (only === undefined) return;
  const known = CHECKS.map(({ id }) => id);
  if (only.length === 0) throw new UsageError('--only names no check', `Checks: ${known.join(', ')}.`);
  const [wrong] = only.filter((id) => !known.includes(id));
  if (wrong !== undefined)
    throw new UsageError(
      `--only ${quote(wrong)}: there is no such check`,
      `${didYouMean(wrong, known)}Checks: ${known.join(', ')}.`,
    );
}

function toSubject(found: FoundSubject, namespace: string, settings: Settings): Subject {
  const decoded = decodePod(found.object);
  if (!decoded.ok)
    throw new UsageError(
      `${found.name} cannot be read as a pod: ${decoded.problems[0]?.message ?? ''}`,
      'Look at it: kubectl get -o yaml',
    );
  const workload =
    found.origin === 'template'
      ? found.name
      : owningWorkload(found.object['metadata'] as JsonObject | undefined);
  return describeSubject({
    namespace,
    name: found.name,
    origin: found.origin,
    pod: decoded.pod,
    object: found.object,
    workload,
    settings,
  });
}

function print(
  subject: Subject,
  { pods }: FoundSubject,
  results: readonly CheckResult[],
  flags: TroubleshootFlags,
): void {
  const summary = summarize(results);
  const next = nextStep(subject, results, summary, flags);
  const node = valueAt(subject.object, ['spec', 'nodeName']);
  if (flags.json || flags.output === 'json') {
    const { namespace, name, workload } = subject;
    const described = { namespace, name, workload, node: typeof node === 'string' ? node : null };
    process.stdout.write(renderDiagnosisJson(described, results, summary, next));
    return;
  }
  const options = { paint: paintFor(process.stdout), unicode: isUtf8(process.env) };
  if (pods !== null && pods > 1)
    process.stderr.write(
      `The pod of ${subject.workload ?? ''} that is worst off, of ${pods}: ${subject.name}\n\n`,
    );
  process.stdout.write(`${renderChecks(results, options)}\n${renderSummary(summary, next, options)}`);
}

/** What to type when the mends are done. */
function nextStep(
  { namespace, workload, name }: Subject,
  results: readonly CheckResult[],
  { failed, issues }: Summary,
  flags: TroubleshootFlags,
): string | null {
  const again = forSameCluster(`media-stack troubleshoot-mounts ${workload ?? name} ${namespace}`, flags);
  const failing = results.flatMap(({ findings }) => findings.filter(({ level }) => level === 'fail'));
  const [first] = [...issues.flatMap((issue) => issue.causes), ...failing];
  if (failed === 0) return forSameCluster(`media-stack check-media-mounts ${namespace}`, flags);
  const command = first?.mend.find((line) => /^(kubectl|oc|helm|media-stack) /.test(line));
  const mend = command ?? first?.mend[0];
  return mend === undefined ? again : `${mend}\n      then: ${again}`;
}

/** As glibc decides: the first of these that is set. */
function isUtf8(env: NodeJS.ProcessEnv): boolean {
  return /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '');
}
