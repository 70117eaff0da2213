import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { editManifest } from '../../../src/workload/edit-manifest.ts';

interface Case {
  readonly name: string;
  readonly input: string;
  readonly document?: number;
  readonly operations: readonly Operation[];
  readonly expected: string;
  /** What takes the edit back; the input must come out again, byte for byte. */
  readonly undo?: readonly Operation[];
}

const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });

const LISTS: Case[] = [
  {
    name: 'appends to a list that is not indented',
    input: 'volumes:\n- name: a\n  emptyDir: {}\nafter: 1\n',
    operations: [add('/volumes/-', { name: 'b', secret: { secretName: 'b' } })],
    expected: 'volumes:\n- name: a\n  emptyDir: {}\n- name: b\n  secret:\n    secretName: b\nafter: 1\n',
    undo: [remove('/volumes/1')],
  },
  {
    name: 'appends to a list that is indented, in the same columns',
    input: 'spec:\n  volumes:\n    - name: a\n      items:\n        - key: x\n',
    operations: [add('/spec/volumes/-', { name: 'b', items: [{ key: 'z' }] })],
    expected:
      'spec:\n  volumes:\n    - name: a\n      items:\n        - key: x\n    - name: b\n      items:\n        - key: z\n',
    undo: [remove('/spec/volumes/1')],
  },
  {
    name: 'follows an indentation of four columns',
    input: 'spec:\n    template:\n        labels:\n            a: b\n',
    operations: [add('/spec/template/annotations', { c: { d: 'e' } })],
    expected:
      'spec:\n    template:\n        labels:\n            a: b\n        annotations:\n            c:\n                d: e\n',
    undo: [remove('/spec/template/annotations')],
  },
  {
    name: 'inserts first below the key, above the comment of the first item',
    input: 'containers:\n# the app\n- name: app\n',
    operations: [add('/containers/0', { name: 'first' })],
    expected: 'containers:\n- name: first\n# the app\n- name: app\n',
    undo: [remove('/containers/0')],
  },
  {
    name: 'inserts in the middle, above the comment of the item behind',
    input: 'l:\n- a # one\n\n# about b\n- b\n',
    operations: [add('/l/1', 'x')],
    expected: 'l:\n- a # one\n- x\n\n# about b\n- b\n',
    undo: [remove('/l/1')],
  },
  {
    name: 'inserts into a list inside a list on the line of its dash',
    input: 'l:\n- - a\n  - b\n',
    operations: [add('/l/0/0', { k: [1] })],
    expected: 'l:\n- - k:\n    - 1\n  - a\n  - b\n',
    undo: [remove('/l/0/0')],
  },
  {
    name: 'leaves the blank lines and comments behind the last item where they are',
    input: 'a:\n  l:\n  - x: 1   # trailing  \n\n  # afterthought\n\nb: 2\n',
    operations: [add('/a/l/1', { x: 2 })],
    expected: 'a:\n  l:\n  - x: 1   # trailing  \n  - x: 2\n\n  # afterthought\n\nb: 2\n',
    undo: [remove('/a/l/1')],
  },
  {
    name: 'removes the only item and leaves an empty list with the comment of the key',
    input: 'l: # why\n- a\nb: 1\n',
    operations: [remove('/l/0')],
    expected: 'l: [] # why\nb: 1\n',
    undo: [add('/l/-', 'a')],
  },
  {
    name: 'fills an empty list in block style',
    input: 'volumes: [] # none yet\nb: 1\n',
    operations: [add('/volumes/-', { name: 'a' }), add('/volumes/-', { name: 'b' })],
    expected: 'volumes: # none yet\n- name: a\n- name: b\nb: 1\n',
    undo: [remove('/volumes/1'), remove('/volumes/0')],
  },
  {
    name: 'fills an empty map behind a dash',
    input: 'l:\n- {}\n- x\n',
    operations: [add('/l/0/k', { m: 1 })],
    expected: 'l:\n- k:\n    m: 1\n- x\n',
    undo: [remove('/l/0/k')],
  },
];

