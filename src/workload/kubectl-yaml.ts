// Reads YAML as kubectl does. kubectl uses go-yaml v2 (sigs.k8s.io/yaml), a mix of YAML 1.1 and 1.2: `yes` is true,
// `0444` is octal, `<<` merges, but `1:30` and `2001-01-01` stay strings. Rules: resolve.go of gopkg.in/yaml.v2 2.4.
import { isAlias, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Scalar, ScalarTag } from 'yaml';

export type ManifestNode = Document.Parsed;

const TRUE = /^(?:[yY]|[yY]es|YES|[oO]n|ON|[tT]rue|TRUE)$/;
const BOOL = /^(?:[yY]|[yY]es|YES|[oO]n|ON|[tT]rue|TRUE|[nN]|[nN]o|NO|[oO]ff|OFF|[fF]alse|FALSE)$/;
const NUMBER =
  /^[-+]?(?:0[bB][01_]+|0[oO][0-7_]+|0[xX][\da-fA-F_]+|(?:\.\d+|\d[\d_]*(?:\.[\d_]*)?)(?:[eE][-+]?\d+)?)$/;

// `format` marks values that were read, so that they are written back in the user's notation (0444, 1.10 and
// integers beyond 2^53 included); new values have no format and get the library's own tags.
const AS_WRITTEN = 'AS_WRITTEN';
const sourceOf = (item: Scalar): string => item.source ?? String(item.value);

const TAGS: ScalarTag[] = [
  {
    tag: 'tag:yaml.org,2002:bool',
    default: true,
    format: AS_WRITTEN,
    test: BOOL,
    identify: (value) => typeof value === 'boolean',
    resolve: (text) => TRUE.test(text),
    stringify: sourceOf,
  },
  {
    tag: 'tag:yaml.org,2002:float',
    default: true,
    format: AS_WRITTEN,
    test: NUMBER,
    identify: (value) => typeof value === 'number',
    resolve: goNumber,
    stringify: sourceOf,
  },
];

/** The text of one document (as `splitDocuments` cuts it) as a yaml Document; look at its `errors` first. */
export function parseManifest(text: string): ManifestNode {
  return parseDocument(text, {
    schema: 'core',
    customTags: (tags) => [...TAGS, ...tags],
    compat: 'yaml-1.1',
    merge: true,
    resolveKnownTags: false,
    keepSourceTokens: true,
    prettyErrors: false,
    logLevel: 'error',
  });
}

/** True when an unquoted text would be read as a boolean, a number or null, and not as the string that it looks like. */
export function needsQuotes(text: string): boolean {
  return BOOL.test(text) || NUMBER.test(text);
}

// 50 M characters: a thousand times the largest object that etcd takes (1.5 MiB) in nobody's honest manifest.
const MAX_EXPANDED_SIZE = 50_000_000;
const MAX_ALIAS_COUNT = 1000;

/**
 * The document's value as plain JSON in which nothing is shared. Throws a ReferenceError for an alias without an
 * anchor and for aliases that multiply beyond all measure ("billion laughs").
 */
export function manifestValue(document: ManifestNode): unknown {
  const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
  let aliased = false;
  visit(document, {
    Alias() {
      aliased = true;
      return visit.BREAK;
    },
  });
  if (!aliased) return value;
  if (expandedSize(value, new Map()) > MAX_EXPANDED_SIZE) {
    throw new ReferenceError('Excessive alias count: the aliases expand to more than 50 million characters');
  }
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** The text of a map key as JSON has it: `on: 1` has the key "true", as for kubectl; undefined when it is a collection. */
export function keyText(document: ManifestNode, key: unknown): string | undefined {
  const node = isAlias(key) ? key.resolve(document) : key;
  if (!isScalar(node)) return undefined;
  const { value } = node;
  if (typeof value === 'symbol') return '<<';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function expandedSize(value: unknown, known: Map<object, number>): number {
  if (typeof value === 'string') return value.length + 1;
  if (typeof value !== 'object' || value === null) return 1;
  const size = known.get(value);
  if (size !== undefined) return size;
  known.set(value, Infinity); // a value inside itself has no end
  let sum = 1;
  for (const [key, child] of Object.entries(value)) sum += key.length + expandedSize(child, known);
  known.set(value, sum);
  return sum;
}

/** strconv.ParseInt with base 0 after the underscores are gone, else a float. */
function goNumber(text: string): number {
  const plain = text.replaceAll('_', '');
  const [, sign = '', body = ''] = /^([-+]?)(.*)$/.exec(plain) ?? [];
  const prefix = /^0[bBoOxX]/.test(body);
  const size = prefix ? Number(body) : /^0[0-7]+$/.test(body) ? parseInt(body, 8) : Number(body);
  return sign === '-' ? -size : size;
}
