// Counts the folders that this process really watches. Node's own lists leave out what is unreferenced, and every
// watch of the server is.
import { readdirSync, readFileSync } from 'node:fs';

/** 1 where the kernel can be asked, else 0. */
export const onLinux = process.platform === 'linux' ? 1 : 0;

export function inotifyWatches(): number {
  if (onLinux === 0) return 0;
  return readdirSync('/proc/self/fdinfo')
    .map(readFdInfo)
    .reduce((sum, text) => sum + (text.match(/^inotify wd:/gm) ?? []).length, 0);
}

function readFdInfo(fd: string): string {
  try {
    return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8');
  } catch {
    // The descriptor by which the folder itself was read is gone.
    return '';
  }
}
