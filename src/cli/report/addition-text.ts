// What add-sidecars shows before it asks: the change of the template, what comes of it, and what the rules say.
import { stringify } from 'yaml';
import type { Report } from '../../inject/report.ts';
import type { Problem } from '../../problem/problem.ts';
import { renderDiff } from './diff-text.ts';
import { renderFindings, renderSteps } from './explanation-text.ts';
import type { Paint } from './style.ts';

/** A unified diff of two pod templates as YAML, below the fields that they stand in. */
export function renderTemplateDiff(name: string, before: unknown, after: unknown, paint: Paint): string {
  return renderDiff(name, renderTemplate(before), renderTemplate(after), paint);
}

/** The decisions about the new pods, then the findings. */
export function renderAddition(
  { report, findings }: { readonly report: Report | null; readonly findings: readonly Problem[] },
  isInline: boolean,
  paint: Paint,
): string {
  let text = '';
  if (report !== null && report.outcome === 'injected') {
    const who = isInline ? 'What is written into the template:' : 'What the webhook gives to each new pod:';
    text += `\n${who}\n${renderSteps(report.steps)}`;
  } else if (report !== null && report.outcome === 'skipped')
    text +=
      '\nThe sidecars are all there, and the webhook adds none; "media-stack migrate" hands them over to it.\n';
  if (findings.length > 0) text += `\nWhat the rules say:\n${renderFindings(findings, paint)}`;
  return `${text}\n`;
}

function renderTemplate(template: unknown): string {
  const shown = JSON.parse(JSON.stringify({ spec: { template } }), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(SCRIPT_MARK) ? shortenScript(value) : value,
  ) as unknown;
  return stringify(shown, { compat: 'yaml-1.1', lineWidth: 0 });
}

/** How the scripts of the sidecars begin: the same bytes in every pod, a few hundred lines that nobody wants to read. */
const SCRIPT_MARK = '# media-stack ';

function shortenScript(script: string): string {
  const [first = '', ...rest] = script.trimEnd().split('\n');
  return `${first}\n# (${rest.length} more lines)\n`;
}
