// What lint tells a program: schemas/lint.schema.json describes it.
import type { Position, Problem } from '../../problem/problem.ts';
import { listErrors } from '../lint-result.ts';
import type { LintCounts, LintResult } from '../lint-result.ts';
import type { Mend } from '../lint-manifests.ts';
import type { LintedWorkload } from '../lint-workload.ts';

/** Pretty-printed, with a line break at the end. */
export function renderLintJson(result: LintResult, counts: LintCounts): string {
  const { passed, ...summary } = counts;
  const report = {
    version: 1,
    summary: { ...summary, passed: Object.fromEntries(passed) },
    workloads: result.files.flatMap(({ workloads }) => workloads).map(workloadOf),
    mended: result.files.flatMap(({ mends }) => mends).map(mendOf),
    errors: listErrors(result).map(problemOf),
    ...(result.server ? { server: result.server } : {}),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function workloadOf({ workload, position, problems, waived, repairs }: LintedWorkload): object {
  const { kind, namespace, name } = workload;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    position,
    findings: problems.map(problemOf),
    waived: waived.map(problemOf),
    repairs,
  };
}

function mendOf({ workload: { kind, namespace, name }, problem }: Mend): object {
  // Its position was that of the text before.
  const { position, ...mended } = problemOf(problem);
  return { ...mended, file: position?.file, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function problemOf({ code, level, path, message, hint, position }: Problem): {
  readonly rule: string;
  readonly level: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  readonly position?: Position;
} {
  return { rule: code, level, path, message, hint, ...(position ? { position } : {}) };
}
