// Offsets in a text to lines and columns, both 1-based; columns count UTF-16 units as editors and SARIF do.
import type { Position } from '../problem/problem.ts';

export type PositionAt = (offset: number) => Position;

/** Reads the line starts of a text once; the result turns offsets into positions. */
export function indexLines(text: string, file: string): PositionAt {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const wanted = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: wanted - (starts[low] ?? 0) + 1 };
  };
}
