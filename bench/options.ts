// The options of `npm run bench`.
import { parseArgs } from 'node:util';

import { BENCH_INPUTS } from './inputs.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** Load before each measurement. */
  readonly warmupSeconds: number;
  /** Measured load at `connections`; at one connection at most 2 s of it. */
  readonly seconds: number;
  readonly connections: number;
  /** Names of inputs, in the order of the report. */
  readonly inputs: readonly string[];
  readonly outFolder: string;
}

const INPUT_NAMES = BENCH_INPUTS.map(({ name }) => name);

// 3 s: after that the figures of a server stand still (knowledge/speed.md); 10 s: a CPU tick is 0.1 % of it.
const DEFAULTS = { rounds: '3', warmup: '3', seconds: '10', connections: '16', out: 'bench/results' };

export const USAGE: string = `Usage: npm run bench -- [options]
       npm run bench -- lint

Measures this server against bare node:https and bare Fastify, which parse the same requests and give the same answers.

  --rounds N        rounds, in each of which every server has its turn (default: ${DEFAULTS.rounds})
  --seconds S       measured time per server and input (default: ${DEFAULTS.seconds})
  --warmup S        load before it (default: ${DEFAULTS.warmup})
  --connections N   keep-alive connections of the main measurement (default: ${DEFAULTS.connections})
  --input NAME      only this input, may be repeated: ${INPUT_NAMES.join(', ')} (default: all)
  --out DIR         where the results go (default: ${DEFAULTS.out})

lint measures media-stack lint over trees of manifests, and writes bench/results/lint.json.

For a quick look: --rounds 1 --seconds 1 --warmup 0.5. Its figures prove nothing.
`;

/** The options, or what is wrong with them in one sentence. */
export function parseBenchOptions(
  args: readonly string[],
): BenchOptions | 'help' | { readonly error: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: DEFAULTS.rounds },
        seconds: { type: 'string', default: DEFAULTS.seconds },
        warmup: { type: 'string', default: DEFAULTS.warmup },
        connections: { type: 'string', default: DEFAULTS.connections },
        input: { type: 'string', multiple: true, default: INPUT_NAMES },
        out: { type: 'string', default: DEFAULTS.out },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    const unknown = values.input.find((name) => !INPUT_NAMES.includes(name));
    if (unknown !== undefined) {
      return { error: `--input ${unknown}: there are ${INPUT_NAMES.join(', ')}` };
    }
    return {
      rounds: parseNumber('--rounds', values.rounds, { from: 1, to: 50, isWhole: true }),
      seconds: parseNumber('--seconds', values.seconds, { from: 0.5, to: 600 }),
      warmupSeconds: parseNumber('--warmup', values.warmup, { from: 0.1, to: 60 }),
      connections: parseNumber('--connections', values.connections, { from: 1, to: 512, isWhole: true }),
      inputs: INPUT_NAMES.filter((name) => values.input.includes(name)),
      outFolder: values.out,
    };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

interface NumberLimits {
  readonly from: number;
  readonly to: number;
  readonly isWhole?: boolean;
}

function parseNumber(option: string, text: string, { from, to, isWhole = false }: NumberLimits): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= from && value <= to) || (isWhole && !Number.isInteger(value))) {
    throw new RangeError(
      `${option} ${text}: a ${isWhole ? 'whole ' : ''}number from ${from} to ${to} is needed`,
    );
  }
  return value;
}
