// A Problem is the one form in which anything a user can cause is reported: a denied pod, a bad annotation,
// a bad settings file. Code frames, denials, warnings, JSON and documentation rows are all made from it.

export type ProblemLevel = 'deny' | 'warn';

export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

export interface Problem {
  /** Stable and never reused: a rule ID (`MS101`) or a word in kebab-case (`settings-unknown-key`). */
  readonly code: string;
  readonly level: ProblemLevel;
  /** Field path as the API server writes it: `spec.containers[0].volumeMounts[1]`, `metadata.annotations[a/b]`. */
  readonly path: string;
  /** What is wrong, with the value that was found. */
  readonly message: string;
  /** What to do, where possible as YAML or a command. */
  readonly hint: string;
  readonly position?: Position;
}

/** One line: `MS101 spec.nodeSelector: message. Mend: hint`. The position, where known, comes first. */
export function renderProblemLine(problem: Problem): string {
  const where = problem.position
    ? `${problem.position.file}:${problem.position.line}:${problem.position.column}: `
    : '';
  const field = problem.path === '' ? '' : ` ${problem.path}:`;
  return `${where}${problem.code}${field} ${problem.message}. ${problem.hint}`;
}

/** Sorts by path, then code, so that the same pod always gives the same text. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => compare(a.path, b.path) || compare(a.code, b.code));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
