// Every rule of the catalogue has a bad example that it alone finds fault with, and the same thing mended.
import { readdirSync } from 'node:fs';
import { expect, describe, it, test } from 'vitest';
import { readRuleExample } from '../../../scripts/rule-examples.ts';
import { RULES } from '../../../src/policy/catalogue.ts';

/** A sidecar cannot share what it mounts without being privileged: the API server names that too. */
const ALONGSIDE: Readonly<Record<string, readonly string[]>> = { MS301: ['MS203 deny'] };

const folder = new URL('../../fixtures/rules/', import.meta.url);

test('there are examples of every rule and of no other', () => {
  expect(readdirSync(folder).toSorted()).toEqual(RULES.map(({ id }) => id));
});

describe.each(RULES)('$id', ({ id, level }) => {
  it('finds fault with the bad example, and no other rule does', () => {
    const found = readRuleExample(id, 'bad').problems.map((problem) => `${problem.code} ${problem.level}`);
    expect([...new Set(found)]).toEqual([`${id} ${level}`, ...(ALONGSIDE[id] ?? [])]);
  });

  it('and no rule at all does with the good one', () => {
    expect(readRuleExample(id, 'good').problems).toEqual([]);
  });
});
