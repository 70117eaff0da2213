// Finds the node of a path in a YAML document, through aliases and merge keys.
import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Node, YAMLMap } from 'yaml';
import type { PathSegment } from '../problem/field-path.ts';
import { keyText } from './kubectl-yaml.ts';
import type { ManifestNode } from './kubectl-yaml.ts';

/**
 * Offset of what stands at this path: of the key for a map entry, of the value for a list item. Where the path does
 * not exist, of the nearest thing above it that does.
 */
export function offsetOf(document: ManifestNode, path: readonly PathSegment[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? document.range[0];
  for (const segment of path) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isSeq(target)) {
      node = target.items[Number(segment)];
      if (node === undefined) return offset;
      offset = startOf(node) ?? offset;
    } else if (isMap(target)) {
      const pair = findPair(document, target, String(segment));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      return offset;
    }
  }
  return offset;
}

/** Index of the entry with this key in the map itself (merged maps not looked at), or -1. */
export function indexOfKey(document: ManifestNode, map: YAMLMap, key: string): number {
  return map.items.findIndex((pair) => keyText(document, pair.key) === key && !isMergeKey(pair.key));
}

interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

function findPair(document: ManifestNode, map: YAMLMap, key: string): Entry | undefined {
  const own = map.items[indexOfKey(document, map, key)];
  if (own !== undefined) return own;
  for (const pair of map.items) {
    if (!isMergeKey(pair.key)) continue;
    for (const source of mergeSources(document, pair.value)) {
      const merged = source === map ? undefined : findPair(document, source, key);
      if (merged !== undefined) return merged;
    }
  }
  return undefined;
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

function mergeSources(document: ManifestNode, value: unknown): YAMLMap[] {
  const node: unknown = isAlias(value) ? value.resolve(document) : value;
  if (isMap(node)) return [node];
  return isSeq(node) ? node.items.flatMap((item) => mergeSources(document, item)) : [];
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  return isNode(node) ? (node satisfies Node).range?.[0] : undefined;
}
