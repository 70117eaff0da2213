// A settings file (YAML text) becomes Settings, or problems with line and column.
import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import { LineCounter, isCollection, isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';
import { didYouMean } from '../problem/did-you-mean.ts';
import { parseFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Position, Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { checkSettings } from './check-settings.ts';
import { inputSchema } from './input-schema.ts';
import type { Settings } from './schema.ts';

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const validate = new Ajv({
  allErrors: true,
  useDefaults: true,
  strict: false,
  verbose: true,
}).compile<Settings>(inputSchema());

/**
 * Settings with every default filled in, or all problems, each at `file:line:column`. An empty text gives the
 * defaults. `file` is only used in the positions.
 */
export function parseSettings(text: string, file: string): ParsedSettings {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): Problem => ({
      code: 'settings-yaml',
      level: 'deny',
      path: '',
      message:
        error.code === 'MULTIPLE_DOCS'
          ? MULTIPLE_DOCUMENTS
          : `the settings are not valid YAML: ${error.message}`,
      hint:
        error.code === 'MULTIPLE_DOCS'
          ? 'Take the line --- and what belongs elsewhere away.'
          : 'Mend the YAML at this place.',
      position: at(error.pos[0]),
    }));
    return { ok: false, problems };
  }
  let value: unknown;
  try {
    value = withoutNulls(document.toJS({ maxAliasCount: 100 })) ?? {};
  } catch (error) {
    const message = `the settings cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ok: false,
      problems: [
        {
          code: 'settings-yaml',
          level: 'deny',
          path: '',
          message,
          hint: 'Write the values out instead of using aliases.',
          position: at(offsetOfBadAlias(document)),
        },
      ],
    };
  }
  const located = (problem: Problem): Problem => ({
    ...problem,
    position: at(offsetOf(document, parseFieldPath(problem.path))),
  });
  const problems = validate(value) ? checkSettings(value) : readableErrors(validate.errors ?? []);
  if (problems.length > 0) return { ok: false, problems: problems.map(located).toSorted(byPosition) };
  return { ok: true, settings: value as Settings };
}

/** In the order of the file, as a person mends it. */
function byPosition(a: Problem, b: Problem): number {
  const line = (a.position?.line ?? 0) - (b.position?.line ?? 0);
  return line === 0 ? (a.position?.column ?? 0) - (b.position?.column ?? 0) : line;
}

const MULTIPLE_DOCUMENTS = 'the settings file holds more than one YAML document';

/** The settings of an empty file. */
export function defaultSettings(): Settings {
  const parsed = parseSettings('', 'defaults');
  if (!parsed.ok) throw new Error(`the default settings are wrong: ${JSON.stringify(parsed.problems)}`);
  return parsed.settings;
}

function readableErrors(errors: readonly ErrorObject[]): Problem[] {
  return errors.map((error): Problem => {
    const segments: PathSegment[] = error.instancePath
      .split('/')
      .slice(1)
      .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
      .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
    const { code, segment, message, hint } = explain(error);
    return {
      code,
      level: 'deny',
      path: renderFieldPath(segment === null ? segments : [...segments, segment]),
      message,
      hint,
    };
  });
}

interface Explained {
  readonly code: string;
  readonly segment: string | null;
  readonly message: string;
  readonly hint: string;
}

function explain(error: ErrorObject): Explained {
  const params = error.params as Record<string, unknown>;
  const found = quote(error.data);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      const list = known.length > 0 ? `Known keys here: ${known.join(', ')}.` : 'Rule IDs look like MS404.';
      return {
        code: 'settings-unknown-key',
        segment: key,
        message: `unknown key ${quote(key)}`,
        hint: didYouMean(key, known) + list,
      };
    }
    case 'required': {
      const key = String(params['missingProperty']);
      return {
        code: 'settings-missing-key',
        segment: null,
        message: `the key ${quote(key)} is missing`,
        hint: `Add ${key}: ... here.`,
      };
    }
    case 'type':
      return {
        code: 'settings-type',
        segment: null,
        message: `must be ${[params['type']]
          .flat()
          .map((type) => withArticle(String(type)))
          .join(' or ')}, found ${found}`,
        hint: describe(error),
      };
    case 'maxProperties': {
      const keys = Object.keys(error.data as object).join(' and ');
      return {
        code: 'settings-value',
        segment: null,
        message: `only one of them may stand here, found ${keys}`,
        hint: describe(error),
      };
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      return {
        code: 'settings-value',
        segment: null,
        message: `${found} is not one of ${allowed.join(', ')}`,
        hint: `${didYouMean(String(error.data), allowed)}Choose one of them.`,
      };
    }
    default:
      return {
        code: 'settings-value',
        segment: null,
        message: `${found} ${error.message ?? 'is not valid'}`,
        hint: describe(error),
      };
  }
}

function describe(error: ErrorObject): string {
  const description = error.parentSchema?.['description'];
  return typeof description === 'string' ? `${description}.` : 'See docs/settings.md.';
}

function withArticle(type: string): string {
  return type === 'array'
    ? 'a list'
    : type === 'object'
      ? 'a map'
      : /^[aeio]/.test(type)
        ? `an ${type}`
        : `a ${type}`;
}

/** `key:` with nothing behind it means the default, as it does in Kubernetes. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

/** Offset of the first alias whose anchor is not there, else of the last alias: one that multiplies the others. */
function offsetOfBadAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias: (_key, alias) => {
      offset = alias.range?.[0] ?? offset;
      return alias.resolve(document) === undefined ? visit.BREAK : undefined;
    },
  });
  return offset;
}

/** Offset of the key or item at this path, or of the nearest node above it that exists. */
function offsetOf(document: Document, segments: readonly PathSegment[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const segment of segments) {
    if (!isCollection(node)) return offset;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(segment),
      );
      if (!isPair(pair)) return offset;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else {
      const item: unknown = node.items[Number(segment)];
      if (item === undefined) return offset;
      node = item;
      offset = (item as { range?: [number, number, number] }).range?.[0] ?? offset;
    }
  }
  return offset;
}
