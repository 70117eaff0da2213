// What lint tells a person.
import { listFindings } from '../lint-result.ts';
import type { LintCounts, LintResult, ServerAccount } from '../lint-result.ts';
import { describeWorkload } from '../lint-workload.ts';
import { renderProblemText } from './problem-text.ts';
import type { Paint } from './style.ts';

/** A code frame for each finding, then what the injection puts right, then one line of counts. */
export function renderLintText(result: LintResult, counts: LintCounts, paint: Paint): string {
  const sources = new Map(result.files.map(({ file, text }) => [file, text]));
  const findings = listFindings(result).map(({ problem }) =>
    renderProblemText(problem, sources.get(problem.position?.file ?? ''), paint, { withLevel: true }),
  );
  const repairs = result.files
    .flatMap(({ workloads }) => workloads)
    .filter(({ repairs }) => repairs.length > 0)
    .map(({ workload, position, repairs }) => {
      const where = paint('bold', `${position.file}:${position.line}`);
      const what = paint('green', 'repaired by injection:');
      return `${where} ${describeWorkload(workload)}\n  ${what} ${repairs.join('; ')}\n`;
    });
  const mends = result.files
    .flatMap(({ mends }) => mends)
    .map(({ workload, problem }) => {
      const where = paint('bold', problem.position?.file ?? '');
      const what = `${paint('green', 'mended:')} ${problem.code} ${problem.path}`;
      return `${where} ${describeWorkload(workload)}\n  ${what}\n`;
    });
  return [...findings, ...repairs, ...mends, renderSummary(counts, paint) + renderServer(result.server)].join(
    '\n',
  );
}

function renderServer(server: ServerAccount | undefined): string {
  if (server === undefined) return '';
  const { url, asked, notAsked } = server;
  const others = notAsked === 0 ? '' : `, ${notAsked} not asked about (no label)`;
  return `Asked ${url} about ${number(asked, 'workload')}${others}\n`;
}

function renderSummary(counts: LintCounts, paint: Paint): string {
  const { files, workloads, denied, warned, waived, mended, errors, passed } = counts;
  const parts = [
    paint(denied > 0 ? 'red' : 'green', `${denied} denied`),
    paint(warned > 0 ? 'yellow' : 'green', `${warned} warned`),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(mended > 0 ? [paint('green', `${mended} mended`)] : []),
    ...(errors > 0 ? [paint('red', `${errors} could not be read`)] : []),
  ];
  const judged = `${number(workloads, 'workload')} in ${number(files, 'file')}: ${parts.join(', ')}\n`;
  if (passed.length === 0) return judged;
  const listed = passed.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `${judged}${paint('dim', `Passed over: ${listed}`)}\n`;
}

function number(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
