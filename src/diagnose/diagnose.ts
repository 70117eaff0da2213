// Runs the checks over the facts.
import { CHECKS, GROUP_TITLES } from './checks.ts';
import type { Facts } from './facts.ts';
import { worstOf } from './finding.ts';
import type { CheckResult } from './finding.ts';

/** The results of the checks that have something to look at, in the order of checks.ts; `only` names some by id. */
export function diagnose(facts: Facts, only: readonly string[] | null = null): CheckResult[] {
  return CHECKS.filter(({ id }) => only === null || only.includes(id)).flatMap((check) => {
    const report = check.run(facts);
    if (report === null) return [];
    const status = worstOf(report.findings.map(({ level }) => level));
    return [{ id: check.id, group: GROUP_TITLES[check.group], title: check.title, status, ...report }];
  });
}
