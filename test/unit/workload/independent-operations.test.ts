import { expect, test } from 'vitest';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { takeIndependent } from '../../../src/workload/independent-operations.ts';

const remove = (path: string): Operation => ({ op: 'remove', path });

test.each([
  ['different lists', ['/a/0', '/b/0', '/items/0/x/y', '/items/1/x/y'], []],
  ['the same list', ['/a/0'], ['/a/1', '/a/0']],
  ['something below a list that changes', ['/a/0'], ['/a/1/x']],
  ['a list above one that changes', ['/a/1/x'], ['/a/0']],
  ['the document itself', ['/a/0'], ['']],
  ['names that begin alike', ['/spec/volumes/0', '/spec/volumesX/0'], []],
  ['what meets an operation that waits', ['/a/0', '/c/0'], ['/a/1/b/0', '/a/1/b/1']],
])('tells apart %s', (_name, independent, rest) => {
  const operations = [...independent, ...rest].map(remove);
  expect(takeIndependent(operations)).toEqual({
    independent: independent.map(remove),
    rest: rest.map(remove),
  });
});
