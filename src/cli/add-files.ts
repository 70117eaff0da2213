// add-sidecars -f: the files are edited as text, so that comments and order stay.
import { renderPointer } from '../pod/json-pointer.ts';
import type { Workload } from '../workload/template.ts';
import { parseWorkloadReference } from '../workload/workload-reference.ts';
import type { WorkloadReference } from '../workload/workload-reference.ts';
import { planAddition } from './add-plan.ts';
import type { AddOptions, AddPlan } from './add-plan.ts';
import type { AddFlags } from './add-sidecars.ts';
import { reportEdits } from './edit-report.ts';
import { EXIT_NO, EXIT_OK } from './exit-code.ts';
import { loadSettings } from './load-settings.ts';
import { readManifestFiles } from './manifest-files.ts';
import type { ManifestFile } from './manifest-files.ts';
import { editFile, locateProblem } from './manifest-injection.ts';
import type { EditedFile, WorkloadOutcome } from './manifest-injection.ts';
import { UsageError } from './usage-error.ts';
import { badReference } from './workload-name.ts';

/** Prints or writes the files, and gives the exit code. Throws a UsageError. */
export async function addToFiles(
  flags: AddFlags,
  name: string | undefined,
  namespace: string | undefined,
): Promise<number> {
  if (flags.write && (flags.kustomize !== undefined || flags.filename?.includes('-')))
    throw new UsageError('--write needs files to write to', 'Use -o yaml for stdin and -k.');
  if (flags.write && flags.dryRun)
    throw new UsageError('--dry-run writes nothing, --write does', 'Use one of them.');
  const wanted = namespace ?? flags.namespace;
  const isWanted = matcher(name, wanted);
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) return reportEdits([], settings.problems, 'diff');
  const { files, problems } = await readManifestFiles(flags);
  const options: AddOptions = {
    settings: settings.settings,
    inline: flags.inline ?? false,
    force: flags.force ?? false,
  };
  const added = files.map((file) => addToFile(file, options, isWanted));
  const edited = added.map((one) => one.edited);
  if (
    name !== undefined &&
    problems.length === 0 &&
    edited.every(({ workloads }) => workloads.length === 0)
  ) {
    const known = files.flatMap((file) => workloadNames(file));
    throw new UsageError(
      `no workload ${name}${wanted === undefined ? '' : ` of namespace ${wanted}`} is in these files`,
      known.length === 0 ? 'There is none at all.' : `There are: ${[...new Set(known)].join(', ')}.`,
    );
  }
  const code = await reportEdits(edited, problems, flags.write ? 'files' : (flags.output ?? 'diff'));
  if (code !== EXIT_OK) return code;
  // A single workload was meant, and it did not get what was asked for.
  const isStopped = added.some(({ outcomes }) =>
    outcomes.some((one) => one === 'useless' || one === 'opted_out'),
  );
  return isStopped && name !== undefined ? EXIT_NO : EXIT_OK;
}

/** The same file with the label, or the sidecars, in every wanted workload that may have them. */
export function addToFile(
  file: ManifestFile,
  options: AddOptions,
  isWanted: (workload: Workload) => boolean = () => true,
): { readonly edited: EditedFile; readonly outcomes: readonly AddPlan['outcome'][] } {
  const outcomes: AddPlan['outcome'][] = [];
  const edited = editFile(
    file,
    (workload, document): WorkloadOutcome => {
      const plan = planAddition(workload, options);
      outcomes.push(plan.outcome);
      const base = { file: file.file, workload, problems: [], warnings: [], patch: [] };
      if (plan.outcome === 'refused') {
        const findings = plan.findings.filter(({ level }) => level === 'deny');
        const detail = [...new Set(findings.map(({ code }) => code))].join(', ');
        // Paths of the plan are those of the object; locateProblem takes those of the template.
        const own = { ...workload, templatePath: [] };
        const problems = findings.map((finding) => locateProblem(finding, own, document));
        return { ...base, outcome: 'refused', detail, problems };
      }
      if (plan.outcome !== 'change') return { ...base, outcome: 'skipped', detail: plan.detail };
      const { report, findings } = plan;
      const prefix = renderPointer(workload.path);
      return {
        ...base,
        outcome: options.inline ? 'injected' : 'labelled',
        detail: report.outcome === 'injected' ? report.remotes.join(', ') : 'has all sidecars already',
        patch: plan.operations.map((operation) => ({ ...operation, path: prefix + operation.path })),
        warnings: findings.map(({ code, path, message }) => `${code} ${path}: ${message}`),
      };
    },
    isWanted,
  );
  return { edited, outcomes };
}

function matcher(name: string | undefined, namespace: string | undefined): (workload: Workload) => boolean {
  let reference: WorkloadReference | null = null;
  if (name !== undefined) {
    reference = parseWorkloadReference(name);
    if (reference === null) throw badReference(name);
  }
  return (workload) =>
    (reference === null ||
      (reference.name === workload.name && [null, workload.kind].includes(reference.kind))) &&
    // A manifest without a namespace goes where it is applied.
    (namespace === undefined || workload.namespace === undefined || workload.namespace === namespace);
}

function workloadNames(file: ManifestFile): string[] {
  const names: string[] = [];
  editFile(file, (workload) => {
    names.push(`${workload.kind.toLowerCase()}/${workload.name}`);
    return {
      file: file.file,
      workload,
      outcome: 'skipped',
      detail: '',
      patch: [],
      problems: [],
      warnings: [],
    };
  });
  return names;
}
