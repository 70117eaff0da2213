// The report as a picture: CPU per admission as a multiple of the floor, one group of bars per input. The SVG brings its
// own background and fonts, so it looks the same in a README, light or dark.
import { CONTESTANTS } from './contestants.ts';
import type { ContestantName } from './contestants.ts';
import type { BenchResult, InputFacts, SummaryRow } from './results.ts';

const WIDTH = 860;
const LEFT = 196;
const RIGHT = 212;
const BAR = 20;
const BAR_STEP = 26;
const GROUP_GAP = 22;
const TOP = 104;
const BOTTOM = 62;

const COLORS: Readonly<Record<ContestantName, string>> = {
  'floor-node': '#9aa5b1',
  'floor-fastify': '#627d98',
  'media-stack': '#d9622b',
};

/** A self-contained SVG. */
export function renderChart(result: BenchResult): string {
  const { inputs, summary } = result;
  const groupHeight = CONTESTANTS.length * BAR_STEP + GROUP_GAP;
  const height = TOP + inputs.length * groupHeight + BOTTOM;
  const highest = Math.max(1, ...summary.map(({ timesNode }) => timesNode.max));
  const step = stepFor(highest);
  const scaleEnd = Math.ceil(highest / step) * step;
  const x = (times: number): number => LEFT + (times / scaleEnd) * (WIDTH - LEFT - RIGHT);
  const axisY = height - BOTTOM;
  const parts = [
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff"/>`,
    text(24, 34, 'CPU per admission, against a bare node:https server', 'class="title"'),
    ...renderCaption(result),
    ...renderAxis({ x, step, scaleEnd, axisY }),
    ...inputs.flatMap((input, index) =>
      renderGroup(
        input,
        summary.filter(({ input: name }) => name === input.name),
        TOP + index * groupHeight,
        x,
      ),
    ),
    text(
      LEFT,
      height - 18,
      'times the CPU of bare node:https in the same round; ms: CPU per admission (less is better)',
    ),
  ];
  const style =
    'text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#334e68}' +
    '.title{font-size:18px;font-weight:600;fill:#102a43}.name{font-weight:600;fill:#102a43}' +
    '.small{font-size:11.5px;fill:#627d98}.value{font-weight:600;fill:#102a43;paint-order:stroke;stroke:#fff;stroke-width:3px}.value .small{font-weight:400}';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `role="img" aria-label="${escape(describe(result))}">\n<style>${style}</style>\n${parts.join('\n')}\n</svg>\n`
  );
}

function renderCaption({ options, machine, source, date }: BenchResult): string[] {
  const { rounds, seconds, connections } = options;
  const often = rounds === 1 ? `1 round of ${seconds} s` : `median of ${rounds} rounds of ${seconds} s`;
  const how = `${often}, lines: lowest to highest; same requests, same answers, TLS, ${connections} keep-alive connections`;
  const commit = `${source.commit.slice(0, 10)}${source.isDirty ? ' with changes' : ''}`;
  const where = `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; ${date.slice(0, 10)}, commit ${commit}`;
  return [text(24, 57, how, 'class="small"'), text(24, 75, where, 'class="small"')];
}

interface Axis {
  readonly x: (times: number) => number;
  readonly step: number;
  readonly scaleEnd: number;
  readonly axisY: number;
}

function renderAxis({ x, step, scaleEnd, axisY }: Axis): string[] {
  const count = Math.round(scaleEnd / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step).flatMap((times) => {
    const at = x(times).toFixed(1);
    const color = times === 1 ? '#829ab1' : '#e4e9ef';
    return [
      `<line x1="${at}" y1="${TOP - 10}" x2="${at}" y2="${axisY}" stroke="${color}"/>`,
      text(Number(at), axisY + 18, `${Number(times.toFixed(2))}x`, 'text-anchor="middle" class="small"'),
    ];
  });
}

function renderGroup(
  { name, title }: InputFacts,
  rows: readonly SummaryRow[],
  top: number,
  x: (times: number) => number,
): string[] {
  const label = [
    text(24, top + 15, name, 'class="name"'),
    // Two lines where one would run into the bars.
    ...wrap(title, 26).map((line, index) => text(24, top + 33 + index * 15, line, 'class="small"')),
  ];
  const bars = rows.flatMap(({ server, timesNode, cpuPer1000 }, index) => {
    const y = top + index * BAR_STEP;
    const middle = y + BAR / 2;
    const shown = CONTESTANTS.find((contestant) => contestant.name === server)?.title ?? server;
    const labelX = Math.max(x(timesNode.median), x(timesNode.max)) + 8;
    // Seconds per thousand are milliseconds each.
    const value = `${timesNode.median.toFixed(2)}x`;
    const details = `${shown}, ${cpuPer1000.median.toFixed(3)} ms`;
    const whisker =
      timesNode.max > timesNode.min
        ? `<path d="M${x(timesNode.min).toFixed(1)} ${middle}H${x(timesNode.max).toFixed(1)}" stroke="#102a43" stroke-width="1.5"/>`
        : '';
    return [
      `<rect x="${LEFT}" y="${y}" width="${(x(timesNode.median) - LEFT).toFixed(1)}" height="${BAR}" rx="2" fill="${COLORS[server]}"/>`,
      whisker,
      `<text x="${labelX.toFixed(1)}" y="${middle + 4.5}" class="value">${value} <tspan class="small">${escape(details)}</tspan></text>`,
    ];
  });
  return [...label, ...bars];
}

/** Steps of 0.25, 0.5, 1, 2, 5...: at most ten on the axis. */
function stepFor(highest: number): number {
  return [0.25, 0.5, 1, 2, 5, 10, 20, 50].find((step) => highest / step <= 10) ?? 100;
}

function describe({ summary }: BenchResult): string {
  const ours = summary.filter(({ server }) => server === 'media-stack');
  const told = ours.map(({ input, timesNode }) => `${input} ${timesNode.median.toFixed(2)} times`);
  return `CPU per admission of media-stack against bare node:https: ${told.join(', ')}`;
}

function wrap(sentence: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
