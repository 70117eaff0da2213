// What each container of a running pod sees of the mounts, by the rules of mount propagation.
import type { Intent } from '../intent/intent.ts';
import { isSubPathMount } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import { publicPath } from './sidecar-facts.ts';
import type { SidecarFacts } from './sidecar-facts.ts';

/** Paths in the container, each with what is mounted there: `/mnt/media/zurg` is `zurg: from Secret rclone-zurg-config`. */
export type MountView = ReadonlyMap<string, string>;

/** What a container sees; nothing for a mount sidecar, which is not there to look. */
export function readMountView(
  ref: ContainerRef,
  sidecars: readonly SidecarFacts[],
  intent: Intent,
): MountView {
  const view = new Map<string, string>();
  if (sidecars.some((sidecar) => sidecar.ref.container.name === ref.container.name)) return view;
  const mounts = ref.container.volumeMounts ?? [];
  for (const sidecar of sidecars) {
    const { site } = sidecar;
    if (site === null || !sidecar.isBidirectional || !isVisibleTo(ref, sidecar)) continue;
    for (const mount of mounts) {
      if (mount.name !== site.volume || isSubPathMount(mount) || !isCarried(ref, mount.mountPropagation))
        continue;
      const base = cleanPath(mount.mountPath);
      const path = site.path === '' ? base : `${base}/${site.path}`;
      const isHidden = mounts.some((other) => {
        const over = cleanPath(other.mountPath);
        return other !== mount && over.length > base.length && isWithin(path, over);
      });
      if (!isHidden) view.set(publicPath(path, intent), describeMounted(sidecar));
    }
  }
  return view;
}

/** `zurg: from Secret rclone-zurg-config`. */
export function describeMounted({ command, config }: SidecarFacts): string {
  return `${command.source} from ${typeof config === 'string' ? config : `Secret ${config.secret}`}`;
}

/** An init container sees what native sidecars in front of it have mounted. */
function isVisibleTo(ref: ContainerRef, { ref: sidecar }: SidecarFacts): boolean {
  if (ref.list === 'containers') return true;
  return sidecar.list === 'initContainers' && sidecar.index < ref.index;
}

/** A container that starts when the mounts are there has a copy of them; later ones reach it by propagation alone. */
function isCarried(ref: ContainerRef, propagation: string | null | undefined): boolean {
  return (
    ref.list === 'initContainers' || propagation === 'HostToContainer' || propagation === 'Bidirectional'
  );
}
