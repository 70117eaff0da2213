// The rclone command line of one remote. Reasons for the defaults: rclone docs (docs/content/commands/rclone_mount.md)
// and docs/adr/0003-read-only-by-default.md.
import { parseQuantity } from '../pod/quantity.ts';
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { CACHE_DIRECTORY, CONFIG_DIRECTORY, RC_DIRECTORY } from '../settings/container-paths.ts';

/** Part of the cache volume that rclone may use: it never evicts open files, and looks only now and then. */
const CACHE_SHARE = 0.8;

/**
 * rclone trims the cache only this often, once a minute by default: until then the maximum bounds nothing, and the
 * kubelet evicts a pod whose volume is over its sizeLimit (measured: 97 MiB in a cache of 48 MiB).
 */
const CACHE_POLL = '--vfs-cache-poll-interval=5s';

/** True when the sidecar needs a cache volume: uploads must survive a restart, a full cache must be bounded. */
export function needsCache(remote: RemoteIntent): boolean {
  return !remote.readOnly || remote.vfsCacheMode === 'full';
}

/** `rclone mount SOURCE POINT FLAGS...`; a flag of the settings takes the place of ours of the same name. */
export function renderRcloneCommand(
  remote: RemoteIntent,
  point: string,
  intent: Intent,
  rc: 'off' | 'socket',
): string[] {
  const standard = [
    `--config=${CONFIG_DIRECTORY}/rclone.conf`,
    // Without it only root in this container sees the files.
    '--allow-other',
    ...(remote.readOnly ? ['--read-only'] : []),
    `--vfs-cache-mode=${remote.vfsCacheMode}`,
    `--dir-cache-time=${intent.dirCacheTime}`,
    `--attr-timeout=${intent.attrTimeout}`,
    `--poll-interval=${intent.pollInterval}`,
    // rclone's statfs asks the backend for About; the probes must never do that.
    '--disable=About',
    '--use-json-log',
    ...(needsCache(remote)
      ? [
          `--cache-dir=${CACHE_DIRECTORY}`,
          `--vfs-cache-max-size=${cacheMaxSize(remote.cacheSize)}`,
          CACHE_POLL,
        ]
      : []),
    // The socket is in a volume that only the sidecars mount; rclone has no other way to leave it open to exec.
    ...(rc === 'socket'
      ? ['--rc', '--rc-no-auth', `--rc-addr=unix://${RC_DIRECTORY}/${remote.name}.sock`]
      : []),
    ...(remote.metricsAddr === null ? [] : [`--metrics-addr=${remote.metricsAddr}`]),
  ];
  const given = new Set(remote.flags.map(flagName));
  return [
    'rclone',
    'mount',
    remote.source,
    point,
    ...standard.filter((flag) => !given.has(flagName(flag))),
    ...remote.flags,
  ];
}

function flagName(flag: string): string {
  return flag.split('=', 1)[0] ?? flag;
}

/** 80 % of a quantity, in rclone's notation: `10Gi` gives `8192Mi`. */
function cacheMaxSize(size: string | number): string {
  return `${Math.max(1, Math.floor(((parseQuantity(size) ?? 0) * CACHE_SHARE) / 2 ** 20))}Mi`;
}
