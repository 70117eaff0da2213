import type { Intent } from '../intent/intent.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { containerPath } from '../pod/containers.ts';
import { holdingMount } from './holding-mount.ts';
import type { Finding, Rule } from './rule.ts';

export const ms207: Rule = {
  id: 'MS207',
  title: 'rclone mounts on a volume itself',
  level: 'deny',
  why: 'rclone refuses a path that is a mount point already ("directory already mounted", cmd/mountlib), a dead mount there keeps every container of the pod from starting, and an unmount takes the volume with it.',
  check: ({ survey, intent }) => survey.sidecars.flatMap((ref) => checkSidecar(ref, intent)),
};

function checkSidecar(ref: SidecarRef, intent: Intent): Finding[] {
  const { target } = ref.sidecar;
  const found = holdingMount(ref, intent);
  if (found === undefined || found.path !== target) return [];
  return [
    {
      path: containerPath(ref),
      message: `mount sidecar ${ref.container.name} runs rclone on ${target}, where the volume "${found.mount.name}" itself is mounted`,
      hint: 'Mount the volume one level higher, so that rclone has a directory in it, or remove the sidecar and let the webhook inject it.',
    },
  ];
}
