// What a run of the benchmark leaves behind, and how its measurements become the figures of the report.
import type { ContestantName } from './contestants.ts';
import type { Machine, SourceVersion } from './machine.ts';
import type { ServerMeasurement } from './measure-server.ts';
import type { BenchOptions } from './options.ts';
import { rangeOf } from './statistics.ts';
import type { Range } from './statistics.ts';

/**
 * The JSON file. `format` rises when the meaning of a field changes. There are no lists of plain values in it: oxfmt
 * would put those on one line, and results are committed.
 */
export interface BenchResult {
  readonly format: 1;
  readonly date: string;
  readonly source: SourceVersion;
  readonly machine: Machine;
  readonly options: Omit<BenchOptions, 'inputs' | 'outFolder'>;
  readonly inputs: readonly InputFacts[];
  readonly summary: readonly SummaryRow[];
  readonly measurements: readonly Measurement[];
}

export interface InputFacts {
  readonly name: string;
  readonly title: string;
  readonly requestBytes: number;
  readonly answerBytes: number;
}

export interface Measurement extends ServerMeasurement {
  readonly round: number;
  readonly input: string;
  readonly server: ContestantName;
}

/** All rounds of one server and one input. */
export interface SummaryRow {
  readonly input: string;
  readonly server: ContestantName;
  /** CPU seconds of the server per 1,000 admissions, which is CPU milliseconds per admission. */
  readonly cpuPer1000: Range;
  /** The same divided by that of the floor in the same round. Paired, since a machine has faster and slower minutes. */
  readonly timesNode: Range;
  readonly timesFastify: Range;
  readonly startMs: Range;
  readonly idleMb: Range;
  readonly peakMb: Range;
  readonly requestsPerSecond: Range;
  /** At all connections. */
  readonly p50Ms: Range;
  readonly p99Ms: Range;
  /** At one connection. */
  readonly p50OneMs: Range;
  readonly p99OneMs: Range;
}

/** One row per input and server, in the order of the two lists. */
export function summarize(
  measurements: readonly Measurement[],
  inputs: readonly string[],
  servers: readonly ContestantName[],
): SummaryRow[] {
  return inputs.flatMap((input) => {
    const ofInput = measurements.filter((measurement) => measurement.input === input);
    return servers.map((server) =>
      summarizeServer(
        ofInput.filter((measurement) => measurement.server === server),
        ofInput,
      ),
    );
  });
}

function summarizeServer(own: readonly Measurement[], ofInput: readonly Measurement[]): SummaryRow {
  const [first] = own;
  if (!first) throw new Error('a server without a measurement');
  const timesCpuOf = (floor: ContestantName): Range =>
    rangeOf(
      own.map((measurement) => {
        const ofRound = ofInput.find(({ round, server }) => round === measurement.round && server === floor);
        return cpuPer1000(measurement) / (ofRound ? cpuPer1000(ofRound) : Number.NaN);
      }),
    );
  const range = (pick: (measurement: Measurement) => number | undefined): Range =>
    rangeOf(own.map((measurement) => pick(measurement) ?? Number.NaN));
  return {
    input: first.input,
    server: first.server,
    cpuPer1000: range(cpuPer1000),
    timesNode: timesCpuOf('floor-node'),
    timesFastify: timesCpuOf('floor-fastify'),
    startMs: range(({ startMs }) => startMs),
    idleMb: range(({ idleMb }) => idleMb),
    peakMb: range(({ peakMb }) => peakMb),
    requestsPerSecond: range(({ phases }) => phases[0]?.requestsPerSecond),
    p50Ms: range(({ phases }) => phases[0]?.p50Ms),
    p99Ms: range(({ phases }) => phases[0]?.p99Ms),
    p50OneMs: range(({ phases }) => phases[1]?.p50Ms),
    p99OneMs: range(({ phases }) => phases[1]?.p99Ms),
  };
}

function cpuPer1000({ phases: [main] }: Measurement): number {
  return main ? (main.serverCpuSeconds * 1_000) / main.answers : Number.NaN;
}
