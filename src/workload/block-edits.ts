// Edits of block style collections, in whole lines: what is not part of the entry in question stays as it is.
// Every text that arrives here ends with a line break.
import { isMap } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import { blockEntries } from './block-layout.ts';
import type { BlockEntry } from './block-layout.ts';
import { columnOf, lineEnd, lineStart } from './manifest-style.ts';
import type { ManifestStyle } from './manifest-style.ts';
import { pad } from './render-value.ts';
import { insertionAt, lineInsertion } from './splice.ts';
import type { Splice } from './splice.ts';

export interface BlockContext {
  readonly text: string;
  readonly style: ManifestStyle;
}

type Collection = YAMLMap | YAMLSeq;

/**
 * Puts a rendered entry before the one at `index`. It goes directly below the entry (or the key line) above it, so that
 * comments between the two stay with the entry that they introduce. `headEnd` is where the collection's own key line
 * ends; undefined at the root of the document.
 */
export function insertBlockEntry(
  { text, style }: BlockContext,
  collection: Collection,
  index: number,
  lines: readonly string[],
  headEnd: number | undefined,
): Splice[] | undefined {
  const entries = blockEntries(collection);
  const first = entries?.[0];
  if (!entries || !first) return undefined;
  const column = columnOf(text, first.start);
  const previous = entries[index - 1];
  if (previous) return [lineInsertion(lineEnd(text, previous.contentEnd), lines, column, style.eol)];
  if (isCompact(text, first)) {
    const block = lines.map((line, at) => (at === 0 ? line : pad(line, column))).join(style.eol);
    return [insertionAt(first.start, block + style.eol + ' '.repeat(column))];
  }
  const at = headEnd === undefined ? lineStart(text, first.start) : lineEnd(text, headEnd);
  return [lineInsertion(at, lines, column, style.eol)];
}

/** Takes out the lines of an entry; of the only entry, `[]` or `{}` stays. */
export function removeBlockEntry(
  { text, style }: BlockContext,
  collection: Collection,
  index: number,
  headEnd: number | undefined,
  removeCommentsAbove: boolean,
): Splice[] | undefined {
  const entries = blockEntries(collection);
  const entry = entries?.[index];
  if (!entries || !entry) return undefined;
  const compact = isCompact(text, entry);
  if (entries.length === 1) {
    const empty = isMap(collection) ? '{}' : '[]';
    if (compact || headEnd === undefined) {
      const lineBreak = text[entry.contentEnd - 1] === '\n' ? style.eol : '';
      return [{ start: entry.start, end: entry.contentEnd, text: empty + lineBreak }];
    }
    return [
      insertionAt(headEnd, ` ${empty}`),
      { start: lineStart(text, entry.start), end: lineEnd(text, entry.contentEnd), text: '' },
    ];
  }
  const next = entries[index + 1];
  if (compact) return next && [{ start: entry.start, end: next.start, text: '' }];
  const top = lineStart(text, entry.start);
  const start = removeCommentsAbove ? commentStart(text, top, columnOf(text, entry.start)) : top;
  return [{ start, end: lineEnd(text, entry.contentEnd), text: '' }];
}

/** `- a: 1`: the entry begins behind something else on its line. */
function isCompact(text: string, entry: BlockEntry): boolean {
  return text.slice(lineStart(text, entry.start), entry.start).trim() !== '';
}

/** First line of the comments that stand directly above a line and at its column. */
function commentStart(text: string, top: number, column: number): number {
  let start = top;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const line = text.slice(above, start);
    if (!line.trimStart().startsWith('#') || line.search(/\S/) !== column) return start;
    start = above;
  }
  return start;
}
