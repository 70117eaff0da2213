// Applies JSON Patch operations to the text of a manifest: picks the document, and says in words for people why
// something cannot be done. The editing itself is in edit-document.ts.
import type { Operation } from '../pod/json-patch.ts';
import { renderFieldPath } from '../problem/field-path.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Position, Problem } from '../problem/problem.ts';
import { editDocument } from './edit-document.ts';
import type { SharedAnchor } from './edit-document.ts';
import { parsePointer } from '../pod/json-pointer.ts';
import { parseManifest } from './kubectl-yaml.ts';
import { patchValue } from './patch-value.ts';
import { anchorOffset } from './shared-anchor.ts';
import { splitDocuments } from './split-documents.ts';
import { indexLines } from './text-position.ts';
import type { PositionAt } from './text-position.ts';
import { valueOrProblems } from './yaml-problems.ts';

export type EditedManifest =
  | {
      readonly ok: true;
      /** The whole file; only the chosen document differs. */
      readonly text: string;
      /** True where the document could not be spliced and was written anew: comments are kept, spacing may differ. */
      readonly rewritten: boolean;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface EditOptions {
  /** Name in the positions of problems. */
  readonly file?: string;
  /** Comments directly above a removed entry, at its column, go with it. */
  readonly removeCommentsAbove?: boolean;
}

/**
 * The file with the operations applied, in order, to one of its documents (`documentIndex` as in `ManifestDocument`).
 * Paths are JSON pointers from that document's root. Adding something and then removing it gives back the same bytes.
 * Problems: `yaml-syntax` and its like, `edit-path` (nothing there), `edit-shared-anchor`, `edit-failed`.
 */
export function editManifest(
  text: string,
  documentIndex: number,
  operations: readonly Operation[],
  options: EditOptions = {},
): EditedManifest {
  const slice = splitDocuments(text)[documentIndex];
  const positionInFile = indexLines(text, options.file ?? '');
  if (!slice) {
    const message = `the file has no document number ${documentIndex + 1}`;
    return failed({
      code: 'edit-path',
      level: 'deny',
      path: '',
      message,
      hint: 'Look whether the file has changed in between.',
    });
  }
  const original = text.slice(slice.start, slice.end);
  const positionAt: PositionAt = (offset) => positionInFile(slice.start + offset);
  const read = valueOrProblems(parseManifest(original), original, positionAt);
  if (!read.ok) return { ok: false, problems: read.problems };
  const patched = patchValue(read.value, operations);
  if (!patched.ok) return failed(pathProblem(operations[patched.index], positionAt(0)));
  const edited = editDocument(original, operations, patched.value, options.removeCommentsAbove ?? false);
  if (edited.kind === 'shared') return failed(anchorProblem(edited, original, positionAt));
  if (edited.kind === 'impossible') {
    const message = 'this document cannot be edited without harm to what stands in it';
    const hint = 'Write its aliases and unusual keys (? key) out, or make the change by hand.';
    return failed({ code: 'edit-failed', level: 'deny', path: '', message, hint, position: positionAt(0) });
  }
  return {
    ok: true,
    text: text.slice(0, slice.start) + edited.text + text.slice(slice.end),
    rewritten: edited.rewritten,
  };
}

function failed(problem: Problem): EditedManifest {
  return { ok: false, problems: [problem] };
}

function pathProblem(operation: Operation | undefined, position: Position): Problem {
  return {
    code: 'edit-path',
    level: 'deny',
    path: operation ? renderFieldPath(fieldPathOf(operation.path)) : '',
    message: `the document has nothing at this place to ${operation?.op === 'add' ? 'add to' : (operation?.op ?? 'edit')}`,
    hint: 'Look whether the file has changed in between.',
    position,
  };
}

function anchorProblem({ anchor, path }: SharedAnchor, original: string, positionAt: PositionAt): Problem {
  return {
    code: 'edit-shared-anchor',
    level: 'deny',
    path: renderFieldPath(fieldPathOf(path)),
    message: `the value with the anchor &${anchor} is used again by *${anchor}; a change here would change both places`,
    hint: `Write the value out where *${anchor} stands, and take the anchor away.`,
    position: positionAt(anchorOffset(parseManifest(original), anchor)),
  };
}

/** Digits are an index, as far as anybody can tell from a pointer. */
function fieldPathOf(pointer: string): PathSegment[] {
  return parsePointer(pointer).map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
}
