// Where the tables of the endurance series go: stderr, and a file for who keeps the figures.
import { appendFileSync } from 'node:fs';
import { renderTable } from './series-table.ts';
import type { Row } from './series-table.ts';

/** Appends to the file that `MEDIA_STACK_ENDURANCE_REPORT` names: each series writes its own table. */
export function publishTable(title: string, rows: readonly Row[], env = process.env): void {
  const text = `${title}\n\n${renderTable(rows)}\n`;
  process.stderr.write(`\n${text}`);
  const file = env['MEDIA_STACK_ENDURANCE_REPORT'];
  if (file) appendFileSync(file, text);
}
