// One manifest text through the engine: every workload in it is decided about, and the text is edited in place.
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import type { Decision } from '../inject/decide.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import { uninject } from '../inject/uninject.ts';
import { rawMountsLabel } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import type { Pod } from '../pod/pod.ts';
import { joinFieldPath, parseFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { readManifests } from '../workload/documents.ts';
import type { ManifestDocument } from '../workload/documents.ts';
import { editManifest } from '../workload/edit-manifest.ts';
import { findWorkloads } from '../workload/template.ts';
import type { Workload } from '../workload/template.ts';
import type { ManifestFile } from './manifest-files.ts';
import { readTemplate } from './read-template.ts';

/** What became of one workload. */
export interface WorkloadOutcome {
  readonly file: string;
  readonly workload: Workload;
  readonly outcome: 'injected' | 'uninjected' | 'labelled' | 'skipped' | 'refused';
  /** A skip reason, the remotes, or the codes of the problems. */
  readonly detail: string;
  /** On the document: what was done to the text. */
  readonly patch: readonly Operation[];
  /** Refusals, each at its place in the file. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

export interface EditedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly workloads: readonly WorkloadOutcome[];
  /** What kept the file from being read or edited. */
  readonly problems: readonly Problem[];
  /** Documents that could not be edited in place, though the result is right. */
  readonly notes: readonly string[];
}

export interface InjectOptions {
  readonly settings: Settings;
  readonly assumeLabel: boolean;
}

/** Injects every workload of a file. A refused workload leaves its document as it is. */
export function injectFile(file: ManifestFile, options: InjectOptions): EditedFile {
  return editFile(file, (workload, document) => injectWorkload(file.file, workload, document, options));
}

/** Takes the injection out of every workload of a file. */
export function uninjectFile(file: ManifestFile): EditedFile {
  return editFile(file, (workload, document) => {
    const base = { file: file.file, workload, problems: [], warnings: [] };
    const decoded = decodePod(workload.podLike);
    if (!decoded.ok) return { ...base, ...refused(decoded.problems, workload, document) };
    const result = uninject(decoded.pod);
    if (result.outcome === 'skipped')
      return { ...base, outcome: 'skipped', detail: 'no media-stack/status annotation', patch: [] };
    const warnings = result.left.map((left) => `left as it is: ${left}`);
    return {
      ...base,
      outcome: 'uninjected',
      detail: '',
      patch: onDocument(result.patch, workload),
      warnings,
    };
  });
}

/** The decision about one workload, as the engine gives it for its pod template. */
export function decideWorkload(workload: Workload, pod: Pod, options: InjectOptions): Decision {
  return decide({ pod, ...engineInput(workload, options) });
}

/** True when the template does not ask for mounts: it may then have any shape. */
export function isUnlabelled(workload: Workload, { assumeLabel }: InjectOptions): boolean {
  return !assumeLabel && rawMountsLabel(workload.podLike) === undefined;
}

/** The same problem with the field path of the document and the position in the file. */
export function locateProblem(problem: Problem, workload: Workload, document: ManifestDocument): Problem {
  const inObject = joinFieldPath(renderFieldPath(workload.templatePath), problem.path);
  const position = document.positionOf([...workload.path, ...parseFieldPath(inObject)]);
  return { ...problem, path: inObject, position };
}

function engineInput(workload: Workload, { settings, assumeLabel }: InjectOptions) {
  return { settings, assumeLabel, claimTemplates: workload.claimTemplates.map((template) => template.name) };
}

/** The file with each workload's patch done, and what became of each. Those that are not wanted are passed over. */
export function editFile(
  { file, text }: ManifestFile,
  edit: (workload: Workload, document: ManifestDocument) => WorkloadOutcome,
  isWanted: (workload: Workload) => boolean = () => true,
): EditedFile {
  const { documents, problems } = readManifests(text, file);
  const found: Problem[] = [...problems];
  const workloads: WorkloadOutcome[] = [];
  const notes: string[] = [];
  let after = text;
  for (const document of documents) {
    const wanted = findWorkloads(document.value).filter(isWanted);
    const outcomes = wanted.map((workload) => edit(workload, document));
    workloads.push(...outcomes);
    const operations = outcomes.flatMap((outcome) => outcome.patch);
    if (operations.length === 0) continue;
    const edited = editManifest(after, document.index, operations, { file });
    if (edited.ok) {
      after = edited.text;
      if (edited.rewritten)
        notes.push(
          `${file}: document ${document.index + 1} was written anew: its comments are kept, its spacing may not be`,
        );
    } else found.push(...edited.problems);
  }
  return { file, before: text, after, workloads, problems: found, notes };
}

function injectWorkload(
  file: string,
  workload: Workload,
  document: ManifestDocument,
  options: InjectOptions,
): WorkloadOutcome {
  const base = { file, workload, problems: [], warnings: [] };
  if (isUnlabelled(workload, options))
    return { ...base, outcome: 'skipped', detail: 'label_absent', patch: [] };
  const read = readTemplate(workload);
  if (!read.ok) return { ...base, ...refused(read.problems, workload, document) };
  const decision = decideWorkload(workload, read.pod, options);
  const { report } = decision;
  const { warnings } = report;
  if (report.outcome === 'refused')
    return { ...base, ...refused(report.problems, workload, document), warnings };
  if (report.outcome === 'skipped')
    return { ...base, outcome: 'skipped', detail: report.reason, patch: [], warnings };
  const applied = applyAndCheck(structuredClone(read.pod), decision, engineInput(workload, options));
  if (!applied.ok) throw new Error(`${file}: ${workload.kind} ${workload.name}: ${applied.reason}`);
  return {
    ...base,
    outcome: 'injected',
    detail: report.remotes.join(', '),
    patch: onDocument(decision.patch, workload),
    warnings,
  };
}

function refused(problems: readonly Problem[], workload: Workload, document: ManifestDocument) {
  return {
    outcome: 'refused' as const,
    detail: [...new Set(problems.map((problem) => problem.code))].join(', '),
    patch: [],
    problems: problems.map((problem) => locateProblem(problem, workload, document)),
  };
}

function onDocument(patch: readonly Operation[], workload: Workload): Operation[] {
  const prefix = renderPointer([...workload.path, ...workload.templatePath]);
  return patch.map((operation) => ({ ...operation, path: prefix + operation.path }));
}
