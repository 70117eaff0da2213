// The rules over every workload of a manifest text.
import { isJsonObject } from '../pod/json.ts';
import type { Problem } from '../problem/problem.ts';
import { readManifests } from '../workload/documents.ts';
import type { ManifestDocument } from '../workload/documents.ts';
import { findWorkloads } from '../workload/template.ts';
import type { Workload } from '../workload/template.ts';
import { isPatch, lintWorkload } from './lint-workload.ts';
import type { LintedWorkload, LintOptions, WorkloadName } from './lint-workload.ts';
import type { ManifestFile } from './manifest-files.ts';

/** A file while it is at hand, with all that was read from it. */
export interface JudgedFile extends ManifestFile {
  readonly subjects: readonly Subject[];
  /** What holds no pod, counted by kind; `Helm template` for what is no YAML yet. */
  readonly passed: ReadonlyMap<string, number>;
  /** What kept documents of the file from being read. */
  readonly problems: readonly Problem[];
}

/** A workload and the verdict on it, null where the rules have nothing to look at. */
export interface Subject {
  readonly workload: Workload;
  readonly document: ManifestDocument;
  readonly linted: LintedWorkload | null;
}

/** What stays of a file for the report. */
export interface LintedFile {
  readonly file: string;
  /** Only where a code frame needs it. */
  readonly text: string | undefined;
  readonly workloads: readonly LintedWorkload[];
  readonly passed: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
  /** What --fix has put right. */
  readonly mends: readonly Mend[];
}

/** A finding that is gone. */
export interface Mend {
  readonly workload: WorkloadName;
  readonly problem: Problem;
}

/** Judges workloads with the label, and those with a mount sidecar; with `assumeLabel` all of them. */
export function judgeFile({ file, text }: ManifestFile, options: LintOptions): JudgedFile {
  const read = readManifests(text, file);
  const passed = new Map<string, number>();
  for (const { code } of read.problems) if (code === 'helm-template') count(passed, 'Helm template');
  const subjects: Subject[] = [];
  for (const document of read.documents) {
    const found = findWorkloads(document.value);
    if (found.length === 0) count(passed, kindOf(document.value));
    for (const workload of found)
      subjects.push({ workload, document, linted: lintWorkload(workload, document, options) });
  }
  const problems = read.problems.filter(({ code }) => code !== 'helm-template');
  return { file, text, subjects, passed, problems };
}

/** The part of a judged file that a report needs; `rules` are those asked for, undefined for all. */
export function keepForReport(
  judged: JudgedFile,
  rules: readonly string[] | undefined,
  mends: readonly Mend[] = [],
): LintedFile {
  const { file, text, subjects, problems } = judged;
  const passed = new Map(judged.passed);
  const workloads: LintedWorkload[] = [];
  for (const { workload, linted } of subjects) {
    if (linted === null)
      count(passed, `${workload.kind} without ${isPatch(workload) ? 'containers' : 'mounts'}`);
    else workloads.push(onlyRules(linted, rules));
  }
  const isShown = problems.length > 0 || workloads.some((linted) => linted.problems.length > 0);
  // A copy: names and paths that were read are slices, each of which would keep the whole text of its file in memory.
  return {
    ...structuredClone({ file, workloads, passed, problems, mends }),
    text: isShown ? text : undefined,
  };
}

function onlyRules(linted: LintedWorkload, rules: readonly string[] | undefined): LintedWorkload {
  if (rules === undefined) return linted;
  const isWanted = ({ code }: Problem) => rules.includes(code);
  return { ...linted, problems: linted.problems.filter(isWanted), waived: linted.waived.filter(isWanted) };
}

function kindOf(value: unknown): string {
  return isJsonObject(value) && typeof value['kind'] === 'string' ? value['kind'] : 'no Kubernetes object';
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
