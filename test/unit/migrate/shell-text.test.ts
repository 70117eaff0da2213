import { expect, it } from 'vitest';
import { parseShellText } from '../../../src/migrate/shell-text.ts';

it.each<readonly [text: string, commands: string[][]]>([
  ['', []],
  ['mkdir -p /a /b', [['mkdir', '-p', '/a', '/b']]],
  ['a; b && c\nd', [['a'], ['b'], ['c'], ['d']]],
  [`a 'b c' "d e" f'g'"h"`, [['a', 'b c', 'd e', 'fgh']]],
  ['a \\\n  b', [['a', 'b']]],
  ['# why\na # not this\nb', [['a'], ['b']]],
  ['a || true; b || :', [['a'], ['b']]],
  ['a >/dev/null 2>&1; b 2> /dev/null', [['a'], ['b']]],
  ['a "" b', [['a', '', 'b']]],
])('reads %j', (text, commands) => {
  expect(parseShellText(text)).toEqual(commands);
});

it.each([
  ['a $B'],
  ['a "$B"'],
  ['a `b`'],
  ['a | b'],
  ['a & b'],
  ['a &'],
  ['a > /b'],
  ['a < /b'],
  ['a || b'],
  ['a *'],
  ['a ~'],
  ['(a)'],
  ['{ a; }'],
  ['! a'],
  ["a 'b"],
  ['a "b'],
  ['a \\b'],
])('does not guess at %j', (text) => {
  expect(parseShellText(text)).toBeNull();
});
