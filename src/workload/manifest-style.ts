// How a document is laid out, so that what is added looks like what is there.
import { isMap, isPair, isSeq, visit } from 'yaml';
import type { ManifestNode } from './kubectl-yaml.ts';

export interface ManifestStyle {
  readonly eol: '\n' | '\r\n';
  /** Columns from a map to a map inside it. */
  readonly step: number;
  /** Columns from a key to the dash of its list: 0 as kubectl and kustomize write, else usually the step. */
  readonly listOffset: number;
  /** Texts of several lines as literal blocks (`|`), else in quotes on one line. */
  readonly literals: boolean;
  /** JSON: every string is written in double quotes. */
  readonly json: boolean;
  /** JSON: one level of indentation. */
  readonly jsonIndent: string;
}

/** The style of most of the document; kubectl's (2 columns, lists not indented) where it shows none. */
export function detectStyle(document: ManifestNode, text: string): ManifestStyle {
  const steps: number[] = [];
  const listOffsets: number[] = [];
  visit(document, {
    Map(_key, map) {
      if (map.flow === true || !map.range) return;
      const column = columnOf(text, map.range[0]);
      for (const { value } of map.items) {
        if (isPair(value) || !(isMap(value) || isSeq(value)) || value.flow === true || !value.range) continue;
        const offset = columnOf(text, value.range[0]) - column;
        if (isSeq(value)) listOffsets.push(offset);
        else steps.push(offset);
      }
    },
  });
  const json = isJson(text);
  return {
    eol: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n',
    step: mostFrequent(steps.filter((step) => step > 0)) ?? 2,
    listOffset: mostFrequent(listOffsets.filter((offset) => offset >= 0)) ?? 0,
    literals: true,
    json,
    jsonIndent: json ? (/^\s*[{[]\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ') : '  ',
  };
}

/** Column of an offset, counted from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Offset of the first character of the line. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset behind the line's line break; the offset itself where it already stands behind one. */
export function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: number | undefined;
  for (const [value, count] of counts) if (count > (counts.get(best ?? NaN) ?? 0)) best = value;
  return best;
}
