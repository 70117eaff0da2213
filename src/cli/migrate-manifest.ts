// One manifest text with its hand-written mounts replaced: every workload in it is decided about, and judged by the
// rules before and after.
import { rawLabelProblem, rawMountsLabel } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import { migrateTemplate } from '../migrate/migrate-template.ts';
import type { Migration } from '../migrate/migrate-template.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { editManifest } from '../workload/edit-manifest.ts';
import type { Workload } from '../workload/template.ts';
import { judgeFile } from './lint-manifests.ts';
import type { Subject } from './lint-manifests.ts';
import type { ManifestFile } from './manifest-files.ts';
import { locateProblem } from './manifest-injection.ts';

export interface MigrateOptions {
  readonly settings: Settings;
  readonly defaults: boolean;
}

/** What became of one workload. */
export interface MigratedWorkload {
  readonly file: string;
  readonly workload: Workload;
  readonly migration: Migration;
  /** On the document: what was done to the text. */
  readonly patch: readonly Operation[];
  /** Why it was refused or could not be written, each at its place in the file. */
  readonly problems: readonly Problem[];
  /** How many findings the rules had, and have. */
  readonly findings: { readonly before: number; readonly after: number };
  /** What the webhook would refuse the workload for, now that it looks at it. */
  readonly denials: readonly Problem[];
}

export interface MigratedFile {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  readonly workloads: readonly MigratedWorkload[];
  /** What kept the file from being read. */
  readonly problems: readonly Problem[];
  /** Documents that could not be edited in place, though the result is right. */
  readonly notes: readonly string[];
}

/** Migrates every workload of a file, each for itself: one that cannot be leaves its text as it is. */
export function migrateFile(file: ManifestFile, options: MigrateOptions): MigratedFile {
  const lint = { settings: options.settings, assumeLabel: false };
  const judged = judgeFile(file, lint);
  const notes: string[] = [];
  let text = file.text;
  const steps = judged.subjects.map((subject) => {
    const step = migrateSubject(subject, options);
    if (step.patch.length === 0) return step;
    const edited = editManifest(text, subject.document.index, step.patch, {
      file: file.file,
      removeCommentsAbove: true,
    });
    if (!edited.ok) return { ...step, patch: [], problems: edited.problems };
    text = edited.text;
    if (edited.rewritten)
      notes.push(
        `${file.file}: document ${subject.document.index + 1} was written anew: its comments are kept, its spacing may not be`,
      );
    return step;
  });
  const after = text === file.text ? judged : judgeFile({ file: file.file, text }, lint);
  const workloads = judged.subjects.map((subject, index): MigratedWorkload => {
    const found = (subjects: readonly Subject[]) => subjects[index]?.linted?.problems ?? [];
    const step = steps[index] ?? NO_STEP;
    return {
      file: file.file,
      workload: subject.workload,
      ...step,
      findings: { before: found(judged.subjects).length, after: found(after.subjects).length },
      denials: step.patch.length === 0 ? [] : found(after.subjects).filter(({ level }) => level === 'deny'),
    };
  });
  return { file: file.file, before: file.text, after: text, workloads, problems: judged.problems, notes };
}

type Step = Pick<MigratedWorkload, 'migration' | 'patch' | 'problems'>;

const NO_STEP: Step = {
  migration: { outcome: 'nothing', why: 'no pod that can be read', hasMounts: false },
  patch: [],
  problems: [],
};

function migrateSubject({ workload, document }: Subject, { settings, defaults }: MigrateOptions): Step {
  const refuse = (problems: readonly Problem[]): Step => ({
    migration: { outcome: 'refused', problems },
    patch: [],
    problems: problems.map((problem) => locateProblem(problem, workload, document)),
  });
  const malformed = rawLabelProblem(workload.podLike);
  if (malformed) return refuse([malformed]);
  const decoded = decodePod(workload.podLike);
  if (!decoded.ok) return isOurs(workload) ? refuse(decoded.problems) : NO_STEP;
  const claimTemplates = workload.claimTemplates.map(({ name }) => name);
  const migration = migrateTemplate({ pod: decoded.pod, settings, claimTemplates, defaults });
  if (migration.outcome === 'refused') return refuse(migration.problems);
  const prefix = renderPointer([...workload.path, ...workload.templatePath]);
  const patch =
    migration.outcome === 'migrated'
      ? migration.patch.map((operation) => ({ ...operation, path: prefix + operation.path }))
      : [];
  return { migration, patch, problems: [] };
}

/** What cannot be read as a pod and has no mounts either may have any shape. */
function isOurs({ podLike }: Workload): boolean {
  return rawMountsLabel(podLike) !== undefined || (JSON.stringify(podLike) ?? '').includes('rclone');
}
