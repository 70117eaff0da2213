// `npm run bench`: this server against the floors, in rounds in which each has its turn on the same requests. The order
// turns from round to round, so that no server always has the cold or the warm machine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { benchLint } from './lint.ts';
import { killProcessesAtExit } from './child-processes.ts';
import { CONTESTANTS } from './contestants.ts';
import type { Contestant } from './contestants.ts';
import type { LoadPhase } from './load.ts';
import { readMachine, readSourceVersion } from './machine.ts';
import { measureServer } from './measure-server.ts';
import { parseBenchOptions, USAGE } from './options.ts';
import type { BenchOptions } from './options.ts';
import { makeRunFolder, prepareBench } from './prepare.ts';
import { renderChart } from './render-chart.ts';
import { renderTables } from './render-table.ts';
import { summarize } from './results.ts';
import type { BenchResult, Measurement } from './results.ts';

const USAGE_ERROR = 2;
// Start, check, idle and end of one server.
const OVERHEAD_SECONDS = 1;

killProcessesAtExit();
const words = process.argv.slice(2);
const options = words[0] === 'lint' ? 'lint' : parseBenchOptions(words);
if (options === 'lint') {
  await benchLint();
} else if (options === 'help') {
  process.stdout.write(USAGE);
} else if ('error' in options) {
  process.stderr.write(`Error: ${options.error}\n\n${USAGE}`);
  process.exitCode = USAGE_ERROR;
} else {
  const folder = makeRunFolder();
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  try {
    const result = await runBench(options, folder);
    process.stdout.write(`${renderTables(result)}\n`);
    process.stdout.write(`Written: ${writeResult(result, options.outFolder).join(', ')}\n`);
  } catch (error) {
    process.stderr.write(`Error: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
// Whatever still holds the process open has no more to say.
process.exit();

async function runBench(options: BenchOptions, folder: string): Promise<BenchResult> {
  const { rounds, connections, warmupSeconds, seconds, inputs } = options;
  const startedAt = new Date();
  const [machine, sourceBefore] = [readMachine(), readSourceVersion()];
  const phases: LoadPhase[] = [
    { connections, warmupSeconds, seconds },
    { connections: 1, warmupSeconds: Math.min(warmupSeconds, 0.5), seconds: Math.min(seconds, 2) },
  ];
  const secondsPerServer = phases.reduce(
    (sum, phase) => sum + phase.warmupSeconds + phase.seconds,
    OVERHEAD_SECONDS,
  );
  const turns = rounds * inputs.length * CONTESTANTS.length;
  progress(
    `${turns} measurements, about ${Math.ceil((turns * secondsPerServer) / 60)} min; Ctrl-C ends all of it`,
  );

  const preparation = await prepareBench(folder, inputs, startedAt);
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const prepared of preparation.inputs) {
      const input = prepared.input.name;
      for (const contestant of rotated(round - 1)) {
        const where = `round ${round}/${rounds} ${input} ${contestant.name}`;
        const measured = await measureServer({ contestant, prepared, preparation, phases }).catch(
          (error: unknown) => {
            throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
          },
        );
        measurements.push({ round, input, server: contestant.name, ...measured });
        const { answers = 0, serverCpuSeconds = 0, p99Ms = 0 } = measured.phases[0] ?? {};
        const cpu = ((serverCpuSeconds * 1_000) / answers).toFixed(3);
        progress(`${where}: ${answers} answers, ${cpu} CPU s per 1,000, p99 ${p99Ms.toFixed(2)} ms`);
      }
    }
  }
  const servers = CONTESTANTS.map(({ name }) => name);
  const { commit, isDirty } = readSourceVersion();
  const source = { commit, isDirty: isDirty || sourceBefore.isDirty || commit !== sourceBefore.commit };
  return {
    format: 1,
    date: startedAt.toISOString(),
    source,
    machine,
    options: { rounds, seconds, warmupSeconds, connections },
    inputs: preparation.inputs.map(({ input: { name, title }, body, answer }) => ({
      name,
      title,
      requestBytes: body.length,
      answerBytes: answer.bytes.length,
    })),
    summary: summarize(measurements, inputs, servers),
    measurements,
  };
}

/** Each contestant comes first in one round of three. */
function rotated(by: number): Contestant[] {
  const first = by % CONTESTANTS.length;
  return [...CONTESTANTS.slice(first), ...CONTESTANTS.slice(0, first)];
}

/** The paths of the files: one pair with the date and the same again as `latest`. */
function writeResult(result: BenchResult, folder: string): string[] {
  const stem = result.date.slice(0, 16).replace(':', '').replace('T', '-');
  const files = { json: `${JSON.stringify(result, null, 2)}\n`, svg: renderChart(result) };
  mkdirSync(folder, { recursive: true });
  return [stem, 'latest'].flatMap((name) =>
    Object.entries(files).map(([extension, content]) => {
      const path = join(folder, `${name}.${extension}`);
      writeFileSync(path, content);
      return path;
    }),
  );
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
