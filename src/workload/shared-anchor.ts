// Anchors that are used elsewhere: a change at the anchor would change every place with an alias to it.
import { visit } from 'yaml';
import type { Node } from 'yaml';
import type { ManifestNode } from './kubectl-yaml.ts';

/** The name of the node's own anchor where an alias refers to it. */
export function sharedAnchor(document: ManifestNode, node: Node): string | undefined {
  const anchor = 'anchor' in node ? node.anchor : undefined;
  return anchor !== undefined && aliasCounts(document).has(anchor) ? anchor : undefined;
}

/** The name of an anchor inside the node (or its own) to which an alias outside of it refers. */
export function anchorUsedOutside(document: ManifestNode, node: Node): string | undefined {
  const anchors = new Set<string>();
  visit(node, {
    Node(_key, { anchor }: Node & { anchor?: string }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
  });
  if (anchors.size === 0) return undefined;
  const inside = aliasCounts(node);
  const all = aliasCounts(document);
  return [...anchors].find((anchor) => all.get(anchor) !== inside.get(anchor));
}

/** Offset of the first node with this anchor. */
export function anchorOffset(document: ManifestNode, name: string): number {
  let offset: number | undefined;
  visit(document, {
    Node(_key, node: Node & { anchor?: string }) {
      if (node.anchor !== name) return undefined;
      offset = node.range?.[0];
      return visit.BREAK;
    },
  });
  return offset ?? document.range[0];
}

function aliasCounts(root: ManifestNode | Node): Map<string, number> {
  const counts = new Map<string, number>();
  visit(root, {
    Alias(_key, { source }) {
      counts.set(source, (counts.get(source) ?? 0) + 1);
    },
  });
  return counts;
}
