import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findTaken, writeNewFiles } from '../../../src/cli/write-new-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-new-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
const file = (path: string, text = path) => ({ path: at(path), text });
const tree = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

it('writes all files and the folders that they need, and leaves nothing else', async () => {
  await writeNewFiles([file('a/b/one'), file('a/b/two'), file('a/three', 'Ä\n')]);
  expect(tree()).toEqual(['a', 'a/b', 'a/b/one', 'a/b/two', 'a/three']);
  expect(readFileSync(at('a/three'), 'utf8')).toBe('Ä\n');
});

it('writes none where one is there already, and takes its folders away again', async () => {
  mkdirSync(at('mine'));
  writeFileSync(at('mine/two'), 'old');
  await expect(
    writeNewFiles([file('new/deep/one'), file('mine/one'), file('mine/two')]),
  ).rejects.toMatchObject({
    code: 'EEXIST',
  });
  expect(tree()).toEqual(['mine', 'mine/two']);
  expect(readFileSync(at('mine/two'), 'utf8')).toBe('old');
});

it.each([
  ['below a file', 'file/one', 'ENOTDIR'],
  ['through a link to nowhere', 'link/one', 'ENOENT'],
])('says what the file system says %s', async (_, path, code) => {
  writeFileSync(at('file'), '');
  symlinkSync('nowhere', at('link'));
  await expect(writeNewFiles([file('other/one'), file(path)])).rejects.toMatchObject({ code });
  expect(tree()).toEqual(['file', 'link']);
});

it.skipIf(!existsSync('/proc/self'))('ends where a folder can never be made', async () => {
  await expect(writeNewFiles([{ path: '/proc/media-stack/one', text: '' }])).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

it('finds what is in the way, a link to nowhere too', async () => {
  writeFileSync(at('file'), '');
  symlinkSync('nowhere', at('link'));
  const paths = ['file', 'link', 'free', 'file/below', 'no/folder'].map(at);
  expect(await findTaken(paths)).toEqual([at('file'), at('link')]);
});
