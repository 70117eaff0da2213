// Gives an entry of a block style collection another value. Its key line or dash stays, with the comment at its end.
// Every text that arrives here ends with a line break.
import { isMap, isScalar } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import type { BlockContext } from './block-edits.ts';
import { blockEntries } from './block-layout.ts';
import type { BlockEntry } from './block-layout.ts';
import { columnOf, lineEnd, lineStart } from './manifest-style.ts';
import { isFilled, renderItemValue, renderPairTail } from './render-value.ts';
import { insertionAt, lineInsertion } from './splice.ts';
import type { Splice } from './splice.ts';

/** Replaces the value of the entry at `index`, its anchor and tag included. */
export function replaceBlockValue(
  context: BlockContext,
  collection: YAMLMap | YAMLSeq,
  index: number,
  value: unknown,
): Splice[] | undefined {
  const entry = blockEntries(collection)?.[index];
  return entry && (isMap(collection) ? replacePairValue : replaceItemValue)(context, entry, value);
}

/**
 * | old value              | `key:` line                       | new lines            | old lines |
 * | ---------------------- | --------------------------------- | -------------------- | --------- |
 * | not written            | head behind the colon             | below the key line   |           |
 * | on the key line        | head in its place                 | below its last line  |           |
 * | literal block          | head in place of `|-`             | below the key line   | go        |
 * | begins on a lower line | head behind the colon or for `&a` | below the key line   | go        |
 */
function replacePairValue({ text, style }: BlockContext, entry: BlockEntry, value: unknown): Splice[] {
  const { head: rendered, body } = renderPairTail(value, style);
  const keyLineEnd = lineEnd(text, entry.markEnd);
  const contentLineEnd = lineEnd(text, entry.contentEnd);
  const start = entry.value?.range?.[0];
  const isBelow = start !== undefined && start >= keyLineEnd;
  // Below its key a list becomes null again by being taken away: `volumes:`.
  const head = isBelow && value === null ? '' : rendered;
  const newLines = (at: number): Splice[] =>
    body.length === 0 ? [] : [lineInsertion(at, body, columnOf(text, entry.start), style.eol)];
  const oldLines = (from: number): Splice => ({
    start: lineStart(text, from),
    end: contentLineEnd,
    text: '',
  });
  const behindColon = insertionAt(entry.markEnd, head === '' ? '' : ` ${head}`);

  const from = entry.propsStart ?? start;
  if (from === undefined) return [behindColon, ...newLines(keyLineEnd)];
  if (from >= keyLineEnd) return [behindColon, ...newLines(keyLineEnd), oldLines(from)];
  const inPlace = (end: number): Splice =>
    head === '' ? { start: entry.markEnd, end, text: '' } : { start: from, end, text: head };
  if (isBelow) return [inPlace(entry.headEnd), ...newLines(keyLineEnd), oldLines(start)];
  if (isScalar(entry.value) && entry.value.srcToken?.type === 'block-scalar' && start !== undefined) {
    const indicator = /^[|>][-+\d]*/.exec(text.slice(start))?.[0] ?? '|';
    return [inPlace(start + indicator.length), ...newLines(keyLineEnd), oldLines(keyLineEnd)];
  }
  return [inPlace(entry.contentEnd), ...newLines(contentLineEnd)];
}

function replaceItemValue({ text, style }: BlockContext, entry: BlockEntry, value: unknown): Splice[] {
  const from = entry.propsStart ?? entry.value?.range?.[0];
  const start = from ?? entry.headEnd;
  const column = from === undefined ? columnOf(text, entry.start) + 2 : columnOf(text, start);
  const lines = renderItemValue(value, style);
  const below = (rest: readonly string[], at: number): Splice[] =>
    rest.length === 0 ? [] : [lineInsertion(lineEnd(text, entry.contentEnd), rest, at, style.eol)];

  const endsLine = text[entry.contentEnd - 1] === '\n';
  const isFollowed = !endsLine && !/^\r?\n/.test(text.slice(entry.contentEnd));
  if (isFollowed && isFilled(value) && start < lineEnd(text, entry.markEnd)) {
    // `- [] # why` becomes `- # why` with the lines below: the comment is about the whole item.
    const empty = { start: entry.markEnd, end: entry.contentEnd, text: '' };
    return [empty, ...below(lines, columnOf(text, entry.start) + 2)];
  }
  const [first = '', ...rest] = lines;
  const space = from === undefined ? ' ' : '';
  const inPlace = { start, end: entry.contentEnd, text: space + first + (endsLine ? style.eol : '') };
  return [inPlace, ...below(rest, column)];
}
