// The two sidecars of a pod of the node suite, and what each of them mounts.

export interface Sidecar {
  readonly container: string;
  readonly path: string;
}

export const ZURG: Sidecar = { container: 'rclone-zurg', path: '/mnt/media/zurg' };
export const TORBOX: Sidecar = { container: 'rclone-torbox', path: '/mnt/media/torbox' };

/** One after the other, so often in all. */
export function alternate(times: number): Sidecar[] {
  return Array.from({ length: times }, (_, index) => (index % 2 === 0 ? ZURG : TORBOX));
}
