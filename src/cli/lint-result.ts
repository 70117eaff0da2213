// A run of lint as plain data: what every form of its report is made from.
import type { Problem } from '../problem/problem.ts';
import type { LintedFile } from './lint-manifests.ts';
import type { LintedWorkload } from './lint-workload.ts';

export type FailOn = 'deny' | 'warn' | 'never';

export interface LintResult {
  /** In the order in which they were given. */
  readonly files: readonly LintedFile[];
  /** Files that could not be read at all. */
  readonly unread: readonly Problem[];
  /** Only where a server was asked. */
  readonly server?: ServerAccount;
}

/** What was asked of a server. */
export interface ServerAccount {
  readonly url: string;
  readonly asked: number;
  /** Workloads without the label: in the cluster nobody would ask about them either. */
  readonly notAsked: number;
  /** Where its verdict is another than ours, a line each. */
  readonly disagreements: readonly string[];
}

export interface LintCounts {
  readonly files: number;
  readonly workloads: number;
  readonly denied: number;
  readonly warned: number;
  readonly waived: number;
  /** Findings that --fix has put right. */
  readonly mended: number;
  /** Documents that could not be read. */
  readonly errors: number;
  /** By kind, the most frequent first. */
  readonly passed: readonly (readonly [string, number])[];
}

/** Counts of a whole run; `denied` and `warned` count findings. */
export function countResult({ files, unread }: LintResult): LintCounts {
  const workloads = files.flatMap((file) => file.workloads);
  const findings = workloads.flatMap(({ problems }) => problems);
  const passed = new Map<string, number>();
  for (const file of files)
    for (const [kind, count] of file.passed) passed.set(kind, (passed.get(kind) ?? 0) + count);
  return {
    files: files.length,
    workloads: workloads.length,
    denied: findings.filter(({ level }) => level === 'deny').length,
    warned: findings.filter(({ level }) => level === 'warn').length,
    waived: workloads.reduce((sum, { waived }) => sum + waived.length, 0),
    mended: files.reduce((sum, { mends }) => sum + mends.length, 0),
    errors: listErrors({ files, unread }).length,
    passed: [...passed].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  };
}

/** Every finding with the workload it is about, in the order of files and lines. */
export function listFindings({ files }: LintResult): { problem: Problem; workload: LintedWorkload }[] {
  return files.flatMap((file) =>
    file.workloads.flatMap((workload) => workload.problems.map((problem) => ({ problem, workload }))),
  );
}

/** What could not be read, and so was not judged. */
export function listErrors({ files, unread }: LintResult): readonly Problem[] {
  return [...unread, ...files.flatMap(({ problems }) => problems)];
}

/** True when a finding is as bad as the run may not be. */
export function isFailed({ denied, warned }: Pick<LintCounts, 'denied' | 'warned'>, failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return denied > 0 || (failOn === 'warn' && warned > 0);
}
