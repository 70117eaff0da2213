// Random manifests as text, in the layouts that people use, and random edits of them.
import * as fc from 'fast-check';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { renderPointer } from '../../../src/pod/json-pointer.ts';

export type Tree =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'literal'; readonly lines: readonly string[] }
  | { readonly kind: 'flow'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'map'; readonly entries: readonly (Node & { readonly key: string })[] };

interface Node {
  /** Lines above: comments and blank lines. */
  readonly above: readonly string[];
  /** A comment behind what stands on the entry's first line. */
  readonly trailing: string;
  readonly tree: Tree;
}

export interface Layout {
  readonly step: number;
  readonly indentLists: boolean;
  readonly eol: string;
  readonly lastLineBreak: boolean;
  readonly head: string;
  readonly tail: readonly string[];
}

const KEYS = ['spec', 'containers', 'metadata', 'volumes', 'name', 'a/b.c', 'x', '"quoted key"', 'template'];
const NEW_KEYS = [
  'initContainers',
  'affinity',
  'annotations',
  'metadata',
  'mountPropagation',
  'new key: odd',
  'yes',
];
const SCALARS = [
  '1',
  '12345678901234567890',
  '0444',
  'yes',
  'plain text',
  '"double # quoted"',
  "'single'",
  '',
  '~',
  '2001-01-01',
  '"a\\nb"',
];

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constantFrom<unknown>(
      'yes',
      '0123',
      'text',
      'l1\nl2\n',
      'a: b # c',
      '',
      ' x',
      7,
      1.5,
      true,
      null,
      '--flag=x',
      '{}',
      'two\n\nblank',
      '- dash',
      '\u2028',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .dictionary(fc.constantFrom('name', 'k', 'on', 'a/b', 'x y'), tie('value'), { maxKeys: 3 })
      .map((map) => ({ ...map })),
  ),
})).value;

const above = fc.array(fc.constantFrom('# comment', '', '  # far comment', '#'), { maxLength: 2 });
const trailing = fc.constantFrom('', '', ' # trailing', '  ', '   # x: y');

const tree = fc.letrec<{ tree: Tree }>((tie) => {
  const node = fc.record({ above, trailing, tree: tie('tree') });
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(...SCALARS).map((text): Tree => ({ kind: 'scalar', text })),
      fc
        .array(fc.constantFrom('echo', '# no comment', '', '  indented', 'a: b'), {
          minLength: 1,
          maxLength: 3,
        })
        .map((lines): Tree => ({ kind: 'literal', lines: ['first', ...lines] })),
      json
        .filter((value) => typeof value === 'object' && value !== null)
        .map((value): Tree => ({ kind: 'flow', value })),
      fc.array(node, { minLength: 1, maxLength: 3 }).map((items): Tree => ({ kind: 'list', items })),
      fc
        .uniqueArray(fc.record({ above, trailing, tree: tie('tree'), key: fc.constantFrom(...KEYS) }), {
          minLength: 1,
          maxLength: 3,
          selector: ({ key }) => key,
        })
        .map((entries): Tree => ({ kind: 'map', entries })),
    ),
  };
}).tree;

export const manifest: fc.Arbitrary<string> = fc
  .record({
    tree: tree.filter(({ kind }) => kind === 'map' || kind === 'list'),
    layout: fc.record({
      step: fc.constantFrom(2, 2, 4, 3),
      indentLists: fc.boolean(),
      eol: fc.constantFrom('\n', '\n', '\r\n'),
      lastLineBreak: fc.boolean(),
      head: fc.constantFrom('', '---\n', '# head\n---\n', 'other: 1\n---\n'),
      tail: fc.constantFrom<string[]>([], ['# tail'], ['...'], ['---', 'next: [1]']),
    }),
  })
  .map(({ tree, layout }) => render(tree, layout));

function render(tree: Tree, layout: Layout): string {
  const text = [...layout.head.split('\n').slice(0, -1), ...block(tree, layout), ...layout.tail].join(
    layout.eol,
  );
  // A literal block at the very end has no line break of its own to lose: two readers of YAML disagree about it.
  return layout.lastLineBreak || layout.tail.length === 0 ? text + layout.eol : text;
}

/** The lines of a list or map, from its own column. */
function block(tree: Tree, layout: Layout): string[] {
  if (tree.kind === 'list') return tree.items.flatMap((node) => entry('-', node, layout));
  if (tree.kind === 'map') return tree.entries.flatMap((node) => entry(`${node.key}:`, node, layout));
  return [];
}

function entry(mark: string, { above, trailing, tree }: Node, layout: Layout): string[] {
  const indent = (lines: readonly string[], by: number): string[] =>
    lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
  if (tree.kind === 'scalar')
    return [...above, `${mark}${tree.text === '' ? '' : ` ${tree.text}`}${trailing}`];
  if (tree.kind === 'flow') return [...above, `${mark} ${JSON.stringify(tree.value)}${trailing}`];
  if (tree.kind === 'literal')
    return [...above, `${mark} |${trailing}`, ...indent(tree.lines, mark === '-' ? 2 : layout.step)];
  const lines = block(tree, layout);
  if (mark === '-') {
    const compact = !/^\s*(?:#|$)/.test(lines[0] ?? '');
    return compact
      ? [...above, `- ${lines[0]}`, ...indent(lines.slice(1), 2)]
      : [...above, `-${trailing}`, ...indent(lines, 2)];
  }
  return [
    ...above,
    `${mark}${trailing}`,
    ...indent(lines, tree.kind === 'list' && !layout.indentLists ? 0 : layout.step),
  ];
}

export interface Choice {
  readonly target: number;
  readonly place: number;
  readonly key: string;
  readonly value: unknown;
}

export const choices: fc.Arbitrary<Choice[]> = fc.array(
  fc.record({ target: fc.nat(), place: fc.nat(), key: fc.constantFrom(...NEW_KEYS), value: json }),
  { minLength: 1, maxLength: 4 },
);

/** An `add` somewhere in the value; undefined where the chosen map has the key. */
export function addition(
  value: unknown,
  { target, place, key, value: added }: Choice,
): (Operation & { op: 'add' }) | undefined {
  const targets = collections(value, '');
  const [pointer, collection] = targets[target % targets.length] ?? ['', {}];
  if (Array.isArray(collection))
    return { op: 'add', path: `${pointer}/${place % (collection.length + 1)}`, value: added };
  return Object.hasOwn(collection, key)
    ? undefined
    : { op: 'add', path: pointer + renderPointer([key]), value: added };
}

function collections(value: unknown, pointer: string): [string, object][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, child]) =>
    collections(child, pointer + renderPointer([key])),
  );
  return [[pointer, value], ...inner];
}

/** A `replace` or `remove` of something that exists. */
export function change(value: unknown, { target, place, value: next }: Choice): Operation | undefined {
  const all = collections(value, '').flatMap(([pointer, collection]) =>
    Object.keys(collection).map((key) => pointer + renderPointer([key])),
  );
  const path = all[target % all.length];
  if (path === undefined) return undefined;
  return place % 2 === 0 ? { op: 'remove', path } : { op: 'replace', path, value: next };
}
