// SARIF 2.1.0 (OASIS), with what GitHub code scanning asks for: rule metadata, help, a physical location and a
// fingerprint for each result (docs.github.com, SARIF support for code scanning).
import { createHash } from 'node:crypto';
import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RULES } from '../../policy/catalogue.ts';
import type { Rule } from '../../policy/rule.ts';
import type { Problem } from '../../problem/problem.ts';
import { RULE_PAGES, VERSION } from '../../version.ts';
import { describeWorkload } from '../lint-workload.ts';
import type { LintedWorkload } from '../lint-workload.ts';
import { listErrors, listFindings } from '../lint-result.ts';
import type { LintResult } from '../lint-result.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** One run, without what is waived: GitHub does not read `suppressions`, it would open an alert (codeql-action #1230). */
export function renderLintSarif(result: LintResult): string {
  const results = listFindings(result).map(renderResult);
  const errors = listErrors(result);
  const run = {
    tool: {
      driver: {
        name: 'media-stack',
        version: VERSION,
        informationUri: RULE_PAGES,
        rules: RULES.map(renderRule),
      },
    },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: errors.length === 0,
        toolExecutionNotifications: errors.map((problem) => ({
          level: 'error',
          message: { text: `${problem.message}. ${problem.hint}` },
          ...locationsOf(problem),
        })),
      },
    ],
    results,
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function renderRule({ id, title, level, why }: Rule): object {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: why, markdown: `${why}\n\n[${id}](${RULE_PAGES}/${id}.md)` },
    helpUri: `${RULE_PAGES}/${id}.md`,
    defaultConfiguration: { level: levelOf(level) },
  };
}

interface Located {
  readonly problem: Problem;
  readonly workload: LintedWorkload;
}

function renderResult({ problem, workload }: Located): object {
  const { code, level, path, message, hint } = problem;
  const what = describeWorkload(workload.workload);
  return {
    ruleId: code,
    // A code that is no rule (pod-shape) has no place in the list.
    ...(ruleIndex(code) === -1 ? {} : { ruleIndex: ruleIndex(code) }),
    level: levelOf(level),
    message: { text: `${path}: ${message}. ${hint}` },
    ...locationsOf(problem, `${what} ${path}`),
    // Lines move with every edit; what a finding is about does not. No primaryLocationLineHash: GitHub's upload action
    // computes that one from the line and warns of any other value.
    partialFingerprints: { 'mediaStack/v1': digest([problem.position?.file ?? '', what, path, code]) },
  };
}

function locationsOf({ position }: Problem, logical?: string): object {
  if (position === undefined) return {};
  return {
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactOf(position.file),
          region: { startLine: position.line, startColumn: position.column },
        },
        ...(logical === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: logical }] }),
      },
    ],
  };
}

/** Relative to the working folder, which in CI is the root of the repository. */
function artifactOf(file: string): object {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  if (path.startsWith('..')) return { uri: pathToFileURL(file).href };
  const uri = path.split(sep).map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

function levelOf(level: Problem['level']): 'error' | 'warning' {
  return level === 'deny' ? 'error' : 'warning';
}

function ruleIndex(code: string): number {
  return RULES.findIndex(({ id }) => id === code);
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
