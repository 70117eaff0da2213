// Where the app of a hand-written pod sees the media volume: not every one keeps to the settings.
import { ANNOTATIONS } from '../intent/annotations.ts';
import { isOurSidecar } from '../intent/mount-sidecar.ts';
import { isSubPathMount } from '../pod/containers.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Container, Pod } from '../pod/pod.ts';
import { relativeMountPoint } from '../settings/remote-mount.ts';
import type { Settings } from '../settings/schema.ts';
import { placeOf } from './container-files.ts';
import { readMountCommand } from './mount-command.ts';

/**
 * The path at which the containers see the volume that the hand-written sidecars mount remotes of the settings in; the
 * media path of the settings where it is among them, and where nothing says otherwise.
 */
export function findMediaPath(pod: Pod, settings: Settings): string {
  const standard = cleanPath(settings.media.path);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  for (const sidecar of containers) {
    const volume = volumeOfRemote(sidecar, settings);
    if (volume === null) continue;
    const others = pod.spec.containers.filter((container) => !readMountCommand(container).ok);
    const paths = [...others, sidecar].flatMap((container) => mountPathsOf(container, volume));
    const path = paths.includes(standard) ? standard : paths[0];
    if (path !== undefined && isMediaPath(path)) return path;
  }
  return standard;
}

function volumeOfRemote(container: Container, settings: Settings): string | null {
  const command = readMountCommand(container);
  if (!command.ok || isOurSidecar(container)) return null;
  const place = placeOf(container, command.target);
  const isKnown = settings.remotes.some(
    (remote) => relativeMountPoint(remote, settings.media.path) === place?.path,
  );
  return place !== null && isKnown ? place.mount.name : null;
}

function mountPathsOf({ volumeMounts }: Container, volume: string): string[] {
  return (volumeMounts ?? [])
    .filter((mount) => mount.name === volume && !isSubPathMount(mount))
    .map(({ mountPath }) => cleanPath(mountPath));
}

function isMediaPath(path: string): boolean {
  const row = ANNOTATIONS.find(({ field }) => field === 'mediaPath');
  return row !== undefined && 'value' in row.type.parse(path);
}
