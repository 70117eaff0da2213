// The way out where the text cannot be spliced: the yaml library writes the whole document anew. Comments are kept,
// spacing may change.
import { isCollection, isMap, isSeq } from 'yaml';
import type { Operation } from '../pod/json-patch.ts';
import { indexOfKey } from './find-node.ts';
import { parsePointer } from '../pod/json-pointer.ts';
import { parseManifest } from './kubectl-yaml.ts';
import type { ManifestNode } from './kubectl-yaml.ts';
import type { ManifestStyle } from './manifest-style.ts';

/** The document's text with the operations applied, or undefined where one of them does not fit. */
export function rewriteDocument(
  text: string,
  operations: readonly Operation[],
  style: ManifestStyle,
): string | undefined {
  // The library takes the carriage return at the end of a comment for a part of it.
  const document = parseManifest(text.replaceAll('\r\n', '\n'));
  if (!operations.every((operation) => applyOperation(document, operation))) return undefined;
  try {
    const rewritten = document.toString({
      lineWidth: 0,
      indent: style.step,
      indentSeq: style.listOffset > 0,
      flowCollectionPadding: false,
    });
    return style.eol === '\n' ? rewritten : rewritten.replaceAll('\n', style.eol);
  } catch {
    return undefined; // an alias whose anchor is gone
  }
}

function applyOperation(document: ManifestNode, operation: Operation): boolean {
  const segments = parsePointer(operation.path);
  const last = segments.pop();
  const created =
    operation.op === 'remove'
      ? undefined
      : document.createNode(operation.value, { aliasDuplicateObjects: false });
  if (last === undefined) {
    if (!created) return false;
    document.contents = created as ManifestNode['contents'];
    return true;
  }
  let node: unknown = document.contents;
  for (const segment of segments) {
    if (isMap(node)) node = node.items[indexOfKey(document, node, segment)]?.value;
    else if (isSeq(node)) node = node.items[Number(segment)];
    else return false;
  }
  if (!isCollection(node)) return false;
  if (node.items.length === 0) node.flow = false;
  if (isMap(node)) {
    const index = indexOfKey(document, node, last);
    if (!created) return index !== -1 && node.items.splice(index, 1).length === 1;
    const pair = node.items[index];
    if (pair) pair.value = created;
    else node.add(document.createPair(last, created));
    return true;
  }
  const index = last === '-' ? node.items.length : Number(last);
  if (operation.op === 'add') node.items.splice(index, 0, created);
  else if (created) node.items.splice(index, 1, created);
  else node.items.splice(index, 1);
  return true;
}
