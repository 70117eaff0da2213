import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = new URL('../../../src/admission/', import.meta.url);

it.each(readdirSync(folder))('src/admission/%s imports nothing but its own room', (file) => {
  const imports = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g)].map(
    ([, from]) => from,
  );
  expect(imports.filter((from) => !from?.startsWith('./'))).toEqual([]);
});
