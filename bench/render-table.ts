// The report as text: two tables per input, each figure as median (min..max) over the rounds.
import { CONTESTANTS } from './contestants.ts';
import type { BenchResult, SummaryRow } from './results.ts';
import type { Range } from './statistics.ts';

interface Column {
  readonly head: string;
  readonly cell: (row: SummaryRow) => string;
}

/** The tables, with what was measured above them and what is odd about it below. */
export function renderTables(result: BenchResult): string {
  const { options, inputs, summary, measurements } = result;
  const lines = [renderHead(result), ''];
  for (const { name, title, requestBytes, answerBytes } of inputs) {
    const rows = summary.filter(({ input }) => input === name);
    const sizes = `request ${kilobytes(requestBytes)}, answer ${kilobytes(answerBytes)}`;
    lines.push(`${name}: ${title} (${sizes})`, '', ...renderTable(costColumns(), rows), '');
    lines.push(...renderTable(speedColumns(options.connections), rows), '');
  }
  const few = measurements.filter(({ phases }) => (phases[0]?.answers ?? 0) < 1_000).length;
  if (few > 0) lines.push(`Note: ${few} measurements with fewer than 1,000 answers; use more --seconds.`);
  if (options.rounds < 3) lines.push(`Note: ${options.rounds} of the 3 rounds that a median needs.`);
  const client = Math.max(...measurements.map(({ phases }) => phases[0]?.clientCores ?? 0));
  lines.push(`CPU of the client: at most ${client.toFixed(2)} cores.`);
  return `${lines.join('\n')}\n`;
}

function renderHead({ machine, source, date, options }: BenchResult): string {
  const commit = `${source.commit.slice(0, 10)}${source.isDirty ? ' with changes' : ''}`;
  return [
    `${date}  commit ${commit}  Node ${machine.node}  ${machine.cpu}, ${machine.cores} cores`,
    `${options.rounds} ${options.rounds === 1 ? 'round' : 'rounds'} of ${options.seconds} s after ${options.warmupSeconds} s; TLS, keep-alive; median (min..max)`,
    `load on the machine before: ${machine.loadBefore.toFixed(2)}`,
  ].join('\n');
}

function costColumns(): Column[] {
  return [
    { head: 'server', cell: titleOf },
    { head: 'CPU s per 1,000', cell: ({ cpuPer1000 }) => renderRange(cpuPer1000, 3) },
    { head: 'x bare node:https', cell: ({ timesNode }) => renderRange(timesNode, 2) },
    { head: 'x bare Fastify', cell: ({ timesFastify }) => renderRange(timesFastify, 2) },
    { head: 'peak MB', cell: ({ peakMb }) => renderRange(peakMb, 0) },
    { head: 'idle MB', cell: ({ idleMb }) => renderRange(idleMb, 0) },
    { head: 'start ms', cell: ({ startMs }) => renderRange(startMs, 0) },
  ];
}

function speedColumns(connections: number): Column[] {
  const at = (count: number): string => `at ${count}`;
  return [
    { head: 'server', cell: titleOf },
    {
      head: `answers/s ${at(connections)}`,
      cell: ({ requestsPerSecond }) => renderRange(requestsPerSecond, 0),
    },
    { head: `p50 ms ${at(connections)}`, cell: ({ p50Ms }) => renderRange(p50Ms, 2) },
    { head: `p99 ms ${at(connections)}`, cell: ({ p99Ms }) => renderRange(p99Ms, 2) },
    { head: `p50 ms ${at(1)}`, cell: ({ p50OneMs }) => renderRange(p50OneMs, 2) },
    { head: `p99 ms ${at(1)}`, cell: ({ p99OneMs }) => renderRange(p99OneMs, 2) },
  ];
}

function renderTable(columns: readonly Column[], rows: readonly SummaryRow[]): string[] {
  const cells = [columns.map(({ head }) => head), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_column, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  return cells.map((line) =>
    // Names to the left, figures to the right.
    line
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('   '),
  );
}

function renderRange({ median, min, max }: Range, digits: number): string {
  const [middle, low, high] = [median, min, max].map((value) => value.toFixed(digits));
  return low === high ? `${middle}` : `${middle} (${low}..${high})`;
}

function titleOf({ server }: SummaryRow): string {
  return CONTESTANTS.find(({ name }) => name === server)?.title ?? server;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(1)} kB`;
}
