// What troubleshoot-mounts says to a program.
import type { CheckResult } from '../../diagnose/finding.ts';
import { worstOf } from '../../diagnose/finding.ts';
import type { Summary } from '../../diagnose/summary.ts';

export interface DiagnosedSubject {
  readonly namespace: string;
  /** Of the pod; of a workload without pods `deployment/sonarr`. */
  readonly name: string;
  readonly workload: string | null;
  readonly node: string | null;
}

/** Pretty-printed, with a line break at the end. */
export function renderDiagnosisJson(
  subject: DiagnosedSubject,
  results: readonly CheckResult[],
  summary: Summary,
  next: string | null,
): string {
  const { issues, ...counts } = summary;
  const report = {
    version: 1,
    ...subject,
    status: worstOf(results.map(({ status }) => status)),
    checks: results,
    summary: counts,
    issues: issues.map(({ causes, ...issue }) => ({
      ...issue,
      causes: causes.map(({ code, cause }) => ({ code, cause })),
    })),
    next,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
