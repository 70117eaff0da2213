// Mends what needs no guess in a manifest text. Every mend is judged: the finding must be gone and no other have come.
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import { MENDERS } from '../policy/menders.ts';
import type { Mender } from '../policy/mender.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import { editManifest } from '../workload/edit-manifest.ts';
import { judgeFile } from './lint-manifests.ts';
import type { JudgedFile, Mend, Subject } from './lint-manifests.ts';
import type { LintOptions } from './lint-workload.ts';
import type { ManifestFile } from './manifest-files.ts';

export interface MendedText {
  readonly text: string;
  readonly mends: readonly Mend[];
  /** Why something that has a mender stays as it is: an anchor that is used twice, for instance. */
  readonly left: readonly Problem[];
}

/** The text with all mends of the wanted rules (undefined for all). Comments and order are kept. */
export function mendManifests(
  file: ManifestFile,
  options: LintOptions,
  rules: readonly string[] | undefined,
): MendedText {
  const mends: Mend[] = [];
  const left: Problem[] = [];
  const given = new Set<string>();
  let judged = judgeFile(file, options);
  // One mend for each workload and round, so that the next one is made from what the last one left.
  for (;;) {
    const round: Step[] = [];
    let text = judged.text;
    for (const [index, subject] of judged.subjects.entries()) {
      const step = nextStep(index, subject, rules, given);
      if (step === null) continue;
      const edited = editManifest(text, subject.document.index, step.operations, { file: file.file });
      if (edited.ok) {
        text = edited.text;
        round.push(step);
      } else {
        given.add(step.key);
        left.push(...edited.problems);
      }
    }
    if (round.length === 0) return { text: judged.text, mends, left };
    const after = judgeFile({ file: file.file, text }, options);
    const wrong = round.filter((step) => !isBetter(step, judged, after));
    for (const { key } of wrong) given.add(key);
    // The others are made again without the wrong ones.
    if (wrong.length > 0) continue;
    judged = after;
    mends.push(...round.map(({ workload, problem }) => ({ workload, problem })));
  }
}

interface Step extends Mend {
  readonly index: number;
  readonly mender: Mender;
  /** On the document. */
  readonly operations: readonly Operation[];
  readonly key: string;
}

function nextStep(
  index: number,
  { workload, linted }: Subject,
  rules: readonly string[] | undefined,
  given: ReadonlySet<string>,
): Step | null {
  for (const problem of linted?.problems ?? []) {
    const mender = MENDERS.get(problem.code);
    const key = `${index} ${problem.code} ${problem.path}`;
    if (!mender || given.has(key) || (rules !== undefined && !rules.includes(problem.code))) continue;
    const { object, templatePath } = workload;
    const operations = mender.mend({ object, templatePath, path: parseFieldPath(problem.path) });
    if (operations === null) continue;
    const prefix = renderPointer(workload.path);
    const onDocument = operations.map((operation) => ({ ...operation, path: prefix + operation.path }));
    return { index, workload, problem, mender, operations: onDocument, key };
  }
  return null;
}

function isBetter({ index, problem, mender }: Step, before: JudgedFile, after: JudgedFile): boolean {
  const [old, now] = [countCodes(before.subjects[index]), countCodes(after.subjects[index])];
  if ((now.get(problem.code) ?? 0) >= (old.get(problem.code) ?? 0)) return false;
  return mender.reveals === true || [...now].every(([code, count]) => count <= (old.get(code) ?? 0));
}

function countCodes(subject: Subject | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of subject?.linted?.problems ?? []) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}
