// The volume mount of a sidecar that its mount point lies on.
import type { Intent } from '../intent/intent.ts';
import { mountPointOf } from '../intent/mount-sidecar.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { listMounts } from '../pod/containers.ts';
import type { MountRef } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';

export interface HoldingMount extends MountRef {
  /** Where it is mounted, clean. */
  readonly path: string;
}

/** The nearest mount at or above the mount point; undefined where that lies on no volume. */
export function holdingMount({ container, sidecar }: SidecarRef, intent: Intent): HoldingMount | undefined {
  const point = mountPointOf(sidecar, intent);
  return listMounts(container)
    .map(({ mount, index }) => ({ mount, index, path: cleanPath(mount.mountPath) }))
    .filter(({ path }) => isWithin(point, path))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
}
