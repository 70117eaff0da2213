// Writes the generated part of a golden case so that a person can read it: short collections on one line, and what
// the patch adds as an alias of where it ended up in the pod.
import { Document, isAlias, isCollection, isMap, isPair, isScalar, visit } from 'yaml';
import type { Node } from 'yaml';

const MAX_FLOW = 96;

export function renderGolden(generated: Readonly<Record<string, unknown>>): string {
  const document = new Document(generated);
  const names = new Map<string, string>();
  visit(document, {
    Collection(key, node, path) {
      if (node.anchor === undefined) return;
      const parent = path.at(-1);
      const owner = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : String(key);
      const own = isMap(node) ? node.get('name') : undefined;
      const base = (typeof own === 'string' ? own : owner).replaceAll(/[^A-Za-z0-9-]/g, '-');
      let name = base;
      for (let count = 2; [...names.values()].includes(name); count += 1) name = `${base}-${count}`;
      names.set(node.anchor, name);
      node.anchor = name;
    },
    Alias(_key, node) {
      node.source = names.get(node.source) ?? node.source;
    },
  });
  visit(document, {
    Collection(_key, node) {
      if (fitsOneLine(node)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function fitsOneLine(node: Node): boolean {
  let plain = true;
  visit(node, (_key, child) => {
    if (child !== node && (isAlias(child) || (isCollection(child) && child.anchor !== undefined))) {
      plain = false;
      return visit.BREAK;
    }
    return undefined;
  });
  return plain && JSON.stringify(node.toJSON()).length <= MAX_FLOW;
}
