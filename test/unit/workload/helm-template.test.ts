// A Helm template is named and passed over; a broken manifest that merely speaks of {{ }} must be reported.
import { describe, expect, it } from 'vitest';
import { readManifests } from '../../../src/workload/documents.ts';

const codesOf = (text: string) => readManifests(text, 'f.yaml').problems.map(({ code }) => code);

describe('a Helm template has {{', () => {
  it.each([
    ['as a value', 'image: {{ .Values.image }}\n'],
    ['as an item', 'args:\n  - {{ .Values.arg | quote }}\n'],
    ['in a list in brackets', 'args: [ {{ .a }}, {{ .b }} ]\n'],
    ['as a key', '{{ $key }}: {{ $value }}\n'],
    ['on lines of its own', 'a:\n  {{- if .Values.on }}\n  b: 1\n  {{- end }}\n'],
    ['on a line that is indented like more of the value above', 'a: 1\n  {{- with .b }}\nc: [\n{{- end }}\n'],
    ['on such a line with a line break of Windows', 'a: 1\r\n\t{{ .b }}\r\nc: [\r\n'],
    [
      'round two documents in one, with a key twice',
      '{{- if .a }}\nkind: Deployment\n{{- else }}\nkind: Job\n{{- end }}\n',
    ],
    ['with quotes of its own in a quoted value', 'image: "{{ default "a" .Values.image }}"\n'],
    ['with quotes of its own, twice', 'image: "{{ default "a" .b }}:{{ default "c" .d }}"\n'],
    ['with a colon in a value', 'a: b{{ printf "x: y" }}\n'],
    ['over several lines in a quoted value', 'a: "{{ include\n"x" . }}"\n'],
    ['behind a block of text', 'a: |\n  text\nb: {{ .c }}\n'],
    ['behind a value behind a block of text', 'a: |\n  text\nb: c\n  {{ .d }}\ne: [\n'],
    ['and is broken besides', 'a: {{ .b }}\nc: [\n'],
  ])('%s', (_where, text) => {
    expect(codesOf(text)).toEqual(['helm-template']);
  });
});

describe('broken YAML is no template for {{', () => {
  it.each([
    ['in a comment', '# {{ .a }}\na: [1\n'],
    ['in a comment behind a value', 'a: 1 # {{ .a }}\nb: [1\n'],
    ['in double quotes', 'a: "{{ .a }}"\nb: [1\n'],
    ['in single quotes', "a: '{{ .a }}' b\n"],
    ['in a block of text', 'a: |\n  {{ .a }}\n  {{ .b }}\nb: [1\n'],
    ['in a folded block of text', 'a: >-\n  {{ .a }}\n  {{ .b }}\nb: [1\n'],
    ['in the middle of a value', 'summary: Instance {{ $labels.instance }} is down\nb: [1\n'],
    ['without an end', 'a: b {{\nb: [1\n'],
    ['behind a quote that nobody closes', 'a: "b\nc: {{ .d }}\n'],
    ['where a key stands twice', 'a: "{{ .a }}"\na: 2\n'],
    ['where a list is a key', '[a]: "{{ .a }}"\n'],
  ])('%s', (_where, text) => {
    expect(codesOf(text)).toEqual(['yaml-syntax']);
  });

  it('and each key that stands twice is named', () => {
    expect(codesOf('a: "{{ .a }}"\na: 2\na: 3\n')).toEqual(['yaml-syntax', 'yaml-syntax']);
  });

  it('and one brace inside another, as a map has them', () => {
    expect(codesOf('a: { b: { c: 1 } # {{ }}\n')).toEqual(['yaml-syntax']);
  });
});

it('takes time by the length of the text, however many braces are open', () => {
  expect(codesOf(`a: "${'{{'.repeat(500_000)}\n`)).toEqual(['yaml-syntax']);
});