const MAPS: Case[] = [
  {
    name: 'puts initContainers above containers and their comment',
    input: 'spec:\n  restartPolicy: Always\n  # the containers\n  containers:\n  - name: a\n',
    operations: [add('/spec/initContainers', [{ name: 'init' }])],
    expected:
      'spec:\n  restartPolicy: Always\n  initContainers:\n  - name: init\n  # the containers\n  containers:\n  - name: a\n',
    undo: [remove('/spec/initContainers')],
  },
  {
    name: 'puts initContainers above containers when these come first',
    input: 'spec:\n  # the containers\n  containers:\n  - name: a\n  volumes: []\n',
    operations: [add('/spec/initContainers', [{ name: 'init' }])],
    expected:
      'spec:\n  initContainers:\n  - name: init\n  # the containers\n  containers:\n  - name: a\n  volumes: []\n',
    undo: [remove('/spec/initContainers')],
  },
  {
    name: 'puts a missing metadata above spec',
    input: 'template:\n  spec:\n    a: 1\n',
    operations: [add('/template/metadata', { annotations: { 'a/b': '{"c":1}' } })],
    expected: 'template:\n  metadata:\n    annotations:\n      a/b: \'{"c":1}\'\n  spec:\n    a: 1\n',
    undo: [remove('/template/metadata')],
  },
  {
    name: 'adds a key to a map that begins behind a dash',
    input: 'volumeMounts:\n- name: media\n  mountPath: /mnt/media\n- name: b\n',
    operations: [add('/volumeMounts/0/mountPropagation', 'HostToContainer')],
    expected:
      'volumeMounts:\n- name: media\n  mountPath: /mnt/media\n  mountPropagation: HostToContainer\n- name: b\n',
    undo: [remove('/volumeMounts/0/mountPropagation')],
  },
  {
    name: 'adds behind a literal block without touching its text',
    input: 'data:\n  s: |\n    # not a comment\n    l2\n\n\nkind: X\n',
    operations: [add('/data/t', 'u')],
    expected: 'data:\n  s: |\n    # not a comment\n    l2\n  t: u\n\n\nkind: X\n',
    undo: [remove('/data/t')],
  },
  {
    name: 'adds behind a literal block that keeps its blank lines',
    input: 'data:\n  s: |+\n    a\n\n\nkind: X\n',
    operations: [add('/data/t', 'u')],
    expected: 'data:\n  s: |+\n    a\n\n\n  t: u\nkind: X\n',
    undo: [remove('/data/t')],
  },
  {
    name: 'adds before a literal block',
    input: 'spec:\n  containers: |-\n    x\n',
    operations: [add('/spec/initContainers', 'y')],
    expected: 'spec:\n  initContainers: "y"\n  containers: |-\n    x\n',
    undo: [remove('/spec/initContainers')],
  },
  {
    name: 'removes the first key behind a dash',
    input: 'l:\n- a: 1\n  b: 2\n',
    operations: [remove('/l/0/a')],
    expected: 'l:\n- b: 2\n',
  },
  {
    name: 'removes the only key and leaves an empty map',
    input: 'm:\n  k: 1 # one\nn: 2\n',
    operations: [remove('/m/k')],
    expected: 'm: {}\nn: 2\n',
  },
  {
    name: 'adds at the root, before the comments at the end',
    input: '# head\na: 1\n# tail\n',
    operations: [add('/b', { c: 1 })],
    expected: '# head\na: 1\nb:\n  c: 1\n# tail\n',
    undo: [remove('/b')],
  },
  {
    name: 'writes a script as a literal block and other strings on one line',
    input: 'a: 1\n',
    operations: [
      add('/c', ['set -e\nls "$1"\n', 'no end\nline', ' leading\nspace', 'tab\tbed', 'x: y', '--flag']),
    ],
    expected:
      'a: 1\nc:\n- |\n  set -e\n  ls "$1"\n- |-\n  no end\n  line\n- " leading\\nspace"\n- "tab\\tbed"\n- "x: y"\n- --flag\n',
    undo: [remove('/c')],
  },
  {
    name: 'quotes what YAML 1.1 takes for something else',
    input: 'a: 1\n',
    operations: [
      add('/c', ['yes', 'on', '0123', '1_000', 'null', '1e3', '0b1', '1:30', '', 'y', true, 1.5, null]),
    ],
    expected:
      'a: 1\nc:\n- "yes"\n- "on"\n- "0123"\n- "1_000"\n- "null"\n- "1e3"\n- "0b1"\n- "1:30"\n- ""\n- "y"\n- true\n- 1.5\n- null\n',
  },
];

