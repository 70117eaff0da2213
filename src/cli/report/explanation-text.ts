// Decisions and findings for people: what explain prints, and what add-sidecars shows beforehand.
import { SKIP_REASONS } from '../../inject/skip-reason.ts';
import type { Step } from '../../inject/report.ts';
import type { Problem } from '../../problem/problem.ts';
import type { Explanation } from '../explanation.ts';
import type { Paint } from './style.ts';
import { renderTable } from './table.ts';

/** A block for each workload. */
export function renderExplanations(explanations: readonly Explanation[], paint: Paint): string {
  return explanations.map((explanation) => renderExplanation(explanation, paint)).join('\n');
}

/** A table of decisions with their reasons, indented. */
export function renderSteps(steps: readonly Step[]): string {
  return renderTable(
    ['  DECISION', 'BECAUSE'],
    steps.map(({ what, why }) => [`  ${what}`, why]),
  );
}

/** Two lines for each finding, indented. */
export function renderFindings(findings: readonly Problem[], paint: Paint): string {
  return findings
    .map(
      ({ code, level, path, message, hint }) =>
        `  ${paint(level === 'deny' ? 'red' : 'yellow', `${code} ${level}`)} ${path}: ${message}\n        ${paint('cyan', 'mend:')} ${hint}\n`,
    )
    .join('');
}

function renderExplanation(explanation: Explanation, paint: Paint): string {
  const { file, kind, name, report, judged, verdict, live } = explanation;
  const colour = report.outcome === 'injected' ? 'green' : report.outcome === 'refused' ? 'red' : 'yellow';
  let text = `${paint('bold', `${kind}/${name}`)} ${paint('dim', `(${file})`)}: ${paint(colour, report.outcome)}`;
  if (report.outcome === 'skipped') {
    const { text: why, hint } = SKIP_REASONS[report.reason];
    text += `, ${report.reason}\n  ${why}; ${hint}\n`;
  } else if (report.outcome === 'injected' && verdict.some(({ level }) => level === 'deny')) {
    text += `, and then ${paint('red', 'refused')} by the rules\n`;
  } else text += '\n';
  for (const line of live?.facts ?? []) text += `  ${line}\n`;
  text += renderSteps(report.steps);
  text += renderTable(
    ['  CONTAINER', 'ROLE', 'WHOSE'],
    (live?.containers ?? []).map(({ name, role, whose }) => [`  ${name}`, role, whose]),
  );
  text += renderTable(
    ['  POD', 'STATE', 'BECAUSE'],
    (live?.pods ?? []).map(({ name, state, why }) => [`  ${name}`, state, why]),
  );
  text += renderFindings(verdict, paint);
  if (!judged) text += '  The rules did not look at it.\n';
  else if (verdict.length === 0 && report.outcome !== 'refused')
    text += '  The rules have nothing against it.\n';
  return text;
}
