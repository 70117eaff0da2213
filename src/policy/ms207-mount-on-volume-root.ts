import type { SidecarRef } from '../intent/survey.ts';
import { containerPath, listMounts } from '../pod/containers.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Finding, Rule } from './rule.ts';

export const ms207: Rule = {
  id: 'MS207',
  title: 'rclone mounts on a volume itself',
  level: 'deny',
  why: 'rclone refuses a path that is a mount point already ("directory already mounted", cmd/mountlib), a dead mount there keeps every container of the pod from starting, and an unmount takes the volume with it.',
  check: ({ survey }) => survey.sidecars.flatMap(checkSidecar),
};

function checkSidecar(ref: SidecarRef): Finding[] {
  const { target } = ref.sidecar;
  const found = listMounts(ref.container).find(({ mount }) => cleanPath(mount.mountPath) === target);
  if (found === undefined) return [];
  return [
    {
      path: containerPath(ref),
      message: `mount sidecar ${ref.container.name} runs rclone on ${target}, where the volume "${found.mount.name}" itself is mounted`,
      hint: 'Mount the volume one level higher, so that rclone has a directory in it, or remove the sidecar and let the webhook inject it.',
    },
  ];
}
