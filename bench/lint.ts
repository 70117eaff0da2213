// `npm run bench -- lint`: how many manifests media-stack lint judges in a second, and with how much memory, on trees of
// growing size. The whole command is measured, from the start of the process to its last byte.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTable } from '../src/cli/report/table.ts';
import { readMachine } from './machine.ts';
import { rangeOf } from './statistics.ts';

const ROOT = join(import.meta.dirname, '..');
const SIZES = [1, 500, 1000, 2000, 4000];
const ROUNDS = 3;
const PER_FOLDER = 20;
const SAMPLE_MS = 20;

interface LintMeasurement {
  readonly files: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Prints the table and keeps the figures in bench/results/lint.json. */
export async function benchLint(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-bench-lint-'));
  try {
    const measurements: LintMeasurement[] = [];
    for (const files of SIZES) makeTree(join(folder, String(files)), files);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const files of SIZES) {
        const measured = await measureLint(join(folder, String(files)), files);
        measurements.push(measured);
        process.stderr.write(
          `round ${round + 1}/${ROUNDS} ${files} files: ${measured.seconds.toFixed(2)} s\n`,
        );
      }
    }
    const start = medianOf(measurements, 1, ({ seconds }) => seconds);
    const rows = SIZES.map((files) => {
      const seconds = medianOf(measurements, files, (measured) => measured.seconds);
      return {
        files,
        seconds,
        perSecond: files / seconds,
        // What a longer run would come to.
        perSecondWithoutStart: files === 1 ? null : files / (seconds - start),
        peakMegabytes: medianOf(measurements, files, ({ peakMegabytes }) => peakMegabytes),
      };
    });
    const texts = rows.map((row) => [
      String(row.files),
      row.seconds.toFixed(2),
      row.perSecond.toFixed(0),
      row.perSecondWithoutStart === null ? '-' : row.perSecondWithoutStart.toFixed(0),
      row.peakMegabytes.toFixed(0),
    ]);
    process.stdout.write(
      renderTable(['FILES', 'SECONDS', 'FILES/S', 'FILES/S WITHOUT START', 'PEAK MB'], texts),
    );
    const results = join(ROOT, 'bench/results');
    mkdirSync(results, { recursive: true });
    const file = join(results, 'lint.json');
    const record = { at: new Date().toISOString(), machine: readMachine(), rounds: ROUNDS, rows };
    writeFileSync(file, `${JSON.stringify(record, null, 2)}\n`);
    process.stdout.write(`Written: ${file}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The examples in turns, each with a name of its own, as a repository has them. */
function makeTree(root: string, files: number): void {
  const manifests = ['sonarr.yaml', 'plex.yaml'].map((name) =>
    readFileSync(join(ROOT, 'examples', name), 'utf8'),
  );
  for (let index = 0; index < files; index += 1) {
    const folder = join(root, `apps-${Math.floor(index / PER_FOLDER)}`);
    mkdirSync(folder, { recursive: true });
    const text = manifests[index % manifests.length] ?? '';
    writeFileSync(join(folder, `app-${index}.yaml`), text.replaceAll(/sonarr|plex/g, `app-${index}`));
  }
}

function measureLint(folder: string, files: number): Promise<LintMeasurement> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'lint', '-o', 'json', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peakMegabytes = 0;
  const sampler = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid ?? 0));
  }, SAMPLE_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(sampler);
      if (code !== 0) reject(new Error(`lint of ${files} files ended with ${code}`));
      else resolve({ files, seconds: (performance.now() - started) / 1000, peakMegabytes });
    });
  });
}

/** VmHWM (proc(5)); 0 when the process has just ended. */
function peakOf(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function medianOf(
  measurements: readonly LintMeasurement[],
  files: number,
  value: (measured: LintMeasurement) => number,
): number {
  return rangeOf(measurements.filter((measured) => measured.files === files).map(value)).median;
}
