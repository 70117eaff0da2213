// The flags of lint that must fit together, and what they come to.
import type { Problem } from '../problem/problem.ts';
import { unknownRules } from './known-rules.ts';
import type { FailOn } from './lint-result.ts';
import type { LintForm } from './report/lint-report.ts';

export interface LintFlags {
  readonly filename?: readonly string[];
  readonly kustomize?: string;
  readonly settings?: string;
  readonly assumeLabel?: boolean;
  readonly output: LintForm;
  readonly format?: LintForm;
  readonly json?: boolean;
  readonly failOn: FailOn;
  readonly rule?: readonly string[];
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly server?: string;
  readonly ca?: string;
}

/** The form of the report. */
export function chosenForm(flags: LintFlags): LintForm {
  return flags.json ? 'json' : (flags.format ?? flags.output);
}

/** What cannot be done together, or not at all; `paths` are all that were given. */
export function flagProblems(flags: LintFlags, paths: readonly string[]): Problem[] {
  const problems = unknownRules(flags.rule ?? []);
  const refuse = (path: string, message: string, hint: string) =>
    problems.push({ code: 'usage', level: 'deny', path, message, hint });
  if (paths.length === 0 && flags.kustomize === undefined)
    refuse('', 'no manifest was given', 'Name files or folders, - for stdin, or -k FOLDER.');
  if (flags.dryRun && !flags.fix)
    refuse('--dry-run', 'only --fix changes files', 'Write --fix --dry-run, or leave it out.');
  if (flags.dryRun && chosenForm(flags) !== 'text')
    refuse('--dry-run', 'prints a diff, not a report', 'Leave -o out, or leave --dry-run out.');
  if (flags.fix && (paths.includes('-') || flags.kustomize !== undefined)) {
    const what = flags.kustomize === undefined ? 'stdin' : 'what kustomize makes';
    refuse('--fix', `${what} is no file that could be mended`, 'Name the files or folders themselves.');
  }
  if (flags.ca !== undefined && flags.server === undefined)
    refuse('--ca', 'belongs to --server', 'Name the server too: --server https://HOST:PORT.');
  return problems;
}
