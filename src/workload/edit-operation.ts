// One JSON Patch operation as splices of the document's text.
import { isAlias, isCollection, isMap, isNode } from 'yaml';
import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Operation } from '../pod/json-patch.ts';
import { isJsonObject } from '../pod/json.ts';
import { insertBlockEntry, removeBlockEntry } from './block-edits.ts';
import { blockEntries } from './block-layout.ts';
import { replaceBlockValue } from './block-replace.ts';
import { indexOfKey } from './find-node.ts';
import { insertFlowItem, removeFlowItem, replaceFlowValue } from './flow-edits.ts';
import { parsePointer, renderPointer } from '../pod/json-pointer.ts';
import type { ManifestNode } from './kubectl-yaml.ts';
import type { ManifestStyle } from './manifest-style.ts';
import { patchValue } from './patch-value.ts';
import { renderItem, renderPair } from './render-value.ts';
import { anchorUsedOutside, sharedAnchor } from './shared-anchor.ts';
import type { Splice } from './splice.ts';

/** `shared`: an anchor that is used elsewhere is in the way. `none`: there is no way to do this by splicing. */
export type PlannedEdit =
  | { readonly kind: 'splices'; readonly splices: readonly Splice[] }
  | { readonly kind: 'shared'; readonly anchor: string }
  | { readonly kind: 'none' };

export interface EditContext {
  readonly document: ManifestNode;
  readonly text: string;
  readonly style: ManifestStyle;
  readonly removeCommentsAbove: boolean;
}

/** A place in a collection, and the place of that collection in the one around it. */
interface Slot {
  readonly collection: YAMLMap | YAMLSeq;
  readonly index: number;
  readonly outer: Slot | undefined;
}

const NONE: PlannedEdit = { kind: 'none' };

// A new key goes before the first of these that its map has, so that the pod reads in the usual order; other keys go
// to the end.
const PLACE_BEFORE: Readonly<Record<string, readonly string[]>> = {
  metadata: ['spec', 'template'],
  affinity: ['initContainers', 'containers'],
  initContainers: ['containers'],
};

/** How to do one operation on the text. The value that results is the caller's to check. */
export function planOperation(context: EditContext, operation: Operation): PlannedEdit {
  const segments = parsePointer(operation.path);
  const last = segments.pop();
  if (last === undefined) return NONE;
  let node: unknown = context.document.contents;
  let slot: Slot | undefined;
  for (const [depth, segment] of segments.entries()) {
    const rest = { ...operation, path: renderPointer([...segments.slice(depth), last]) };
    if (isAlias(node)) return writeOut(context, slot, node, rest);
    if (!isCollection(node)) return NONE;
    const shared = sharedAnchor(context.document, node);
    if (shared !== undefined) return { kind: 'shared', anchor: shared };
    const index = findIndex(context.document, node, segment);
    if (index === -1)
      return isMap(node)
        ? writeOutMerged(context, node, slot, segment, {
            ...operation,
            path: renderPointer([...segments.slice(depth + 1), last]),
          })
        : NONE;
    slot = { collection: node, index, outer: slot };
    const item: unknown = node.items[index];
    node = isMap(node) ? node.items[index]?.value : item;
  }
  if (isAlias(node)) return writeOut(context, slot, node, { ...operation, path: renderPointer([last]) });
  if (!isCollection(node)) return NONE;
  const shared = sharedAnchor(context.document, node);
  if (shared !== undefined) return { kind: 'shared', anchor: shared };
  return planInCollection(context, node, slot, last, operation);
}

