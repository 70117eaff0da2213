// What is wrong with the YAML of one document, in words for people.
import { isAlias, isCollection, isNode, visit } from 'yaml';
import type { ErrorCode, YAMLError } from 'yaml';
import type { Problem } from '../problem/problem.ts';
import { isHelmTemplate } from './helm-template.ts';
import { manifestValue, parseManifest } from './kubectl-yaml.ts';
import type { ManifestNode } from './kubectl-yaml.ts';
import type { PositionAt } from './text-position.ts';

export type DocumentValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const HELM_HINT = 'This is a Helm template, render it first: helm template NAME CHART, and pipe that in.';

const CLOSE = 'Align this line with its siblings, or close the bracket or quote above it.';
const SEPARATE = 'Quote the value, or put a line with --- between two documents.';
const HINTS: Partial<Record<ErrorCode, string>> = {
  DUPLICATE_KEY: 'Remove one of the two, or merge them.',
  TAB_AS_INDENT: 'Indent with spaces: YAML does not allow tabs there.',
  BAD_INDENT: CLOSE,
  BLOCK_IN_FLOW: CLOSE,
  MISSING_CHAR: 'Look for a missing ":", quote or bracket here or on the line above.',
  BAD_SCALAR_START: 'Quote the value: "...".',
  BLOCK_AS_IMPLICIT_KEY: 'Quote the value: "...", or put it on a line of its own.',
  MULTIPLE_DOCS: SEPARATE,
  UNEXPECTED_TOKEN: SEPARATE,
  RESOURCE_EXHAUSTION: 'The document is nested too deeply for any Kubernetes object: shorten it.',
};

/** The value of a parsed document, or why there is none. `text` is the document's text, `positionAt` counts in it. */
export function valueOrProblems(document: ManifestNode, text: string, positionAt: PositionAt): DocumentValue {
  const found = findErrors(document, text);
  const [first] = found;
  if (first !== undefined) {
    const isSound = (other: string) => findErrors(parseManifest(other), other).length === 0;
    const isTemplate = isHelmTemplate(text, isSound);
    const message = `this is not YAML but a template with {{ }} in it (${first.message})`;
    const problems = (isTemplate ? [{ ...first, message, hint: HELM_HINT }] : found).map(
      ({ offset, ...words }): Problem => ({
        code: isTemplate ? 'helm-template' : 'yaml-syntax',
        level: 'deny',
        path: '',
        ...words,
        position: positionAt(offset),
      }),
    );
    return { ok: false, problems };
  }
  try {
    return { ok: true, value: manifestValue(document) };
  } catch (error) {
    return { ok: false, problems: [aliasProblem(document, error, positionAt)] };
  }
}

interface FoundError {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

function findErrors(document: ManifestNode, text: string): FoundError[] {
  const found = firstErrors(document.errors).map((error) => ({
    offset: error.pos[0],
    message: describeError(error, text),
    hint: HINTS[error.code] ?? 'Mend the YAML at this place.',
  }));
  const offset = found.length === 0 ? collectionKeyOffset(document) : undefined;
  if (offset === undefined) return found;
  const message = 'a map or list stands where a key belongs';
  return [{ offset, message, hint: 'Quote the key, or the value when it begins with { or [.' }];
}

/** One slip often brings several errors after it: only the first counts, but every duplicate key is news. */
function firstErrors(errors: readonly YAMLError[]): YAMLError[] {
  return errors.filter((error, index) => index === 0 || error.code === 'DUPLICATE_KEY');
}

function describeError(error: YAMLError, text: string): string {
  const [start] = error.pos;
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\s]+/.exec(text.slice(start))?.[0] ?? '';
    return `the key ${JSON.stringify(key)} stands twice in the same map`;
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const line = text.slice(lineStart).split(/\r?\n/, 1)[0]?.trim() ?? '';
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return line === ''
    ? `the YAML cannot be read: ${message}`
    : `the YAML cannot be read: ${message}, found ${JSON.stringify(line.slice(0, 80))}`;
}

function collectionKeyOffset(document: ManifestNode): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Pair(_index, { key }) {
      const node: unknown = isAlias(key) ? key.resolve(document) : key;
      if (!isCollection(node)) return undefined;
      offset = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function aliasProblem(document: ManifestNode, error: unknown, positionAt: PositionAt): Problem {
  let name = '';
  let offset = document.range[0];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      name = alias.source;
      offset = alias.range?.[0] ?? offset;
      return visit.BREAK;
    },
  });
  if (name !== '') {
    const message = `the alias *${name} has no anchor &${name} above it`;
    return {
      code: 'yaml-syntax',
      level: 'deny',
      path: '',
      message,
      hint: `Add &${name} to the value that is meant, or write the value out.`,
      position: positionAt(offset),
    };
  }
  return {
    code: 'yaml-aliases',
    level: 'deny',
    path: '',
    message: `the aliases of this document cannot be expanded (${error instanceof Error ? error.message : String(error)})`,
    hint: 'Write the values out instead of using aliases.',
    position: positionAt(offset),
  };
}
