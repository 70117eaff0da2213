// What a node needs besides the Go tools: Debian packages, and how to see whether they are there.
import { existsSync } from 'node:fs';

/** For `apt-get install --no-install-recommends` (Debian 12). */
export const NODE_PACKAGES: readonly string[] = [
  'containerd',
  'runc',
  'fuse3',
  'containernetworking-plugins',
  'busybox-static',
  'util-linux',
];

export const NODE_PROGRAMS = {
  containerd: '/usr/bin/containerd',
  ctr: '/usr/bin/ctr',
  runc: '/usr/sbin/runc',
  fusermount3: '/usr/bin/fusermount3',
  busybox: '/usr/bin/busybox',
  flock: '/usr/bin/flock',
  nsenter: '/usr/bin/nsenter',
  unshare: '/usr/bin/unshare',
  loopbackPlugin: '/usr/lib/cni/loopback',
} as const;

/** What has to be done before a node can run here; `undefined`: nothing. */
export function whyNoNode(): string | undefined {
  if (process.platform !== 'linux') return 'use Linux';
  if (process.getuid?.() !== 0) return 'become root (sudo)';
  if (!existsSync('/dev/fuse')) return 'get /dev/fuse (modprobe fuse)';
  const missing = Object.values(NODE_PROGRAMS).filter((path) => !existsSync(path));
  if (missing.length === 0) return undefined;
  return `apt-get install --no-install-recommends ${NODE_PACKAGES.join(' ')} (missing: ${missing.join(', ')})`;
}
