// Writes a file so that nobody ever sees half of it.
import { access, chmod, constants, realpath, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Problem } from '../problem/problem.ts';
import { fileErrorText } from './file-error.ts';

/** Replaces the text of a file and keeps its mode; of a link, the file behind it. Throws the error of the file system. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  // A rename would not mind that the file itself is read-only.
  await access(target, constants.W_OK);
  const { mode } = await stat(target);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await chmod(temporary, mode & 0o7777);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

/** The same; what the file system says is a problem like any other. Null where it is done. */
export async function tryReplaceFile(path: string, text: string): Promise<Problem | null> {
  try {
    await replaceFile(path, text);
    return null;
  } catch (error) {
    const message = `cannot be written: ${fileErrorText(error)}`;
    const hint = 'Check its permissions; nothing in it was changed.';
    return { code: 'file', level: 'deny', path, message, hint };
  }
}
