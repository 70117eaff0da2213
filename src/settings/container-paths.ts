// Paths inside our own containers, and which media paths they leave free.
import { isWithin } from '../pod/mount-path.ts';

export const CONFIG_DIRECTORY = '/config/rclone';
export const CACHE_DIRECTORY = '/cache';
export const RC_DIRECTORY = '/run/rclone';
/** Written by init-dirs; the same word stands in src/plan/scripts/init-dirs.sh. */
const READY_MARKER = '/tmp/media-stack-ready';

const OWN_PATHS = [CONFIG_DIRECTORY, CACHE_DIRECTORY, RC_DIRECTORY, READY_MARKER];
/** A volume there would hide the programs of the image. */
const IMAGE_PATHS = [
  '/bin',
  '/etc',
  '/lib',
  '/sbin',
  '/usr',
  '/usr/bin',
  '/usr/lib',
  '/usr/local',
  '/usr/local/bin',
];
const KERNEL_PATHS = ['/dev', '/proc', '/sys'];

/**
 * Why a path cannot be the media path, or null when it can. What lies inside the media volume of a sidecar is shared
 * with the node by Bidirectional propagation: a Secret mounted below it would be seen by every pod of the volume.
 */
export function mediaPathConflict(path: string): string | null {
  const own = OWN_PATHS.find((candidate) => isWithin(candidate, path) || isWithin(path, candidate));
  if (own !== undefined) return `the sidecars use ${own}`;
  const taken = IMAGE_PATHS.includes(path) || KERNEL_PATHS.some((candidate) => isWithin(path, candidate));
  return taken ? 'the system of the container is there' : null;
}
