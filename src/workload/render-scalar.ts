// One scalar as YAML text on one line, quoted wherever a YAML 1.1 or 1.2 reader could take it for something else.
import { stringify } from 'yaml';
import { needsQuotes } from './kubectl-yaml.ts';

// Line breaks of YAML 1.1 that YAML 1.2 does not know (NEL, LS, PS), the byte order mark and control characters: go-yaml
// would break or refuse the line.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

// A document marker, and the value key of YAML 1.1.
const MARKUP = /^(?:---|\.\.\.|=$)/;

/** A scalar for block style: plain where that is safe, else in double quotes. */
export function renderScalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  if (hasUnsafe(value) || needsQuotes(value) || MARKUP.test(value)) return quoteForReading(value);
  const text = stringify(value, { compat: 'yaml-1.1', lineWidth: 0, blockQuote: false }).trimEnd();
  return text === value ? text : quoteForReading(value);
}

/** A scalar for `[...]` and `{...}`: as in block style, but without the characters that end a plain scalar there. */
export function renderFlowScalar(value: unknown): string {
  return typeof value === 'string' && /[,[\]{}?:#]/.test(value)
    ? quoteForReading(value)
    : renderScalar(value);
}

/** A string in double quotes; JSON, and the same in YAML. */
export function renderQuoted(value: string): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** In single quotes where that spares backslashes: `'{"version":"1"}'`. */
function quoteForReading(value: string): string {
  return /["\\]/.test(value) && !value.includes("'") && !hasUnsafe(value)
    ? `'${value}'`
    : renderQuoted(value);
}

/** True for a text of several lines that a literal block (`|`) holds without an indentation indicator. */
export function fitsLiteral(value: unknown): value is string {
  if (typeof value !== 'string' || !value.includes('\n')) return false;
  return !hasUnsafe(value.replaceAll(/[\n\t]/g, '')) && /^[^\s]/.test(value) && !value.endsWith('\n\n');
}

function hasUnsafe(value: string): boolean {
  return value.search(UNSAFE) !== -1;
}
