// New values as text: block style in lines, flow style, JSON.
import type { ManifestStyle } from './manifest-style.ts';
import { fitsLiteral, renderFlowScalar, renderQuoted, renderScalar } from './render-scalar.ts';

/** What follows `key:` or `-`: something on the same line (may be empty) and the lines below, indented from the key's column. */
export interface RenderedTail {
  readonly head: string;
  readonly body: readonly string[];
}

/** A map entry; its lines begin at the map's column. */
export function renderPair(key: string, value: unknown, style: ManifestStyle): string[] {
  const { head, body } = renderPairTail(value, style);
  return [`${renderScalar(key)}:${head === '' ? '' : ` ${head}`}`, ...body];
}

/** A list item; its lines begin at the dash. */
export function renderItem(value: unknown, style: ManifestStyle): string[] {
  const [first = '', ...rest] = renderItemValue(value, style);
  return [`- ${first}`, ...rest.map((line) => pad(line, 2))];
}

/** A list item without its dash; lines below the first are indented from the item's own column. */
export function renderItemValue(value: unknown, style: ManifestStyle): string[] {
  if (isFilledList(value)) return value.flatMap((item) => renderItem(item, style));
  if (isFilledMap(value)) return entriesOf(value).flatMap(([key, child]) => renderPair(key, child, style));
  if (style.literals && fitsLiteral(value)) return [literalHead(value), ...literalLines(value)];
  return [renderInline(value)];
}

/** What follows the key of a map entry. */
export function renderPairTail(value: unknown, style: ManifestStyle): RenderedTail {
  if (isFilledList(value)) {
    return { head: '', body: renderItemValue(value, style).map((line) => pad(line, style.listOffset)) };
  }
  if (isFilledMap(value))
    return { head: '', body: renderItemValue(value, style).map((line) => pad(line, style.step)) };
  if (style.literals && fitsLiteral(value)) {
    return { head: literalHead(value), body: literalLines(value).map((line) => pad(line, style.step)) };
  }
  return { head: renderInline(value), body: [] };
}

export interface FlowStyle {
  readonly json: boolean;
  /** Several lines, as JSON: one level of indentation and the indentation of the line that the value begins on. */
  readonly lines?: { readonly indent: string; readonly outer: string; readonly eol: string } | undefined;
  /** What stands behind the colon and comma: a space, or nothing in compact JSON. */
  readonly gap: string;
}

/** A value in flow style. */
export function renderFlow(value: unknown, style: FlowStyle): string {
  if (style.json && style.lines) {
    const { indent, outer, eol } = style.lines;
    return (JSON.stringify(value, null, indent) ?? 'null').split('\n').join(eol + outer);
  }
  const scalar = (item: unknown): string =>
    style.json && typeof item === 'string' ? renderQuoted(item) : renderFlowScalar(item);
  const render = (item: unknown): string => {
    if (Array.isArray(item)) return `[${item.map(render).join(`,${style.gap}`)}]`;
    if (typeof item !== 'object' || item === null) return scalar(item);
    const pairs = entriesOf(item).map(([key, child]) => `${scalar(key)}:${style.gap}${render(child)}`);
    return `{${pairs.join(`,${style.gap}`)}}`;
  };
  return render(value);
}

/** A line indented by `columns`; empty lines stay empty. */
export function pad(line: string, columns: number): string {
  return line === '' ? line : ' '.repeat(columns) + line;
}

/** True for a list or map that has something in it. */
export function isFilled(value: unknown): boolean {
  return isFilledList(value) || isFilledMap(value);
}

function renderInline(value: unknown): string {
  if (Array.isArray(value)) return '[]';
  return typeof value === 'object' && value !== null ? '{}' : renderScalar(value);
}

function literalHead(value: string): string {
  return value.endsWith('\n') ? '|' : '|-';
}

function literalLines(value: string): string[] {
  return (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n');
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, child]) => child !== undefined);
}

function isFilledList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isFilledMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && entriesOf(value).length > 0;
}
