// A problem for a person at a terminal: where, what, the lines in question, the mend.
import type { Problem } from '../../problem/problem.ts';
import type { Paint } from './style.ts';

const CONTEXT_LINES = 2;
const MAX_LINE = 110;

export interface ProblemTextOptions {
  /** `CODE deny` in place of `CODE`: a report of findings must tell them apart without colour too. */
  readonly withLevel?: boolean;
}

/**
 * `file:line:col CODE` with a code frame where the position is known. `source` is the text of that file, undefined
 * where there is none to show.
 */
export function renderProblemText(
  problem: Problem,
  source: string | undefined,
  paint: Paint,
  { withLevel = false }: ProblemTextOptions = {},
): string {
  const colour = problem.level === 'deny' ? 'red' : 'yellow';
  const { position } = problem;
  if (!position) {
    const where = problem.path === '' ? '' : `${problem.path} `;
    return `${paint(colour, 'Error:')} ${where}${problem.message}\n  ${paint('cyan', 'mend:')} ${problem.hint}\n`;
  }
  const where = `${position.file}:${position.line}:${position.column}`;
  const field = problem.path === '' ? '' : `${paint('dim', problem.path)}\n`;
  const frame = source === undefined ? '' : renderFrame(source, position.line, position.column, paint);
  return `${paint('bold', where)} ${paint(colour, withLevel ? `${problem.code} ${problem.level}` : problem.code)}\n${field}  ${problem.message}\n${frame}  ${paint('cyan', 'mend:')} ${problem.hint}\n`;
}

function renderFrame(source: string, line: number, column: number, paint: Paint): string {
  const lines = source.split(/\r?\n/);
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, line + CONTEXT_LINES);
  const width = String(last).length;
  let text = '';
  for (let number = first; number <= last; number += 1) {
    const content = clip(lines[number - 1] ?? '');
    const mark = number === line ? paint('red', '>') : ' ';
    text += `  ${mark} ${paint('dim', `${String(number).padStart(width)} |`)} ${content}`.trimEnd() + '\n';
    if (number === line && column <= MAX_LINE) {
      text += `    ${' '.repeat(width)} ${paint('dim', '|')} ${' '.repeat(column - 1)}${paint('red', '^')}\n`;
    }
  }
  return text;
}

function clip(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE - 1)}…`;
}
