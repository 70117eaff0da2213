// What troubleshoot-mounts says to people, in the manner of `linkerd check`: grouped, a line per check, and under one
// that failed what was found, its cause and the mend; at the end the symptoms with their likely causes.
import type { CheckResult, CheckStatus, Finding } from '../../diagnose/finding.ts';
import type { Issue, Summary } from '../../diagnose/summary.ts';
import type { Colour, Paint } from './style.ts';

export interface DiagnosisTextOptions {
  readonly paint: Paint;
  /** Signs beyond ASCII. */
  readonly unicode: boolean;
}

const SIGNS: Readonly<Record<CheckStatus, string>> = { ok: '√', warn: '‼', fail: '×', unknown: '?' };
const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: '[ok]  ',
  warn: '[warn]',
  fail: '[fail]',
  unknown: '[?]   ',
};
const COLOURS: Readonly<Record<CheckStatus, Colour>> = {
  ok: 'green',
  warn: 'yellow',
  fail: 'red',
  unknown: 'cyan',
};

/** The checks under their headings. */
export function renderChecks(results: readonly CheckResult[], options: DiagnosisTextOptions): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups
    .map((group) => {
      const lines = results
        .filter((result) => result.group === group)
        .map((result) => renderCheck(result, options));
      return `${options.paint('bold', group)}\n${'-'.repeat(group.length)}\n${lines.join('')}`;
    })
    .join('\n');
}

function renderCheck(
  { status, title, looked, findings }: CheckResult,
  { paint, unicode }: DiagnosisTextOptions,
): string {
  const sign = paint(COLOURS[status], (unicode ? SIGNS : WORDS)[status]);
  const detail = looked === '' ? '' : paint('dim', ` (${looked})`);
  return `${sign} ${title}${detail}\n${findings.map((finding) => renderFinding(finding, paint)).join('')}`;
}

const INDENT = '    ';
const LABEL_WIDTH = 'found: '.length;

function renderFinding({ found, cause, mend, yaml, level }: Finding, paint: Paint): string {
  const parts: [string, readonly string[]][] = [
    ['found:', [found]],
    ['cause:', cause === '' ? [] : [cause]],
    [
      'mend:',
      [
        ...mend,
        ...(yaml === null
          ? []
          : yaml
              .trimEnd()
              .split('\n')
              .map((line) => `  ${line}`)),
      ],
    ],
  ];
  return parts
    .filter(([, lines]) => lines.length > 0)
    .map(([label, lines]) => {
      const colour = label === 'mend:' ? 'cyan' : label === 'found:' ? COLOURS[level] : 'dim';
      const [first = '', ...others] = lines;
      const head = `${INDENT}${paint(colour, label.padEnd(LABEL_WIDTH))}${first}\n`;
      return head + others.map((line) => `${INDENT}${' '.repeat(LABEL_WIDTH)}${line}\n`).join('');
    })
    .join('');
}

/** The last block. */
export function renderSummary(
  summary: Summary,
  next: string | null,
  { paint }: DiagnosisTextOptions,
): string {
  const { failed, warned, notMade, fine, issues } = summary;
  const counts = [
    `${fine} fine`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warned > 0 ? [`${warned} with a warning`] : []),
    ...(notMade > 0 ? [`${notMade} could not be made`] : []),
  ];
  const colour: Colour = failed > 0 ? 'red' : warned > 0 ? 'yellow' : 'green';
  const head = `${paint(colour, `${failed + warned + notMade + fine} checks: ${counts.join(', ')}.`)}\n`;
  const blocks = issues.map((issue) => renderIssue(issue, paint));
  const end = next === null ? '' : `\n${paint('cyan', 'next:')} ${next}\n`;
  return `${head}${blocks.join('')}${end}`;
}

function renderIssue({ issue, words, level, causes }: Issue, paint: Paint): string {
  const name = issue === null ? `"${words}"` : `"${words}" (known issue ${issue})`;
  const head = `\n${paint(level === 'fail' ? 'red' : 'yellow', name)}\n`;
  return (
    head +
    causes
      .map(({ found, cause }, index) => {
        const label = causes.length === 1 ? 'likely cause' : index === 0 ? 'likeliest cause' : 'also';
        return `  ${label}: ${cause}\n    ${paint('dim', found)}\n`;
      })
      .join('')
  );
}
