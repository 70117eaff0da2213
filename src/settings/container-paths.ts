// Paths inside our own containers, and which media paths they leave free.
import { isWithin } from '../pod/mount-path.ts';

export const CONFIG_DIRECTORY = '/config/rclone';
export const CACHE_DIRECTORY = '/cache';
export const RC_DIRECTORY = '/run/rclone';
/** Written by init-dirs; the same word stands in src/plan/scripts/init-dirs.sh. */
const READY_MARKER = '/tmp/media-stack-ready';

/** The ServiceAccount admission plugin mounts the token into our containers too. */
const TOKEN_DIRECTORY = '/run/secrets/kubernetes.io/serviceaccount';

const OWN_PATHS = [CONFIG_DIRECTORY, CACHE_DIRECTORY, RC_DIRECTORY, READY_MARKER, TOKEN_DIRECTORY];
/** A volume there would hide the programs of the image. */
const HIDING_PATHS = ['/usr', '/usr/local', '/var'];
const SYSTEM_PATHS = [
  '/bin',
  '/dev',
  '/etc',
  '/lib',
  '/proc',
  '/sbin',
  '/sys',
  '/usr/bin',
  '/usr/lib',
  '/usr/sbin',
  '/usr/local/bin',
];

/**
 * Why a path cannot be the media path, or null when it can. What lies inside the media volume of a sidecar is shared
 * with the node by Bidirectional propagation: a Secret mounted below it would be seen by every pod of the volume.
 */
export function mediaPathConflict(path: string): string | null {
  // In the image /var/run is a link to /run.
  const real = isWithin(path, '/var/run') ? path.slice('/var'.length) : path;
  const own = OWN_PATHS.find((candidate) => isWithin(candidate, real) || isWithin(real, candidate));
  if (own !== undefined) return `the sidecars use ${own}`;
  const taken = HIDING_PATHS.includes(real) || SYSTEM_PATHS.some((candidate) => isWithin(real, candidate));
  return taken ? 'the system of the container is there' : null;
}
