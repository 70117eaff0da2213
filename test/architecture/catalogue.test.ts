// Things that must agree with each other.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../src/policy/catalogue.ts';
import { RULE_IDS } from '../../src/problem/rule-ids.ts';
import type { Rule } from '../../src/policy/rule.ts';
import { VERSION } from '../../src/version.ts';

const ROOT = join(import.meta.dirname, '../..');
const POLICY = join(ROOT, 'src/policy');
const ruleFiles = readdirSync(POLICY).filter((name) => /^ms\d/.test(name));

test('the version is that of package.json', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(VERSION).toBe(version);
});

test('a rule file is named by the ID of the one rule it exports', async () => {
  for (const file of ruleFiles) {
    const [, id = ''] = /^(ms\d{3})-[a-z-]+\.ts$/.exec(file) ?? [];
    const exported = (await import(join(POLICY, file))) as Record<string, Rule>;
    expect(Object.keys(exported), file).toEqual([id]);
    expect(exported[id]?.id).toBe(id.toUpperCase());
  }
});

test('the catalogue holds every rule file once, in the order of the IDs', () => {
  expect(RULES.map(({ id }) => id)).toEqual(
    ruleFiles.map((file) => file.slice(0, 5).toUpperCase()).toSorted(),
  );
});

test('a rule tells title, level and why with its source', () => {
  for (const { id, title, level, why } of RULES) {
    expect(id).toMatch(/^MS\d{3}$/);
    expect(title).toMatch(/^[a-zA-Z].*[^.]$/);
    expect(['deny', 'warn']).toContain(level);
    expect(why.length, id).toBeGreaterThan(40);
  }
});

test('every rule of the catalogue has its ID in the list that settings and annotations know', () => {
  for (const { id } of RULES) expect(RULE_IDS).toContain(id);
});
