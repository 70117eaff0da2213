import { expect, test } from 'vitest';
import { readManifests } from '../../../src/workload/documents.ts';
import type { ReadManifests } from '../../../src/workload/documents.ts';

const values = ({ documents }: ReadManifests): unknown[] =>
  documents.map(({ index, value }) => [index, value]);
const problems = (read: ReadManifests): string[] =>
  read.problems.map(
    ({ code, position, message }) =>
      `${position?.file}:${position?.line}:${position?.column} ${code} ${message}`,
  );

test('reads every document of a file and passes over the empty ones', () => {
  const text = '# head\n---\na: 1\n---\n---\n# nothing here\n---\nb: 2\n...\n%YAML 1.2\n--- {"c": 3}\n---\n';
  const read = readManifests(text, 'f.yaml');
  expect(values(read)).toEqual([
    [0, { a: 1 }],
    [3, { b: 2 }],
    [4, { c: 3 }],
  ]);
  expect(read.problems).toEqual([]);
  expect(read.documents.map(({ range: [start, end] }) => text.slice(start, end))).toEqual([
    '# head\n---\na: 1\n',
    '---\nb: 2\n...\n',
    '%YAML 1.2\n--- {"c": 3}\n',
  ]);
});

test('reads scalars as kubectl does', () => {
  const text =
    'bools: [yes, Off, y, TRUE]\nints: [0444, 0o17, 0x1F, -0b11, 1_000, 09, +7]\nfloats: [.5, 1.10, 1e3]\n' +
    'strings: [2001-01-01, 1:30, 0x, "yes", _1, 1.2.3, yEs]\non: 1\n<<: {merged: true}\nnothing: ~\n';
  expect(values(readManifests(text, 'f'))).toEqual([
    [
      0,
      {
        bools: [true, false, true, true],
        ints: [292, 15, 31, -3, 1000, 9, 7],
        floats: [0.5, 1.1, 1000],
        strings: ['2001-01-01', '1:30', '0x', 'yes', '_1', '1.2.3', 'yEs'],
        true: 1,
        merged: true,
        nothing: null,
      },
    ],
  ]);
});

test('gives values in which aliases share nothing', () => {
  const [document] = readManifests('a: &x {k: 1}\nb: *x\n', 'f').documents;
  const value = document?.value as { a: object; b: object };
  expect(value).toEqual({ a: { k: 1 }, b: { k: 1 } });
  expect(value.a).not.toBe(value.b);
});

test.each([
  ['a duplicate key', 'a: 1\nb: 1\na: 2\n', 'f:3:1 yaml-syntax the key "a" stands twice in the same map'],
  [
    'a tab',
    'a:\n\tb: 1\n',
    'f:2:1 yaml-syntax the YAML cannot be read: tabs are not allowed as indentation, found "b: 1"',
  ],
  ['an open quote', 'a: "x\nb: 1\n', 'f:3:1 yaml-syntax the YAML cannot be read: missing closing "quote'],
  [
    'a bad indentation',
    'a:\n    b: 1\n  c: 2\n',
    'f:3:1 yaml-syntax the YAML cannot be read: all mapping items must start at the same column, found "c: 2"',
  ],
  ['an alias without anchor', 'a: *x\n', 'f:1:4 yaml-syntax the alias *x has no anchor &x above it'],
  ['a map as a key', '? {a: 1}\n: 2\n', 'f:1:3 yaml-syntax a map or list stands where a key belongs'],
])('names %s with its place', (_name, text, expected) => {
  expect(problems(readManifests(text, 'f'))).toEqual([expected]);
});

test('an error in one document leaves the others, and positions count from the top of the file', () => {
  const read = readManifests('a: "open\n---\nb: 1\n---\nc: [\n---\nd: 1\n', 'f.yaml');
  expect(values(read)).toEqual([
    [1, { b: 1 }],
    [3, { d: 1 }],
  ]);
  expect(read.problems.map(({ position }) => position?.line)).toEqual([2, 6]);
  expect(read.documents[1]?.positionOf(['d'])).toEqual({ file: 'f.yaml', line: 7, column: 1 });
});

test.each([
  ['in a value', 'image: {{ .Values.image }}\n'],
  ['in a line of its own', '{{- if .Values.on }}\na: 1\n{{- end }}\n'],
  ['behind text', 'a: {{ .x }}-{{ .y }}\n'],
])('says that a Helm template must be rendered first, with braces %s', (_name, text) => {
  const { documents, problems } = readManifests(text, 'templates/deployment.yaml');
  expect(documents).toEqual([]);
  expect(problems).toMatchObject([
    {
      code: 'helm-template',
      hint: expect.stringContaining('render it first: helm template NAME CHART, and pipe that in'),
      position: { line: 1 },
    },
  ]);
});

test('reads quoted braces as they are', () => {
  expect(values(readManifests("a: '{{ .x }}'\n", 'f'))).toEqual([[0, { a: '{{ .x }}' }]]);
});

test('refuses aliases that multiply, and endless nesting', () => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const [at, name] of Array.from('bcdefghij').entries()) {
    const previous = `*${'abcdefghij'[at]}`;
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => previous).join(', ')}]`);
  }
  expect(readManifests(bomb.join('\n'), 'f').problems).toMatchObject([{ code: 'yaml-aliases' }]);
  const wide = `a: &a ${'x'.repeat(1_000_000)}\nb: [${Array.from({ length: 900 }, () => '*a').join(', ')}]\n`;
  expect(readManifests(wide, 'f').problems).toMatchObject([{ code: 'yaml-aliases' }]);
  expect(readManifests('a: &a [*a]\n', 'f').problems).toMatchObject([{ code: 'yaml-aliases' }]);
  for (const depth of [1000, 20_000]) {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    const { documents, problems } = readManifests(`${deep}\n---\na: 1\n`, 'f');
    expect(documents.at(-1)?.value).toEqual({ a: 1 });
    expect(documents.length + problems.length).toBe(2);
  }
});

test('finds the place of a field, or of the nearest thing above it', () => {
  const text =
    '---\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: &i x\n  - {name: b}\nbase: &b\n  k: v\nmore:\n  <<: *b\nsame: *b\n';
  const [document] = readManifests(text, 'f').documents;
  const at = (...path: (string | number)[]): string => {
    const position = document?.positionOf(path);
    return `${position?.line}:${position?.column}`;
  };
  expect([
    at(),
    at('kind'),
    at('spec', 'containers'),
    at('spec', 'containers', 0),
    at('spec', 'containers', 0, 'image'),
    at('spec', 'containers', 1, 'name'),
    at('spec', 'containers', 1, 'image', 'deep'),
    at('spec', 'containers', 9),
    at('spec', 'volumes'),
    at('metadata'),
    at('more', 'k'),
    at('same', 'k'),
  ]).toEqual(['2:1', '2:1', '4:3', '5:5', '6:5', '7:6', '7:5', '4:3', '3:1', '2:1', '9:3', '9:3']);
});

test('reads JSON, a byte order mark and CRLF', () => {
  const [document] = readManifests('\uFEFF{\r\n\t"a": [1],\r\n\t"b": 2\r\n}', 'f.json').documents;
  expect(document?.value).toEqual({ a: [1], b: 2 });
  expect(document?.positionOf(['b'])).toEqual({ file: 'f.json', line: 3, column: 2 });
});

test('reads an empty file', () => {
  expect(readManifests('', 'f')).toEqual({ documents: [], problems: [] });
  expect(readManifests('# only a comment', 'f')).toEqual({ documents: [], problems: [] });
});
