// Edits of flow style collections (`[a, b]`, `{a: 1}`) and of JSON, item by item: the items around stay as they are.
import { isMap, isNode, isPair } from 'yaml';
import type { CST, YAMLMap, YAMLSeq } from 'yaml';
import { isUnwritten } from './block-layout.ts';
import { lineStart } from './manifest-style.ts';
import type { ManifestStyle } from './manifest-style.ts';
import { renderFlow } from './render-value.ts';
import type { FlowStyle } from './render-value.ts';
import { renderFlowScalar, renderQuoted } from './render-scalar.ts';
import type { Splice } from './splice.ts';

interface FlowContext {
  readonly text: string;
  readonly style: ManifestStyle;
}

type Collection = YAMLMap | YAMLSeq;

interface FlowItem {
  readonly start: number;
  readonly end: number;
  /** The value alone; undefined where none is written (`{a, b: }`). */
  readonly value: readonly [start: number, end: number] | undefined;
}

/** Puts a value (a map entry where `key` is given) before the item at `index`. */
export function insertFlowItem(
  context: FlowContext,
  collection: Collection,
  index: number,
  key: string | undefined,
  value: unknown,
): Splice[] | undefined {
  const { text, style } = context;
  const items = flowItems(collection);
  const range = collection.range;
  if (!items || !range) return undefined;
  const [first, second] = items;
  if (!first) {
    const [open, close] = isMap(collection) ? ['{', '}'] : ['[', ']'];
    const outer = indentAt(text, range[0]);
    const spread = style.json && text.trim().includes('\n');
    const inner = spread ? style.eol + outer + style.jsonIndent : '';
    const rendered = renderEntry(key, value, flowStyle(context, inner));
    return [
      {
        start: range[0],
        end: range[1],
        text: open + inner + rendered + (spread ? style.eol + outer : '') + close,
      },
    ];
  }
  const gap = second ? separator(text, first, second, style) : lead(text, range[0], first, style);
  const rendered = renderEntry(key, value, flowStyle(context, gap));
  const previous = items[index - 1];
  return previous
    ? [{ start: previous.end, end: previous.end, text: `,${gap}${rendered}` }]
    : [{ start: first.start, end: first.start, text: `${rendered},${gap}` }];
}

/** Takes out an item and one comma. */
export function removeFlowItem(collection: Collection, index: number): Splice[] | undefined {
  const items = flowItems(collection);
  const item = items?.[index];
  if (!items || !item || !collection.range) return undefined;
  const [first, second] = items;
  if (!second)
    return [{ start: collection.range[0], end: collection.range[1], text: isMap(collection) ? '{}' : '[]' }];
  if (item === first) return [{ start: item.start, end: second.start, text: '' }];
  return [{ start: items[index - 1]?.end ?? item.start, end: item.end, text: '' }];
}

/** Gives an item another value. */
export function replaceFlowValue(
  context: FlowContext,
  collection: Collection,
  index: number,
  value: unknown,
): Splice[] | undefined {
  const range = flowItems(collection)?.[index]?.value;
  if (!range) return undefined;
  const [start, end] = range;
  const spread = context.text.trim().includes('\n');
  const gap = spread ? context.style.eol + indentAt(context.text, start) : '';
  return [{ start, end, text: renderFlow(value, flowStyle(context, gap)) }];
}

function renderEntry(key: string | undefined, value: unknown, style: FlowStyle): string {
  const rendered = renderFlow(value, style);
  if (key === undefined) return rendered;
  return `${style.json ? renderQuoted(key) : renderFlowScalar(key)}:${style.gap}${rendered}`;
}

/** `gap` is what stands between two items; with a line break in it, JSON values are spread over lines as well. */
function flowStyle({ text, style }: FlowContext, gap: string): FlowStyle {
  const compact = style.json && !/"\s*:[ \t]/.test(text);
  const lines = gap.includes('\n')
    ? { indent: style.jsonIndent, outer: gap.slice(gap.lastIndexOf('\n') + 1), eol: style.eol }
    : undefined;
  return { json: style.json, lines, gap: compact ? '' : ' ' };
}

/** What stands behind the comma between the first two items, comments aside. */
function separator(text: string, first: FlowItem, second: FlowItem, style: ManifestStyle): string {
  const between = text.slice(first.end, second.start);
  if (between.includes('\n')) return style.eol + indentAt(text, second.start);
  return between.slice(between.indexOf(',') + 1);
}

/** With one item only: as that item stands behind the bracket. */
function lead(text: string, open: number, first: FlowItem, style: ManifestStyle): string {
  if (text.slice(open, first.start).includes('\n')) return style.eol + indentAt(text, first.start);
  return style.json && !/,[ \t]|:[ \t]/.test(text) ? '' : ' ';
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

function flowItems(collection: Collection): FlowItem[] | undefined {
  const token = collection.srcToken;
  if (token?.type !== 'flow-collection') return undefined;
  const written = token.items.filter((item) => item.key || item.sep || item.value);
  if (written.length !== collection.items.length) return undefined;
  const items: FlowItem[] = [];
  for (const [index, item] of written.entries()) {
    const read = readItem(item, collection.items[index]);
    if (!read) return undefined;
    items.push(read);
  }
  return items;
}

function readItem(item: CST.CollectionItem, node: unknown): FlowItem | undefined {
  const prop = item.start.find(
    ({ type }) => type === 'anchor' || type === 'tag' || type === 'explicit-key-ind',
  );
  const start = prop?.offset ?? item.key?.offset ?? item.value?.offset;
  if (start === undefined) return undefined;
  if (!isPair(node)) {
    const end = rangeOf(node)?.[1];
    return end === undefined ? undefined : { start, end, value: [start, end] };
  }
  const value = rangeOf(node.value);
  const valueProp = item.sep?.find(({ type }) => type === 'anchor' || type === 'tag');
  const colon = item.sep?.find(({ type }) => type === 'map-value-ind');
  const end = value?.[1] ?? (colon ? colon.offset + 1 : rangeOf(node.key)?.[1]);
  if (end === undefined) return undefined;
  return { start, end, value: value && [valueProp?.offset ?? value[0], value[1]] };
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (!isNode(node) || !node.range || isUnwritten(node)) return undefined;
  return [node.range[0], node.range[1]];
}