const VALUES: Case[] = [
  {
    name: 'fills in a null and keeps the comment behind it',
    input: 'volumes: # to do\n  # really\nother: 1\n',
    operations: [add('/volumes', [{ name: 'a' }])],
    expected: 'volumes: # to do\n- name: a\n  # really\nother: 1\n',
    undo: [replace('/volumes', null)],
  },
  {
    name: 'fills in a null that is written out',
    input: 'a:\n  volumes: null   # to do\n  b: ~\n',
    operations: [replace('/a/volumes', [1]), replace('/a/b', { c: 2 })],
    expected: 'a:\n  volumes:   # to do\n  - 1\n  b:\n    c: 2\n',
  },
  {
    name: 'replaces a scalar in place and keeps the spaces and the comment',
    input: 'replicas:   1   # one\nimage: "x" # pinned\n',
    operations: [replace('/replicas', 2), replace('/image', 'a:b')],
    expected: 'replicas:   2   # one\nimage: a:b # pinned\n',
  },
  {
    name: 'replaces a list by a scalar and a scalar by a list',
    input: 'a: # list\n- 1\n- 2\nb: x # scalar\nc: 3\n',
    operations: [replace('/a', 'y1'), replace('/b', [1])],
    expected: 'a: y1 # list\nb: # scalar\n- 1\nc: 3\n',
  },
  {
    name: 'replaces a literal block',
    input: 'a: |  # script\n  l1\n  l2\nb: 1\n',
    operations: [replace('/a', 'm1\nm2')],
    expected: 'a: |-  # script\n  m1\n  m2\nb: 1\n',
    undo: [replace('/a', 'l1\nl2\n')],
  },
  {
    name: 'replaces list items of every form',
    input: 'l:\n- a # one\n- b: 1\n  c: 2\n- |\n  text\n-\n- z\n',
    operations: [
      replace('/l/0', { k: [1] }),
      replace('/l/1', 'B'),
      replace('/l/2', 'T'),
      replace('/l/3', 'M'),
    ],
    expected: 'l:\n- # one\n  k:\n  - 1\n- B\n- T\n- M\n- z\n',
  },
  {
    name: 'leaves integers beyond 2^53, octals and odd notations as they are',
    input: 'a: 12345678901234567890\nmode: 0444\nf: 1.10\nk: &x yes\n',
    operations: [add('/z', 1)],
    expected: 'a: 12345678901234567890\nmode: 0444\nf: 1.10\nk: &x yes\nz: 1\n',
    undo: [remove('/z')],
  },
];

const FLOW: Case[] = [
  {
    name: 'edits inside brackets on one line',
    input: 'l: [a, b]   # list\nm: {x: 1}\nn: { p: [ ] }\n',
    operations: [add('/l/0', 'y'), add('/l/-', 'c, d'), add('/m/z', { q: ['s'] }), remove('/l/1')],
    expected: 'l: ["y", b, "c, d"]   # list\nm: {x: 1, z: {q: [s]}}\nn: { p: [ ] }\n',
  },
  {
    name: 'takes back what was added inside brackets',
    input: 'l: [ a,b ]\nm: {x: 1,}\ne: {f: []}\n',
    operations: [add('/l/1', 'y1'), add('/m/z', 1), add('/e/f/-', { g: 1 })],
    expected: 'l: [ a,y1,b ]\nm: {x: 1, z: 1,}\ne: {f: [{g: 1}]}\n',
    undo: [remove('/e/f/0'), remove('/m/z'), remove('/l/1')],
  },
  {
    name: 'keeps one item per line',
    input: 'l: [\n  a, # first\n  b\n]\n',
    operations: [add('/l/-', 'c')],
    expected: 'l: [\n  a, # first\n  b,\n  c\n]\n',
    undo: [remove('/l/2')],
  },
  {
    name: 'replaces inside brackets',
    input: 'l: [a, {b: 1}, "c"]\n',
    operations: [replace('/l/1/b', 'http://x'), replace('/l/2', 3)],
    expected: 'l: [a, {b: "http://x"}, 3]\n',
  },
  {
    name: 'writes an alias on the way out, and nothing else',
    input: 'a: &m\n  x: 1\nb: *m # same\nc: 1\n',
    operations: [add('/b/y1', 2)],
    expected: 'a: &m\n  x: 1\nb: # same\n  x: 1\n  y1: 2\nc: 1\n',
  },
  {
    name: 'writes an alias out once for several operations below it',
    input: 'a: &m\n  l: [1]\n  k:\n  - 3\nb: *m\nc:\n  <<: *m\n',
    operations: [add('/b/l/-', 2), add('/b/k/-', 4), add('/c/l/-', 5), add('/c/k/0', 6)],
    expected:
      'a: &m\n  l: [1]\n  k:\n  - 3\nb:\n  l:\n  - 1\n  - 2\n  k:\n  - 3\n  - 4\nc:\n  <<: *m\n  l:\n  - 1\n  - 5\n  k:\n  - 6\n  - 3\n',
  },
  {
    name: 'writes a merged key out in the map itself',
    input: 'base: &m\n  l: [1]\nb:\n  <<: *m\n  c: 1\n',
    operations: [add('/b/l/-', 2)],
    expected: 'base: &m\n  l: [1]\nb:\n  <<: *m\n  c: 1\n  l:\n  - 1\n  - 2\n',
  },
  {
    name: 'edits below an anchor that nothing refers to',
    input: 'a: &m\n- 1\n',
    operations: [add('/a/0', 0), add('/a/-', 2)],
    expected: 'a: &m\n- 0\n- 1\n- 2\n',
    undo: [remove('/a/2'), remove('/a/0')],
  },
];

