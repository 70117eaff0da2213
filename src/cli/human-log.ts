// The log of a server that a person watches: pino's JSON lines as text. Machines read the JSON itself.

/** Said by the columns before the fields. */
const SHOWN = new Set(['level', 'time', 'msg']);

/** A destination for a `pino` with ISO times and levels by name; each line goes to `print` as `12:00:01 warn  message key=value`. */
export function humanLog(print: (text: string) => void): { write(line: string): void } {
  return { write: (line) => print(`${renderLogLine(line)}\n`) };
}

/** One line of pino's as text; a line that is not JSON stays as it is. */
export function renderLogLine(line: string): string {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line.trimEnd();
  }
  const time = new Date(String(record['time'])).toISOString().slice(11, 19);
  const fields = Object.entries(record)
    .filter(([key, value]) => !SHOWN.has(key) && value !== '')
    .map(([key, value]) => renderField(key, value));
  return [time, String(record['level']).padEnd(5), String(record['msg']), ...fields].join(' ');
}

function renderField(key: string, value: unknown): string {
  // Problems are sentences for people: each on a line of its own.
  if (key === 'problems' && Array.isArray(value))
    return value.map((line) => `\n    ${String(line)}`).join('');
  if (typeof value === 'number') return `${key}=${Math.round(value * 100) / 100}`;
  if (typeof value === 'string' && /^[^\s"=]+$/.test(value)) return `${key}=${value}`;
  return `${key}=${JSON.stringify(value)}`;
}
