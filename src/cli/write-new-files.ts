// Several new files, all of them or none.
import { constants, copyFile, link, lstat, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Those of the paths at which something is: a file, a folder, a link to nowhere. */
export async function findTaken(paths: readonly string[]): Promise<string[]> {
  const taken: string[] = [];
  for (const path of paths) if (await isTaken(path)) taken.push(path);
  return taken;
}

/**
 * Writes the files and the folders that they need. What is there is never overwritten, not even when it comes in
 * between, and nobody sees half a file. When one cannot be written the others, and the new folders, are taken away
 * again, and the error of the file system is thrown.
 */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    const drafts: { readonly draft: string; readonly path: string }[] = [];
    for (const { path, text } of files) {
      await makeFolder(dirname(path), undo);
      const draft = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
      undo.push(() => rm(draft, { force: true }));
      await writeFile(draft, text, { flag: 'wx' });
      drafts.push({ draft, path });
    }
    for (const { draft, path } of drafts) {
      await putInPlace(draft, path);
      undo.push(() => rm(path, { force: true }));
    }
    for (const { draft } of drafts) await rm(draft, { force: true });
  } catch (error) {
    for (const step of undo.toReversed()) await step().catch(() => {});
    throw error;
  }
}

/**
 * Makes a folder and those above it, with an undo step for each, so that the innermost goes first. mkdir with
 * `recursive` would try for ever where the system says ENOENT to the folder itself, as below /proc (Node 24).
 */
async function makeFolder(folder: string, undo: (() => Promise<void>)[]): Promise<void> {
  const missing: string[] = [];
  for (let path = folder; !(await isTaken(path)); path = dirname(path)) missing.unshift(path);
  for (const path of missing) {
    await mkdir(path);
    undo.push(() => rmdir(path));
  }
}

/** A rename would replace what has come in between; a link does not, and a copy is for file systems without links. */
async function putInPlace(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(error))) throw error;
    await copyFile(draft, path, constants.COPYFILE_EXCL);
  }
}

async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    // What cannot be looked at cannot be written either: that error tells more.
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
