import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { walkManifests } from '../../../src/cli/walk-manifests.ts';

const FILES: Readonly<Record<string, string>> = {
  '.git/config': '',
  '.gitignore': 'generated/\n/tmp-*.yaml\n!tmp-keep.yaml\n',
  'tmp-a.yaml': '',
  'tmp-keep.yaml': '',
  'apps/generated/a.yaml': '',
  'apps/.gitignore': '*.yaml\n!kept.yaml\n',
  'apps/kept.yaml': '',
  'apps/left.yaml': '',
  'apps/deep/kept.yaml': '',
  'node_modules/x.yaml': '',
};
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-walk-'));
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

async function collect(paths: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const path of paths) found.push(path);
  return found;
}

it.each([
  ['.', ['apps/deep/kept.yaml', 'apps/kept.yaml', 'tmp-keep.yaml']],
  // The .gitignore of the repository counts below it too.
  ['apps', ['apps/deep/kept.yaml', 'apps/kept.yaml']],
  // Who names a folder wants it looked at.
  ['apps/generated', ['apps/generated/a.yaml']],
])('walks %s as git sees it', async (start, expected) => {
  const found = await collect(walkManifests(join(folder, start), expect.unreachable));
  expect(found.map((path) => relative(folder, path))).toEqual(expected);
});

it('tells of a folder that cannot be read', async () => {
  const told: string[] = [];
  const walked = walkManifests(join(folder, 'missing'), (path) => void told.push(relative(folder, path)));
  expect([await collect(walked), told]).toEqual([[], ['missing']]);
});