const JSON_CASES: Case[] = [
  {
    name: 'edits pretty JSON in its own style',
    input:
      '{\n  "kind": "Pod",\n  "big": 12345678901234567890,\n  "spec": {\n    "containers": [\n      { "name": "a" }\n    ]\n  }\n}\n',
    operations: [
      add('/spec/containers/-', { name: 'b', args: ['yes'] }),
      add('/spec/initContainers', [{ name: 'i' }]),
    ],
    expected:
      '{\n  "kind": "Pod",\n  "big": 12345678901234567890,\n  "spec": {\n    "initContainers": [\n      {\n        "name": "i"\n      }\n    ],\n    "containers": [\n      { "name": "a" },\n      {\n        "name": "b",\n        "args": [\n          "yes"\n        ]\n      }\n    ]\n  }\n}\n',
    undo: [remove('/spec/initContainers'), remove('/spec/containers/1')],
  },
  {
    name: 'edits compact JSON',
    input: '{"a":[1],"b":{},"c":"x"}',
    operations: [add('/a/-', { k: 'v w' }), add('/b/d', [true]), replace('/c', 'y')],
    expected: '{"a":[1,{"k":"v w"}],"b":{"d":[true]},"c":"y"}',
    undo: [replace('/c', 'x'), remove('/b/d'), remove('/a/1')],
  },
  {
    name: 'edits JSON that is indented with tabs',
    input: '{\n\t"a": {},\n\t"b": []\n}',
    operations: [add('/a/x', 1), add('/b/-', { y: 2 })],
    expected: '{\n\t"a": {\n\t\t"x": 1\n\t},\n\t"b": [\n\t\t{\n\t\t\t"y": 2\n\t\t}\n\t]\n}',
    undo: [remove('/b/0'), remove('/a/x')],
  },
];

const FILES: Case[] = [
  {
    name: 'keeps CRLF line breaks',
    input: 'a:\r\n- x: 1\r\n# c\r\nb: 2\r\n',
    operations: [add('/a/-', { x: 'l1\nl2\n' }), add('/b2', [1])],
    expected: 'a:\r\n- x: 1\r\n- x: |\r\n    l1\r\n    l2\r\n# c\r\nb: 2\r\nb2:\r\n- 1\r\n',
    undo: [remove('/b2'), remove('/a/1')],
  },
  {
    name: 'keeps a file without a last line break so',
    input: 'a:\n- x: 1',
    operations: [add('/a/-', { x: 2 })],
    expected: 'a:\n- x: 1\n- x: 2',
    undo: [remove('/a/1')],
  },
  {
    name: 'keeps a byte order mark, directives, separators and end markers',
    input: '\uFEFF%YAML 1.2\n--- # one\na: 1\n...\n# two\n---\n- x\n',
    operations: [add('/b', 2)],
    expected: '\uFEFF%YAML 1.2\n--- # one\na: 1\nb: 2\n...\n# two\n---\n- x\n',
    undo: [remove('/b')],
  },
  {
    name: 'edits only the chosen document, whatever is wrong with the others',
    input: 'a: [\n---\n---\nb: 1\n---\nb: 1\n',
    document: 2,
    operations: [add('/c', 2)],
    expected: 'a: [\n---\n---\nb: 1\nc: 2\n---\nb: 1\n',
    undo: [remove('/c')],
  },
  {
    name: 'edits the items of a List',
    input: 'kind: List\nitems:\n- kind: A\n  spec:\n    containers:\n    - name: a\n- kind: B\n',
    operations: [add('/items/0/spec/volumes', [{ name: 'v' }]), add('/items/1/spec', { x: 1 })],
    expected:
      'kind: List\nitems:\n- kind: A\n  spec:\n    containers:\n    - name: a\n    volumes:\n    - name: v\n- kind: B\n  spec:\n    x: 1\n',
    undo: [remove('/items/1/spec'), remove('/items/0/spec/volumes')],
  },
];

