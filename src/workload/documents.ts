// Reads manifest files, YAML with any number of documents or JSON, with positions for code frames.
import type { PathSegment } from '../problem/field-path.ts';
import type { Position, Problem } from '../problem/problem.ts';
import { offsetOf } from './find-node.ts';
import { parseManifest } from './kubectl-yaml.ts';
import { splitDocuments } from './split-documents.ts';
import { indexLines } from './text-position.ts';
import { valueOrProblems } from './yaml-problems.ts';

export interface ManifestDocument {
  readonly file: string;
  /** Its number in the file, empty and broken documents counted: what `editManifest` takes. */
  readonly index: number;
  /** Plain JSON; nothing in it is shared, so it may be changed. Integers beyond 2^53 are rounded here, not in the text. */
  readonly value: unknown;
  /** Offsets of its text in the file. */
  readonly range: readonly [start: number, end: number];
  /** Where a field stands; the nearest thing above it where it is absent. */
  readonly positionOf: (path: readonly PathSegment[]) => Position;
}

export interface ReadManifests {
  readonly documents: readonly ManifestDocument[];
  /** `yaml-syntax`, `yaml-aliases` or `helm-template`, each with its position; the other documents are still given. */
  readonly problems: readonly Problem[];
}

/** Every document of a file that is not empty. `file` is only used in positions. */
export function readManifests(text: string, file: string): ReadManifests {
  const documents: ManifestDocument[] = [];
  const problems: Problem[] = [];
  const positionInFile = indexLines(text, file);
  for (const [index, { start, end }] of splitDocuments(text).entries()) {
    const slice = text.slice(start, end);
    const document = parseManifest(slice);
    const read = valueOrProblems(document, slice, (offset) => positionInFile(start + offset));
    if (!read.ok) problems.push(...read.problems);
    else if (read.value !== null) {
      const positionOf = (path: readonly PathSegment[]): Position =>
        positionInFile(start + offsetOf(document, path));
      documents.push({ file, index, value: read.value, range: [start, end], positionOf });
    }
  }
  return { documents, problems };
}
