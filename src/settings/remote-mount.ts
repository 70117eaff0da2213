// Where a remote of the settings is mounted.
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Remote } from './remote-schema.ts';

/** The mount point of a remote relative to the media path (`zurg`), or null when it does not lie below it. */
export function relativeMountPoint(remote: Pick<Remote, 'name' | 'path'>, mediaPath: string): string | null {
  const path = cleanPath(remote.path ?? remote.name);
  if (path.split('/').includes('..')) return null;
  if (!path.startsWith('/')) return path === '' ? null : path;
  const media = cleanPath(mediaPath);
  return path !== media && isWithin(path, media) ? path.slice(media.length + 1) : null;
}
