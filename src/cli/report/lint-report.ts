// The forms of lint's report.
import type { FailOn, LintCounts, LintResult } from '../lint-result.ts';
import { renderLintGithub } from './lint-github.ts';
import { renderLintJson } from './lint-json.ts';
import { renderLintJunit } from './lint-junit.ts';
import { renderLintSarif } from './lint-sarif.ts';
import { renderLintText } from './lint-text.ts';
import { paintFor } from './style.ts';

export type LintForm = 'text' | 'json' | 'sarif' | 'github' | 'junit';

/** The whole report; its colours are those of the stream. */
export function renderLint(
  form: LintForm,
  result: LintResult,
  counts: LintCounts,
  failOn: FailOn,
  stream: NodeJS.WritableStream,
): string {
  switch (form) {
    case 'text':
      return renderLintText(result, counts, paintFor(stream));
    case 'json':
      return renderLintJson(result, counts);
    case 'sarif':
      return renderLintSarif(result);
    case 'github':
      return renderLintGithub(result);
    case 'junit':
      return renderLintJunit(result, failOn);
  }
}
