// Writes files that are not there yet: all of them, or none.
import { mkdir, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Problem } from '../problem/problem.ts';
import { fileErrorText } from './file-error.ts';
import { fileProblem } from './manifest-files.ts';

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** A problem for each file that is there already; or why writing failed, and then nothing of it is left. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<Problem[]> {
  const existing: Problem[] = [];
  for (const { path } of files) {
    if (await isThere(path))
      existing.push(
        fileProblem(path, 'is there already', 'Move it away, or write elsewhere with --out FOLDER.'),
      );
  }
  if (existing.length > 0) return existing;
  const written: string[] = [];
  for (const { path, text } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      // Somebody else may have made it in between.
      await writeFile(path, text, { flag: 'wx' });
      written.push(path);
    } catch (error) {
      for (const done of written) await unlink(done).catch(() => {});
      return [
        fileProblem(
          path,
          `cannot be written: ${fileErrorText(error)}`,
          'Check the folder and its permissions; nothing was written.',
        ),
      ];
    }
  }
  return [];
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    // A part of the path that is a file is told when it is written.
    () => false,
  );
}
