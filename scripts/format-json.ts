// Generated JSON, formatted as `npm run format` would.
import { readFileSync } from 'node:fs';
import { format } from 'oxfmt';

/** `value` as the text of a file of this name. */
export async function formatJson(file: string, value: unknown): Promise<string> {
  const options: unknown = JSON.parse(readFileSync(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'));
  const { code, errors } = await format(
    file,
    JSON.stringify(value, null, 2),
    options as Parameters<typeof format>[2],
  );
  if (errors.length > 0) throw new Error(`${file} cannot be formatted: ${JSON.stringify(errors)}`);
  return code;
}
