// Replacing pieces of a text.
import type { ManifestStyle } from './manifest-style.ts';
import { pad } from './render-value.ts';

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies splices that do not overlap; of two at the same offset the first given comes first. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let result = '';
  let at = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return result + text.slice(at);
}

/** True where a splice takes from, or begins or ends at, the place of another one. */
export function overlapsAny(splice: Splice, others: readonly Splice[]): boolean {
  return others.some(({ start, end }) => splice.start <= end && start <= splice.end);
}

/** Puts a text in without taking any away. */
export function insertionAt(offset: number, text: string): Splice {
  return { start: offset, end: offset, text };
}

/** Puts whole lines in, each indented by `column`, at the beginning of a line. */
export function lineInsertion(
  at: number,
  lines: readonly string[],
  column: number,
  eol: ManifestStyle['eol'],
): Splice {
  return insertionAt(at, lines.map((line) => pad(line, column) + eol).join(''));
}
