// The rules over one workload of a manifest, each finding at its place in the file.
import { decide } from '../inject/decide.ts';
import { resolveIntent } from '../intent/intent.ts';
import { rawLabelProblem } from '../intent/labels.ts';
import { isOurSidecar, readMountSidecar } from '../intent/mount-sidecar.ts';
import { listContainers } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { valueAt } from '../pod/value-at.ts';
import { judgeTemplate } from '../policy/judge.ts';
import type { JudgeInput } from '../policy/judge.ts';
import { parseFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { Position, Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import type { ManifestDocument } from '../workload/documents.ts';
import type { Workload } from '../workload/template.ts';
import { isUnlabelled, locateProblem } from './manifest-injection.ts';
import { judgeInput, readTemplate } from './read-template.ts';

export interface LintOptions {
  readonly settings: Settings;
  readonly assumeLabel: boolean;
}

/** What a report needs to know of a workload; the object itself is not kept. */
export type WorkloadName = Pick<Workload, 'kind' | 'namespace' | 'name' | 'path'>;

/** A workload that the rules looked at. */
export interface LintedWorkload {
  readonly workload: WorkloadName;
  /** Where its object begins. */
  readonly position: Position;
  /** Located in the file, in the order of its lines. */
  readonly problems: readonly Problem[];
  readonly waived: readonly Problem[];
  /** What the injection puts right beside hand-written sidecars: `mounts /mnt/media in sonarr`. */
  readonly repairs: readonly string[];
}

/** `Deployment media/sonarr`, with the path where the object is one of a List. */
export function describeWorkload({ kind, namespace, name, path }: WorkloadName): string {
  const where = path.length === 0 ? '' : ` (${renderFieldPath(path)})`;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}${where}`;
}

/** Judges one workload; null where the rules have nothing to look at. */
export function lintWorkload(
  workload: Workload,
  document: ManifestDocument,
  options: LintOptions,
): LintedWorkload | null {
  const { kind, namespace, name, path, object, templatePath } = workload;
  const located = (list: readonly Problem[]) =>
    list.map((problem) => locateProblem(problem, workload, document)).toSorted(byPosition);
  const plain = {
    workload: { kind, namespace, name, path },
    position: document.positionOf(path),
    waived: [],
    repairs: [],
  };
  const isPod = templatePath.length === 0;
  const ownLabel = isPod ? null : rawLabelProblem(object);
  const own = ownLabel === null ? [] : [onObject(ownLabel, workload, document)];
  const withOwn = (linted: LintedWorkload | null): LintedWorkload | null =>
    own.length === 0
      ? linted
      : { ...(linted ?? plain), problems: [...own, ...(linted?.problems ?? [])].toSorted(byPosition) };

  const read = readTemplate(workload);
  if (!read.ok) {
    // Without the label any shape is its author's own affair, and a patch has its shape from what it is laid over.
    const isOther = isUnlabelled(workload, options) || (read.wrong === 'shape' && isPatch(workload));
    return withOwn(isOther ? null : { ...plain, problems: located(read.problems) });
  }
  // The judgement changes the pod, and --fix and --server want the workload as it was read.
  const input = { ...judgeInput(workload, read.pod, options), use: 'lint' as const };
  const repairs = repairsOf(input);
  const verdict = judgeTemplate(input);
  if (!verdict.judged) return withOwn(null);
  return withOwn({
    ...plain,
    problems: located(verdict.problems),
    waived: located(verdict.waived),
    repairs,
  });
}

/** True for what names no containers: a patch of Kustomize, for instance one that sets the label. */
export function isPatch({ podLike }: Workload): boolean {
  return valueAt(podLike, ['spec', 'containers']) === undefined;
}

/** A problem of the object itself, not of its template. */
function onObject(problem: Problem, workload: Workload, document: ManifestDocument): Problem {
  const position = document.positionOf([...workload.path, ...parseFieldPath(problem.path)]);
  return { ...problem, position };
}

/** What the injection puts right in the app of a pod that somebody has written sidecars for. */
function repairsOf(input: JudgeInput): readonly string[] {
  const { intent } = resolveIntent(input.pod, input.settings);
  const isByHand = ({ container }: ContainerRef) =>
    readMountSidecar(container, intent) !== null && !isOurSidecar(container);
  if (!listContainers(input.pod).some(isByHand)) return [];
  const { volumeMounts = {}, mountPropagation = {} } = decide(input).added;
  const each = (map: Readonly<Record<string, readonly string[]>>, what: string) =>
    Object.entries(map).flatMap(([container, paths]) =>
      paths.map((path) => `${what} ${path} in ${container}`),
    );
  return [
    ...each(volumeMounts, 'mounts'),
    ...each(mountPropagation, 'sets mountPropagation: HostToContainer at'),
  ];
}

/** The order of the lines of a file. */
export function byPosition(a: Problem, b: Problem): number {
  const [one, other] = [a.position, b.position];
  if (one === undefined || other === undefined) return 0;
  return one.line - other.line || one.column - other.column;
}