for (const [title, cases] of Object.entries({
  lists: LISTS,
  maps: MAPS,
  values: VALUES,
  'flow style and aliases': FLOW,
  JSON: JSON_CASES,
  files: FILES,
})) {
  describe(title, () => {
    for (const { name, input, document = 0, operations, expected, undo } of cases) {
      test(name, () => {
        expect(editManifest(input, document, operations)).toEqual({
          ok: true,
          text: expected,
          rewritten: false,
        });
        if (undo)
          expect(editManifest(expected, document, undo)).toEqual({ ok: true, text: input, rewritten: false });
      });
    }
  });
}

test('writes a script in quotes where a deeply indented comment below would become part of a literal block', () => {
  const input = 'spec:\n      # far comment\n  containers: []\n';
  expect(editManifest(input, 0, [add('/spec/initContainers', ['a\nb\n'])])).toEqual({
    ok: true,
    text: 'spec:\n  initContainers:\n  - "a\\nb\\n"\n      # far comment\n  containers: []\n',
    rewritten: false,
  });
});

test('takes the comments above a removed entry with it when asked', () => {
  const input = 'c:\n# Sidecar\n# two lines\n- name: a\n# Main\n- name: b\n';
  const edited = editManifest(input, 0, [remove('/c/0')], { removeCommentsAbove: true });
  expect(edited).toEqual({ ok: true, text: 'c:\n# Main\n- name: b\n', rewritten: false });
});

test('writes the document anew, and says so, where the text has a form that cannot be spliced', () => {
  const input = '# head\n? a\n: 1 # one\nb: 0444\nbig: 12345678901234567890\n';
  expect(editManifest(input, 0, [add('/c', 'yes')])).toEqual({
    ok: true,
    text: '# head\n? a\n: 1 # one\nb: 0444\nbig: 12345678901234567890\nc: "yes"\n'.replace(
      '? a\n: 1',
      'a: 1',
    ),
    rewritten: true,
  });
});

test('refuses to change a value that an alias uses as well, and names both', () => {
  const input = 'x: 1\n---\na: &m\n  k: 1\nb: *m\n';
  expect(editManifest(input, 1, [add('/z', 1), add('/a/l', 2)], { file: 'f.yaml' })).toEqual({
    ok: false,
    problems: [
      {
        code: 'edit-shared-anchor',
        level: 'deny',
        path: 'a.l',
        message: 'the value with the anchor &m is used again by *m; a change here would change both places',
        hint: 'Write the value out where *m stands, and take the anchor away.',
        position: { file: 'f.yaml', line: 4, column: 3 },
      },
    ],
  });
  expect(editManifest(input, 1, [remove('/a')])).toMatchObject({
    problems: [{ code: 'edit-shared-anchor' }],
  });
});

test.each([
  ['a path that is not there', [remove('/b')], 'b', 'the document has nothing at this place to remove'],
  ['an index out of the list', [add('/a/3', 1)], 'a[3]', 'the document has nothing at this place to add to'],
  [
    'a path through a scalar',
    [add('/s/t/u', 1)],
    's.t.u',
    'the document has nothing at this place to add to',
  ],
])('names %s', (_name, operations, path, message) => {
  expect(editManifest('a: [1]\ns: x\n', 0, operations)).toMatchObject({
    ok: false,
    problems: [{ code: 'edit-path', path, message }],
  });
});

test('gives the YAML error of a document that cannot be read', () => {
  expect(editManifest('a: 1\n---\nb: 1\nb: 2\n', 1, [add('/c', 1)], { file: 'f.yaml' })).toMatchObject({
    ok: false,
    problems: [{ code: 'yaml-syntax', position: { file: 'f.yaml', line: 4, column: 1 } }],
  });
  expect(editManifest('a: 1\n', 3, [])).toMatchObject({ ok: false, problems: [{ code: 'edit-path' }] });
});
