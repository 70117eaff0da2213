import { containerPath, listMounts } from '../pod/containers.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Container } from '../pod/pod.ts';
import { isOurInitDirs, makesPoint, mountPointOf } from '../intent/mount-sidecar.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { makesDirectories } from './makes-directories.ts';
import type { PodView, Rule } from './rule.ts';

export const ms303: Rule = {
  id: 'MS303',
  title: 'nothing creates the mount point of a hand-written sidecar',
  level: 'deny',
  why: 'rclone does not make its mount point: it ends with "no such file or directory" and the container crashes for ever (rclone cmd/mountlib).',
  check: (view) =>
    view.survey.sidecars
      .filter((ref) => !ref.ours && !isMountPointMade(ref, view))
      .map((ref) => ({
        path: containerPath(ref),
        message: `nothing creates the mount point ${mountPointOf(ref.sidecar, view.intent)} before sidecar ${ref.container.name} starts`,
        hint: `Put an init container in front that mounts the volume and runs mkdir -p ${mountPointOf(ref.sidecar, view.intent)}, or remove the sidecar and let the webhook inject it.`,
      })),
};

/** By the sidecar's own script, or by an init container in front of it that has the place writable. */
function isMountPointMade(ref: SidecarRef, view: PodView): boolean {
  const point = mountPointOf(ref.sidecar, view.intent);
  if (makesDirectories(ref.container)) return true;
  return [...view.survey.initDirs, ...view.survey.userInits].some(
    (init) => (ref.list === 'containers' || init.index < ref.index) && makes(init.container, point),
  );
}

/** Our own init-dirs makes only what its arguments name; anything else that can write there may make it. */
function makes(container: Container, point: string): boolean {
  return isOurInitDirs(container) ? makesPoint(container, point) : canWrite(container, point);
}

function canWrite(container: Container, point: string): boolean {
  return listMounts(container).some(
    ({ mount }) => mount.readOnly !== true && isWithin(point, cleanPath(mount.mountPath)),
  );
}
