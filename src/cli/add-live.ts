// add-sidecars on a workload in the cluster: show, try out, ask, patch, wait.
import type { JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import { ClusterError } from '../cluster/cluster-error.ts';
import { findWorkload } from '../cluster/find-workload.ts';
import { rolloutStatus } from '../cluster/rollout-status.ts';
import { describeOwner, findDeclaredOwners } from '../workload/declared-owner.ts';
import { findWorkloads } from '../workload/template.ts';
import { parseWorkloadReference, renderReference } from '../workload/workload-reference.ts';
import { planAddition } from './add-plan.ts';
import type { AddPlan } from './add-plan.ts';
import type { AddFlags } from './add-sidecars.ts';
import { findAddWarnings } from './add-warnings.ts';
import { openCluster } from './cluster-options.ts';
import { confirm } from './confirm.ts';
import { EXIT_COULD_NOT_RUN, EXIT_NO, EXIT_OK } from './exit-code.ts';
import { loadSettings } from './load-settings.ts';
import { parseTimeout } from './parse-timeout.ts';
import { objectName, patchTemplate } from './patch-template.ts';
import type { PatchTarget } from './patch-template.ts';
import { renderAddition, renderTemplateDiff } from './report/addition-text.ts';
import { renderProblemText } from './report/problem-text.ts';
import { paintFor } from './report/style.ts';
import { reportRollout } from './report-rollout.ts';
import { badReference } from './workload-name.ts';
import { UsageError } from './usage-error.ts';

/** Gives the exit code. Throws a UsageError or a ClusterError. */
export async function addLive(
  name: string,
  positionalNamespace: string | undefined,
  flags: AddFlags,
): Promise<number> {
  const reference = parseWorkloadReference(name);
  if (reference === null) throw badReference(name);
  if (reference.kind === 'Pod') {
    throw new UsageError(
      'a pod that runs cannot be given sidecars',
      'Name the workload that made it: deployment/NAME, statefulset/NAME or daemonset/NAME.',
    );
  }
  const timeoutMs = parseTimeout(flags.timeout);
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) {
    for (const problem of settings.problems) warnLine(renderProblemText(problem, undefined, paint()));
    return EXIT_COULD_NOT_RUN;
  }
  const { cluster, namespace } = await openCluster(flags, positionalNamespace);
  const object = await findWorkload(cluster, namespace, reference);
  const [workload] = findWorkloads(object);
  if (workload === undefined) throw new ClusterError('server', `${name} has no pod template`, 'Look at it.');
  const options = { inline: flags.inline ?? false, force: flags.force ?? false };
  const plan = planAddition(workload, { ...options, settings: settings.settings });
  const shown = renderReference(workload.kind, workload.name);
  if ('detail' in plan) {
    process.stdout.write(`${shown} not changed: ${plan.detail}\n`);
    if (plan.outcome !== 'done') return EXIT_NO;
    // The rollout of an earlier change may still be under way.
    return flags.wait && !flags.dryRun
      ? reportRollout(cluster, objectName({ cluster, namespace, workload, shown }), shown, timeoutMs)
      : EXIT_OK;
  }
  const target: PatchTarget = { cluster, namespace, workload, shown };
  if (plan.outcome === 'refused') {
    process.stdout.write(renderAddition(plan, options.inline, paintFor(process.stdout)));
    warnLine(`${paint()('red', 'Refused:')} ${shown} is not changed.\n`);
    warnLine(
      `  ${paint()('cyan', 'mend:')} Mend what the rules name, or go ahead all the same with --force.\n`,
    );
    return EXIT_NO;
  }
  return change(target, plan, flags, timeoutMs);
}

async function change(
  target: PatchTarget,
  plan: AddPlan & { readonly outcome: 'change' },
  flags: AddFlags,
  timeoutMs: number,
): Promise<number> {
  const { cluster, namespace, workload, shown } = target;
  const isInline = flags.inline ?? false;
  // A dry run comes before every change, so that nobody is asked about what cannot be done.
  const tried = await patchTemplate(target, plan.operations, { dryRun: true });
  if (tried.outcome === 'refused') return reportRefusal(shown, tried.message);
  const template = (object: JsonObject): unknown => valueAt(object, workload.templatePath);
  const [before, after] = [template(workload.object), template(tried.object)];
  process.stdout.write(
    renderTemplateDiff(`${namespace}/${shown}`, before, after, paintFor(process.stdout)) +
      renderAddition(plan, isInline, paintFor(process.stdout)),
  );
  const owners = findDeclaredOwners(workload.object);
  const found = await findAddWarnings(cluster, namespace, { shown, owners, isInline });
  // Our own webhook says again what the rules have said above.
  const isNew = (warning: string): boolean =>
    !plan.findings.some(({ code, path }) => warning.startsWith(`${code} ${path}:`));
  for (const warning of [...tried.warnings.filter(isNew), ...found])
    warnLine(`${paint()('yellow', 'Warning:')} ${warning}\n`);
  const what = isInline ? 'sidecars written into the template' : 'labelled';
  if (flags.dryRun) {
    process.stdout.write(`${shown} ${what} (server dry run: the API server accepts it)\n`);
    return EXIT_OK;
  }
  if (!flags.yes && !flags.force) {
    const [owner] = owners;
    const question =
      owner === undefined
        ? 'Proceed?'
        : `${describeOwner(owner)} will most likely undo this. Change it in the cluster all the same?`;
    if (!(await confirm(`${question} [y/N] `, shown))) {
      warnLine('Nothing was changed.\n');
      return EXIT_NO;
    }
  }
  const patched = await patchTemplate(target, plan.operations, { dryRun: false });
  if (patched.outcome === 'refused') return reportRefusal(shown, patched.message);
  process.stdout.write(`${shown} ${what}\n`);
  if (flags.wait) return reportRollout(cluster, objectName(target), shown, timeoutMs);
  const status = rolloutStatus(patched.object);
  warnLine(
    status.state === 'manual'
      ? `No pod is replaced yet: ${status.message}\n`
      : `New pods are on their way: kubectl -n ${namespace} rollout status ${shown}\n`,
  );
  return EXIT_OK;
}

function reportRefusal(shown: string, message: string): number {
  warnLine(`${paint()('red', 'Refused:')} the API server does not take ${shown} so: ${message}\n`);
  warnLine(`  ${paint()('cyan', 'mend:')} Mend what it names; nothing was changed.\n`);
  return EXIT_NO;
}

function paint(): ReturnType<typeof paintFor> {
  return paintFor(process.stderr);
}

function warnLine(text: string): void {
  process.stderr.write(text);
}
