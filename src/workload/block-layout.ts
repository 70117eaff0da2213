// Where the entries of a block collection begin and end in the text, by the tokens of the YAML parser.
import { isCollection, isMap, isNode, isScalar } from 'yaml';
import type { CST, Node, YAMLMap, YAMLSeq } from 'yaml';

export interface BlockEntry {
  /** Of the dash, or of the key (its anchor, tag or `?` included). */
  readonly start: number;
  /** Behind the dash or the colon. */
  readonly markEnd: number;
  /** Of the value's anchor or tag, where it has one. */
  readonly propsStart: number | undefined;
  /** Behind the dash or colon and the value's anchor and tag. */
  readonly headEnd: number;
  /** Undefined where nothing is written (`volumes:`). */
  readonly value: Node | undefined;
  /** Behind the last character of the value: inside its last line, or behind that line for a block scalar. */
  readonly contentEnd: number;
}

/** The entries of a block collection in order; undefined where the text has a form that is not edited in place. */
export function blockEntries(collection: YAMLMap | YAMLSeq): BlockEntry[] | undefined {
  const entries: BlockEntry[] = [];
  if (isMap(collection)) {
    for (const pair of collection.items) {
      const entry =
        pair.srcToken && readEntry(pair.srcToken, pair.srcToken.sep ?? [], 'map-value-ind', pair.value);
      if (!entry) return undefined;
      entries.push(entry);
    }
    return entries;
  }
  const token = collection.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const items = token.items.filter(({ start }) => start.some(({ type }) => type === 'seq-item-ind'));
  for (const [index, item] of items.entries()) {
    const entry = readEntry(item, item.start, 'seq-item-ind', collection.items[index]);
    if (!entry) return undefined;
    entries.push(entry);
  }
  return entries.length === collection.items.length ? entries : undefined;
}

function readEntry(
  item: CST.CollectionItem,
  marks: readonly CST.SourceToken[],
  markType: 'map-value-ind' | 'seq-item-ind',
  value: unknown,
): BlockEntry | undefined {
  const mark = marks.find(({ type }) => type === markType);
  const first = item.start.find(isWritten) ?? item.key;
  if (!mark || !first || item.start.some(({ type }) => type === 'explicit-key-ind')) return undefined;
  const props = marks.filter(({ type }) => type === 'anchor' || type === 'tag');
  const markEnd = mark.offset + mark.source.length;
  const lastProp = props.at(-1);
  const headEnd = lastProp ? lastProp.offset + lastProp.source.length : markEnd;
  const written = isNode(value) && !isUnwritten(value) ? value : undefined;
  const contentEnd = written ? endOf(written) : headEnd;
  if (contentEnd === undefined) return undefined;
  return { start: first.offset, markEnd, propsStart: props[0]?.offset, headEnd, value: written, contentEnd };
}

function isWritten({ type }: CST.SourceToken): boolean {
  return type !== 'space' && type !== 'newline' && type !== 'comment';
}

/** A null that is not there in the text. */
export function isUnwritten(node: unknown): boolean {
  return isScalar(node) && (!node.range || node.range[0] === node.range[1]);
}

function endOf(node: Node): number | undefined {
  if (isCollection(node) && node.flow !== true) return blockEntries(node)?.at(-1)?.contentEnd;
  return node.range?.[1];
}
