// Workflow commands of GitHub Actions: each finding becomes an annotation in the diff of the pull request
// (docs.github.com, Workflow commands, "Setting an error message").
import type { Problem } from '../../problem/problem.ts';
import { listErrors, listFindings } from '../lint-result.ts';
import type { LintResult } from '../lint-result.ts';

/** One line for each finding and each file that could not be read. */
export function renderLintGithub(result: LintResult): string {
  const problems = [...listErrors(result), ...listFindings(result).map(({ problem }) => problem)];
  return problems.map(renderCommand).join('');
}

function renderCommand({ code, level, path, message, hint, position }: Problem): string {
  const place = position
    ? `file=${property(position.file)},line=${position.line},col=${position.column},`
    : '';
  const field = path === '' ? '' : `${path}: `;
  const text = `${field}${message}. ${hint}`;
  return `::${level === 'deny' ? 'error' : 'warning'} ${place}title=${property(code)}::${data(text)}\n`;
}

/** As @actions/core escapes them (packages/core/src/command.ts). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