function planInCollection(
  context: EditContext,
  collection: YAMLMap | YAMLSeq,
  outer: Slot | undefined,
  key: string,
  operation: Operation,
): PlannedEdit {
  const index = findIndex(context.document, collection, key);
  const exists = index >= 0 && index < collection.items.length;
  if (operation.op === 'add' && (!isMap(collection) || !exists)) {
    return insert(context, collection, outer, isMap(collection) ? undefined : index, key, operation.value);
  }
  if (!exists) {
    return operation.op === 'replace' && isMap(collection)
      ? insert(context, collection, outer, undefined, key, operation.value)
      : NONE;
  }
  const old: unknown = isMap(collection) ? collection.items[index]?.value : collection.items[index];
  const anchor = isNode(old) ? anchorUsedOutside(context.document, old) : undefined;
  if (anchor !== undefined) return { kind: 'shared', anchor };
  if (operation.op !== 'remove') return replaceAt(context, { collection, index, outer }, operation.value);
  return collection.flow === true
    ? planned(removeFlowItem(collection, index))
    : planned(removeBlockEntry(context, collection, index, headEndOf(outer), context.removeCommentsAbove));
}

function insert(
  context: EditContext,
  collection: YAMLMap | YAMLSeq,
  outer: Slot | undefined,
  listIndex: number | undefined,
  key: string,
  value: unknown,
): PlannedEdit {
  const index = listIndex ?? placeOf(context.document, collection, key);
  if (index < 0 || index > collection.items.length) return NONE;
  if (collection.flow === true) {
    // `volumes: []` in block style becomes a block list; inside other brackets it cannot.
    if (collection.items.length === 0 && outer && outer.collection.flow !== true) {
      return replaceAt(context, outer, listIndex === undefined ? { [key]: value } : [value]);
    }
    return planned(
      insertFlowItem(context, collection, index, listIndex === undefined ? key : undefined, value),
    );
  }
  const lines =
    listIndex === undefined ? renderPair(key, value, context.style) : renderItem(value, context.style);
  return planned(insertBlockEntry(context, collection, index, lines, headEndOf(outer)));
}

function replaceAt(context: EditContext, { collection, index }: Slot, value: unknown): PlannedEdit {
  return collection.flow === true
    ? planned(replaceFlowValue(context, collection, index, value))
    : planned(replaceBlockValue(context, collection, index, value));
}

/** An alias on the way becomes a patched copy of what it refers to. */
function writeOut(
  context: EditContext,
  slot: Slot | undefined,
  alias: Node,
  operation: Operation,
): PlannedEdit {
  const patched = patchValue(copyOf(alias, context.document), [operation]);
  return slot && patched.ok ? replaceAt(context, slot, patched.value) : NONE;
}

/** A key that comes from a merged map (`<<`) is written out in the map itself, patched. */
function writeOutMerged(
  context: EditContext,
  map: YAMLMap,
  slot: Slot | undefined,
  key: string,
  operation: Operation,
): PlannedEdit {
  const value = copyOf(map, context.document);
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return NONE;
  const patched = patchValue(value[key], [operation]);
  return patched.ok ? insert(context, map, slot, undefined, key, patched.value) : NONE;
}

function copyOf(node: Node, document: ManifestNode): unknown {
  return JSON.parse(JSON.stringify(node.toJS(document))) as unknown;
}

function findIndex(document: ManifestNode, collection: YAMLMap | YAMLSeq, segment: string): number {
  if (isMap(collection)) return indexOfKey(document, collection, segment);
  if (segment === '-') return collection.items.length;
  return /^(?:0|[1-9]\d*)$/.test(segment) ? Number(segment) : -1;
}

function placeOf(document: ManifestNode, collection: YAMLMap | YAMLSeq, key: string): number {
  if (isMap(collection) && Object.hasOwn(PLACE_BEFORE, key)) {
    for (const sibling of PLACE_BEFORE[key] ?? []) {
      const index = indexOfKey(document, collection, sibling);
      if (index !== -1) return index;
    }
  }
  return collection.items.length;
}

function headEndOf(slot: Slot | undefined): number | undefined {
  return slot && blockEntries(slot.collection)?.[slot.index]?.headEnd;
}

function planned(splices: readonly Splice[] | undefined): PlannedEdit {
  return splices ? { kind: 'splices', splices } : NONE;
}
