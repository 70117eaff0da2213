// The closing line of .ci/run: `N passed, N failed`, from the test runner's JSON report. A skipped test counts as
// failed there, and so does a run that ended before the tests.
import { readFileSync } from 'node:fs';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const [file = '', exitCode = '1'] = process.argv.slice(2);
const { passed, failed, skipped } = count(file);
if (skipped > 0) process.stdout.write(`${skipped} skipped tests count as failed here\n`);
const lost = exitCode !== '0' && failed === 0 ? 1 : 0;
if (lost > 0) process.stdout.write('types, lint, format or the test runner itself failed: see above\n');
const allFailed = failed + skipped + lost;
process.stdout.write(`${passed} passed, ${allFailed} failed\n`);
process.exitCode = allFailed === 0 && passed > 0 ? 0 : 1;

function count(path: string): { passed: number; failed: number; skipped: number } {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
