// Figures of a series as a table that a person reads: the spread of what was measured, columns aligned.

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Column -> cell. All rows of a table have the same columns. */
export type Row = Readonly<Record<string, string | number>>;

/** With an even count the median is the mean of the middle two, rounded. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('no figures');
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return { min, median: Math.round(middle.reduce((sum, value) => sum + value, 0) / middle.length), max };
}

/** A line per row below the names of the columns; numbers are aligned right, words left. */
export function renderTable(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {}).map((name) => {
    const cells = rows.map((row) => row[name] ?? '');
    const width = Math.max(name.length, ...cells.map((cell) => String(cell).length));
    const right = cells.every((cell) => typeof cell === 'number');
    return [name, ...cells].map((cell) =>
      right ? String(cell).padStart(width) : String(cell).padEnd(width),
    );
  });
  const lines = ['', ...rows].map((_, line) => columns.map((cells) => cells[line]).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
