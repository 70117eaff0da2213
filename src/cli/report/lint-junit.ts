// JUnit XML as GitLab, Jenkins and Azure read it (github.com/testmoapp/junitxml): a suite for each file, a test case for
// each workload, a failure for what was denied.
import { describeWorkload } from '../lint-workload.ts';
import type { LintedFile } from '../lint-manifests.ts';
import type { LintedWorkload } from '../lint-workload.ts';
import { renderProblemLine } from '../../problem/problem.ts';
import type { Problem } from '../../problem/problem.ts';
import { isFailed } from '../lint-result.ts';
import type { FailOn, LintResult } from '../lint-result.ts';

/** Findings below `failOn` go to system-out, so that the colour of the report is that of the exit code. */
export function renderLintJunit(result: LintResult, failOn: FailOn): string {
  const files = result.files.map((file) => renderFile(file, failOn));
  const suites = [
    ...result.unread.map((problem) => renderSuite(problem.path, [renderError(problem)], 0, 1)),
    ...files,
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="media-stack lint">\n${suites.join('')}</testsuites>\n`;
}

function renderFile({ file, workloads, problems }: LintedFile, failOn: FailOn): string {
  const failed = workloads.filter((workload) => failsIn(workload.problems, failOn));
  const cases = [...problems.map(renderError), ...workloads.map((workload) => renderCase(workload, failOn))];
  return renderSuite(file, cases, failed.length, problems.length);
}

function renderSuite(name: string, cases: readonly string[], failures: number, errors: number): string {
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return `  <testsuite name="${escape(name)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
}

function renderCase(workload: LintedWorkload, failOn: FailOn): string {
  const { file, line } = workload.position;
  const attributes = `name="${escape(describeWorkload(workload.workload))}" classname="${escape(file)}" file="${escape(file)}" line="${line}"`;
  if (workload.problems.length === 0) return `    <testcase ${attributes}/>\n`;
  const text = escape(workload.problems.map(renderProblemLine).join('\n'));
  const codes = [...new Set(workload.problems.map(({ code }) => code))].join(', ');
  const body = failsIn(workload.problems, failOn)
    ? `<failure message="${escape(codes)}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `    <testcase ${attributes}>\n      ${body}\n    </testcase>\n`;
}

function renderError(problem: Problem): string {
  const text = escape(renderProblemLine(problem));
  return `    <testcase name="can be read">\n      <error message="${escape(problem.code)}">${text}</error>\n    </testcase>\n`;
}

function failsIn(problems: readonly Problem[], failOn: FailOn): boolean {
  const count = (level: string) => problems.filter((problem) => problem.level === level).length;
  return isFailed({ denied: count('deny'), warned: count('warn') }, failOn);
}

/** XML 1.0 has no way to write most control characters, and none for half a surrogate pair. */
function escape(text: string): string {
  return (
    text
      .toWellFormed()
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll('\n', '&#10;')
      .replaceAll('\r', '&#13;')
      .replaceAll('\t', '&#9;')
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}
