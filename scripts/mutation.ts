// `npm run mutation`: breaks the conditions of the rules one by one and looks whether a test fails (StrykerJS). Writes
// test/mutation/report.txt; takes about half an hour on two cores. Exits 1 under the threshold of the configuration.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderTable } from '../src/cli/report/table.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOME = join(ROOT, 'test/mutation');

/** A part of mutation-testing-report-schema. */
interface Mutant {
  readonly status:
    | 'Killed'
    | 'Timeout'
    | 'Survived'
    | 'NoCoverage'
    | 'CompileError'
    | 'RuntimeError'
    | 'Ignored';
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

/** A table of files, then every mutant that no test has found. */
export function renderMutationReport({ files }: Report): string {
  const rows = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, { mutants }]) => [file, ...countOf(mutants)]);
  const all = Object.values(files).flatMap(({ mutants }) => mutants);
  const heading = ['FILE', 'FOUND', 'MISSED', 'SCORE'];
  const missed = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants
      .filter((mutant) => isMissed(mutant))
      .map(({ location, mutatorName, replacement }) => [
        `${file}:${location.start.line}:${location.start.column}`,
        mutatorName,
        (replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 60),
      ]),
  );
  const table = renderTable(heading, [...rows, ['All files', ...countOf(all)]]);
  return `${table}\n${renderTable(['MISSED', 'MUTATOR', 'REPLACEMENT'], missed)}`;
}

function countOf(mutants: readonly Mutant[]): string[] {
  const found = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = mutants.filter((mutant) => isMissed(mutant)).length;
  const score = found + missed === 0 ? 100 : (100 * found) / (found + missed);
  return [String(found), String(missed), `${score.toFixed(1)} %`];
}

function isMissed({ status }: Mutant): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function main(): number {
  const install = ['ci', '--prefix', HOME, '--legacy-peer-deps', '--ignore-scripts'];
  const npm = spawnSync('npm', install, { cwd: ROOT, stdio: 'inherit' });
  if (npm.status !== 0) return npm.status ?? 1;
  // Where Stryker ends early, the last run must not pass for this one.
  const result = join(HOME, 'out/mutation.json');
  rmSync(result, { force: true });
  const bin = join(HOME, 'node_modules/@stryker-mutator/core/bin/stryker.js');
  const config = 'test/mutation/stryker.config.json';
  const stryker = spawnSync(process.execPath, [bin, 'run', config], { cwd: ROOT, stdio: 'inherit' });
  if (!existsSync(result)) return stryker.status ?? 1;
  const report = JSON.parse(readFileSync(result, 'utf8')) as Report;
  const text = renderMutationReport(report);
  writeFileSync(join(HOME, 'report.txt'), text);
  process.stdout.write(text);
  return stryker.status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main();
