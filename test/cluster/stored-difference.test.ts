import { describe, expect, it } from 'vitest';
import { storedDifference } from './stored-difference.ts';

const container = (name: string, fields: object = {}): object => ({ name, image: 'app', ...fields });

describe('storedDifference', () => {
  it.each([
    { why: 'defaults', said: { a: 1 }, stored: { a: 1, b: 2 } },
    {
      why: 'a container of another webhook',
      said: [container('a'), container('b')],
      stored: [container('x'), container('a'), container('b')],
    },
    {
      why: 'a mount of the token',
      said: [{ name: 'm', mountPath: '/m' }],
      stored: [
        { name: 'm', mountPath: '/m' },
        { name: 'kube', mountPath: '/var/run' },
      ],
    },
    {
      why: 'empty values that are left out',
      said: { securityContext: {}, tolerations: [], readOnly: false },
      stored: {},
    },
    {
      why: 'another way to write a quantity',
      said: { limits: { memory: '1024Mi' } },
      stored: { limits: { memory: '1Gi' } },
    },
  ])('finds nothing in $why', ({ said, stored }) => {
    expect(storedDifference(said, stored)).toEqual([]);
  });

  it.each([
    { said: { a: 1 }, stored: {}, differences: ['.a: said 1, stored undefined'] },
    { said: { a: '1.0' }, stored: { a: '1' }, differences: ['.a: said "1.0", stored "1"'] },
    { said: { args: ['x', 'y'] }, stored: { args: ['x'] }, differences: ['.args: said 2 items, stored 1'] },
    {
      said: { args: ['x', 'y'] },
      stored: { args: ['y', 'x'] },
      differences: ['.args[0]: said "x", stored "y"', '.args[1]: said "y", stored "x"'],
    },
    {
      said: [container('a'), container('b')],
      stored: [container('b'), container('a')],
      differences: [': said a b, stored b a'],
    },
    {
      said: [container('a', { image: 'x' })],
      stored: [container('a')],
      differences: ['[a].image: said "x", stored "app"'],
    },
    {
      said: [{ name: 'm', mountPath: '/m', readOnly: true }],
      stored: [{ name: 'm', mountPath: '/m' }],
      differences: ['[/m].readOnly: said true, stored undefined'],
    },
  ])('$differences', ({ said, stored, differences }) => {
    expect(storedDifference(said, stored)).toEqual(differences);
  });
});
