import { describe, expect, it } from 'vitest';
import { readVariables, variableResolver } from '../../../src/intent/container-variables.ts';

const literal = (name: string, value: string) => ({ name, value });
const container = (env: unknown) => ({ name: 'x', env });

describe('the variables of a container', () => {
  it('are those that are written out, and those whose value is elsewhere', () => {
    const env = [
      literal('A', '1'),
      { name: 'B', valueFrom: {} },
      { name: 'C', value: 3 },
      { value: 'D' },
      null,
    ];
    expect(readVariables(container(env))).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: null },
      { name: 'C', value: null },
    ]);
  });

  it.each([[undefined], [null], ['A=1'], [{ A: '1' }]])('are none in %j', (env) => {
    expect(readVariables(container(env))).toEqual([]);
  });

  it('are not more than anybody has', () => {
    const env = Array.from({ length: 300 }, (_, index) => literal(`V${index}`, ''));
    expect(readVariables(container(env))).toHaveLength(200);
  });
});

describe('a word that begins with a variable', () => {
  const env = [
    literal('A', 'old'),
    literal('A', '/mnt'),
    literal('LONG', 'x'.repeat(257)),
    literal('EDGE', 'x'.repeat(256)),
    { name: 'SECRET', valueFrom: {} },
  ];
  const resolve = (word: string) => variableResolver(container(env))(word);

  it('is put in again and again', () => {
    const again = variableResolver(container(env));
    expect([again('$A/1'), again('$A/2'), again('x')]).toEqual(['/mnt/1', '/mnt/2', 'x']);
  });

  it.each([
    ['$(A)', '/mnt'],
    ['${A}', '/mnt'],
    ['$A', '/mnt'],
    ['$A/media', '/mnt/media'],
    ['${A}2', '/mnt2'],
    ['$(A)$(A)', '/mnt$(A)'],
    ['$EDGE', 'x'.repeat(256)],
  ])('%s is %s', (word, expected) => {
    expect(resolve(word)).toBe(expected);
  });

  it.each(['$AB', '$(B)', '$', '$$A', 'x$A', '$SECRET', '$LONG', '$(A}', '${A:-/x}', '', '/mnt'])(
    '%s stays as it is',
    (word) => {
      expect(resolve(word)).toBe(word);
    },
  );
});
