// Applies JSON Patch operations to the text of one document by splicing: every byte that belongs to no added or removed
// node stays. The result is read again and compared with the patched value before it leaves.
import type { Operation } from '../pod/json-patch.ts';
import { jsonEqual } from '../pod/json.ts';
import { planOperation } from './edit-operation.ts';
import { takeIndependent } from './independent-operations.ts';
import { manifestValue, parseManifest } from './kubectl-yaml.ts';
import { detectStyle } from './manifest-style.ts';
import type { ManifestStyle } from './manifest-style.ts';
import { rewriteDocument } from './rewrite-document.ts';
import { applySplices, overlapsAny } from './splice.ts';
import type { Splice } from './splice.ts';
import { splitDocuments } from './split-documents.ts';

export interface EditedText {
  readonly kind: 'edited';
  readonly text: string;
  /** True where the yaml library had to write the document anew. */
  readonly rewritten: boolean;
}

/** An operation would change a value that an alias elsewhere uses, too. */
export interface SharedAnchor {
  readonly kind: 'shared';
  readonly anchor: string;
  readonly path: string;
}

/** `expected` is the value that the edited text must have; nothing else ever comes out. */
export function editDocument(
  original: string,
  operations: readonly Operation[],
  expected: unknown,
  removeCommentsAbove: boolean,
): EditedText | SharedAnchor | { readonly kind: 'impossible' } {
  const style = detectStyle(parseManifest(original), original);
  // Whole lines are easier: a missing last line break is put there, and taken away again.
  const hasLastBreak = original.endsWith('\n');
  const restore = (text: string): string =>
    hasLastBreak || !text.endsWith(style.eol) ? text : text.slice(0, -style.eol.length);

  // A comment that is indented deeply would become part of a literal block written above it: hence the second try.
  for (const literals of [true, false]) {
    const complete = hasLastBreak ? original : original + style.eol;
    const spliced = spliceAll(complete, operations, { ...style, literals }, removeCommentsAbove);
    if (typeof spliced === 'object') return spliced;
    if (spliced === undefined) continue;
    const text = restore(spliced);
    if (holds(text, expected)) return { kind: 'edited', text, rewritten: false };
  }
  const rewritten = rewriteDocument(original, operations, style);
  if (rewritten !== undefined && holds(restore(rewritten), expected)) {
    return { kind: 'edited', text: restore(rewritten), rewritten: true };
  }
  return { kind: 'impossible' };
}

/** Each round reads the text once and splices all the operations that do not meet; a List of hundreds needs few rounds. */
function spliceAll(
  original: string,
  operations: readonly Operation[],
  style: ManifestStyle,
  removeCommentsAbove: boolean,
): string | SharedAnchor | undefined {
  let text = original;
  let pending = operations;
  while (pending.length > 0) {
    const document = parseManifest(text);
    if (document.errors.length > 0) return undefined;
    const { independent, rest } = takeIndependent(pending);
    const splices: Splice[] = [];
    const deferred: Operation[] = [];
    for (const operation of independent) {
      const edit = planOperation({ document, text, style, removeCommentsAbove }, operation);
      if (edit.kind === 'shared') return { ...edit, path: operation.path };
      if (edit.kind === 'none') return undefined;
      // Two operations below the same alias write the same place out: the second finds it written.
      if (edit.splices.some((splice) => overlapsAny(splice, splices))) deferred.push(operation);
      else splices.push(...edit.splices);
    }
    text = applySplices(text, splices);
    pending = [...deferred, ...rest];
  }
  return text;
}

/** Reads the text again: one document, no error, the expected value. */
function holds(text: string, expected: unknown): boolean {
  if (splitDocuments(text).length !== 1) return false;
  const document = parseManifest(text);
  if (document.errors.length > 0) return false;
  try {
    return jsonEqual(manifestValue(document), expected);
  } catch {
    return false;
  }
}
