// Where built tools and images are kept between runs, and how several processes make one thing only once.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isOwnerAlive, ownerOf } from './run-owner.ts';
import type { RunOwner } from './run-owner.ts';

/** `$MEDIA_STACK_CACHE`, else `$XDG_CACHE_HOME/media-stack`, else `~/.cache/media-stack`: never in the work tree. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  if (env['MEDIA_STACK_CACHE']) return env['MEDIA_STACK_CACHE'];
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'media-stack');
}

/**
 * The file, made by `make(temporary)` unless it is there. Other processes wait for the one that is making it, and
 * nobody ever sees half a file. One that died while it was making it is passed over.
 */
export async function cachedFile(file: string, make: (temporary: string) => Promise<void>): Promise<string> {
  if (await isThere(file)) return file;
  await mkdir(dirname(file), { recursive: true });
  const lock = `${file}.lock`;
  while (!(await takeLock(lock))) await delay(250);
  const temporary = `${file}.${process.pid}.${randomUUID()}.part`;
  try {
    if (await isThere(file)) return file;
    await make(temporary);
    await rename(temporary, file);
    return file;
  } finally {
    await rm(temporary, { force: true, recursive: true });
    await rm(lock, { force: true });
  }
}

/**
 * True when the lock is ours. Two that find the same dead owner at once may both get it: then the work is done
 * twice, and the renames put the same thing in the same place.
 */
async function takeLock(lock: string): Promise<boolean> {
  const mine = `${lock}.${process.pid}.${randomUUID()}`;
  await writeFile(mine, JSON.stringify(ownerOf()));
  try {
    // A link appears with its content or not at all, and never over another one.
    await link(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(mine);
  }
  const owner = await readFile(lock, 'utf8').catch(() => '');
  if (owner !== '' && !isOwnerAlive(JSON.parse(owner) as RunOwner)) await rm(lock, { force: true });
  return false;
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
