import { describe, expect, it } from 'vitest';
import { didYouMean, nearestWord } from '../../../src/problem/did-you-mean.ts';
import { joinFieldPath, parseFieldPath, renderFieldPath } from '../../../src/problem/field-path.ts';
import type { PathSegment } from '../../../src/problem/field-path.ts';
import { renderProblemLine, sortProblems } from '../../../src/problem/problem.ts';
import { quote } from '../../../src/problem/quote.ts';

const PATHS: [PathSegment[], string][] = [
  [[], ''],
  [['spec'], 'spec'],
  [['spec', 'containers', 0, 'image'], 'spec.containers[0].image'],
  [['spec', 'containers', 12], 'spec.containers[12]'],
  [[0, 'spec'], '[0].spec'],
  [['metadata', 'annotations', 'media-stack/remotes'], 'metadata.annotations[media-stack/remotes]'],
  [['metadata', 'labels', 'app.kubernetes.io/name', 'x'], 'metadata.labels[app.kubernetes.io/name].x'],
  [['spec', 'nodeSelector', ''], 'spec.nodeSelector[]'],
  [['spec', 'nodeSelector', 'a b'], 'spec.nodeSelector[a b]'],
  [['spec', 'nodeSelector', '-x'], 'spec.nodeSelector[-x]'],
  [['$ref', '_x9'], '$ref._x9'],
];

describe('a field path', () => {
  it.each(PATHS)('%j is written as %j', (segments, text) => {
    expect(renderFieldPath(segments)).toBe(text);
  });

  it.each(PATHS)('%j is read back from %j', (segments, text) => {
    expect(parseFieldPath(text)).toEqual(segments);
  });

  it('that nobody wrote is read to an end', () => {
    const odd = ['[', 'a[', 'a[b', '..', 'a..b', ']', 'a]b', '.', '[]]', '[[a]]'];
    expect(odd.map((text) => parseFieldPath(text).length > 0)).toEqual(odd.map(() => true));
  });

  it.each([
    ['spec.template', 'spec.volumes[0]', 'spec.template.spec.volumes[0]'],
    ['', 'spec', 'spec'],
    ['spec', '', 'spec'],
    ['', '', ''],
    ['items', '[0]', 'items[0]'],
  ])('%j before %j is %j', (prefix, path, joined) => {
    expect(joinFieldPath(prefix, path)).toBe(joined);
  });
});

describe('the nearest known word', () => {
  const KNOWN = ['media', 'remotes', 'images', 'sidecar', 'platform', 'policy'];
  it.each([
    ['meda', 'media'],
    ['medai', 'media'],
    ['Media', 'media'],
    ['remote', 'remotes'],
    ['platfrom', 'platform'],
    ['sidecars', 'sidecar'],
    ['polcy', 'policy'],
    ['kubernetes', null],
    ['x', null],
    ['', null],
  ])('to %j is %j', (word, nearest) => {
    expect(nearestWord(word, KNOWN)).toBe(nearest);
  });

  it('is the first of equally near ones', () => {
    expect(nearestWord('bat', ['cat', 'hat'])).toBe('cat');
  });

  it('is none of no words', () => {
    expect(nearestWord('media', [])).toBeNull();
  });

  it('is put in front of a hint, or nothing is', () => {
    expect([didYouMean('remote', KNOWN), didYouMean('nothing', KNOWN)]).toEqual([
      'Did you mean "remotes"? ',
      '',
    ]);
  });
});

describe('a value in a message', () => {
  it.each<[unknown, string]>([
    ['a "b"\n', String.raw`"a \"b\"\n"`],
    [1.5, '1.5'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'nothing'],
    [[1], 'a list'],
    [{ a: 1 }, 'an object'],
    ['x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['x'.repeat(79), `"${'x'.repeat(78)}…`],
    ['x'.repeat(1_000_000), `"${'x'.repeat(78)}…`],
  ])('%j is shown as %s', (value, text) => {
    expect(quote(value)).toBe(text);
  });
});

describe('problems', () => {
  const problem = (path: string, code: string) => ({
    code,
    level: 'deny' as const,
    path,
    message: 'm',
    hint: 'h.',
  });

  it('are sorted by path, then by code, and the list given is left alone', () => {
    const given = [problem('b', 'MS1'), problem('a', 'MS2'), problem('a', 'MS1'), problem('', 'MS9')];
    const before = [...given];
    expect(sortProblems(given).map(({ path, code }) => `${path} ${code}`)).toEqual([
      ' MS9',
      'a MS1',
      'a MS2',
      'b MS1',
    ]);
    expect(given).toEqual(before);
  });

  it.each([
    [problem('spec.x', 'MS101'), 'MS101 spec.x: m. h.'],
    [problem('', 'file'), 'file m. h.'],
    [
      { ...problem('a.b', 'settings-type'), position: { file: 's.yaml', line: 3, column: 5 } },
      's.yaml:3:5: settings-type a.b: m. h.',
    ],
  ])('%j fit on one line', (given, line) => {
    expect(renderProblemLine(given)).toBe(line);
  });
});
