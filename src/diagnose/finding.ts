// What a check says: a line, and under it what was found, its cause and how to mend it.
import type { Symptom } from './symptoms.ts';
import type { Known } from './known.ts';

export type CheckStatus = 'ok' | 'warn' | 'fail' | 'unknown';

export interface Finding {
  /** Stable, for programs: `propagation_missing`. */
  readonly code: string;
  readonly level: Exclude<CheckStatus, 'ok'>;
  readonly found: string;
  readonly cause: string;
  /** Commands and sentences, one a line. */
  readonly mend: readonly string[];
  /** What to write into the manifest; null where a command is enough. */
  readonly yaml: string | null;
  /** What the user sees of it. */
  readonly symptom: Symptom | null;
  /** An effect (`CrashLoopBackOff`) is explained by any cause of the same symptom. */
  readonly role: 'cause' | 'effect';
}

/** What a check looked at, in the words of its line, and what is wrong with it. */
export interface CheckReport {
  readonly looked: string;
  readonly findings: readonly Finding[];
}

export interface CheckResult extends CheckReport {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly status: CheckStatus;
}

type Draft = Pick<Finding, 'code' | 'found' | 'cause' | 'mend'> &
  Partial<Pick<Finding, 'yaml' | 'symptom' | 'role'>>;

/** A finding that makes the check fail. */
export function fail(draft: Draft): Finding {
  return { yaml: null, symptom: null, role: 'cause', ...draft, level: 'fail' };
}

/** A finding that is unwise, or may be right. */
export function warn(draft: Draft): Finding {
  return { yaml: null, symptom: null, role: 'cause', ...draft, level: 'warn' };
}

/** The report of a check that may not be made, or could not be. */
export function notMade(fact: Exclude<Known<unknown>, { state: 'known' }>, what: string): CheckReport {
  const base = { level: 'unknown', yaml: null, symptom: null, role: 'cause' } as const;
  if (fact.state === 'not_allowed') {
    const can = `kubectl auth can-i ${fact.right}`;
    const finding: Finding = {
      ...base,
      code: 'not_allowed',
      found: `${what} cannot be read: ${can} says no`,
      cause: 'the account of this kubeconfig lacks that right',
      mend: [`ask for it, or let somebody who has it run this command: ${can}`],
    };
    return { looked: 'not allowed', findings: [finding] };
  }
  const why = fact.state === 'absent' ? `${what}: there is none` : fact.why;
  return {
    looked: 'not made',
    findings: [{ ...base, code: 'not_made', found: why, cause: '', mend: [] }],
  };
}

const RANK: Readonly<Record<CheckStatus, number>> = { ok: 0, unknown: 1, warn: 2, fail: 3 };

/** The worst of several; `ok` for none. */
export function worstOf(statuses: readonly CheckStatus[]): CheckStatus {
  return statuses.reduce((worst, status) => (RANK[status] > RANK[worst] ? status : worst), 'ok');
}
