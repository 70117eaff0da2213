// A manifest as YAML: the keys in the order of the object, the comments above their fields.
import { Document, isMap, isNode, isPair, isScalar } from 'yaml';
import type { PathSegment } from '../problem/field-path.ts';
import type { Manifest } from './manifest.ts';

/** The text of the file. A comment at a path that is not there is a mistake, and thrown as one. */
export function renderManifestText({ file, object, comments }: Manifest): string {
  const document = new Document(object, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  for (const { path, text } of comments) {
    const comment = text.replaceAll(/^/gm, ' ');
    if (path.length === 0) document.commentBefore = comment;
    else putComment(document, path, comment, file);
  }
  // A blank line between the comment at the top and the object would part what belongs together.
  return document.toString({ lineWidth: 0 }).replace(/^((?:#.*\n)+)\n/, '$1');
}

function putComment(document: Document, path: readonly PathSegment[], comment: string, file: string): void {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  const node =
    typeof last === 'number'
      ? document.getIn(path, true)
      : isMap(parent)
        ? parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last)?.key
        : undefined;
  if (!isNode(node)) throw new Error(`${file} has no ${path.join('.')} to put a comment on`);
  node.commentBefore = comment;
}
