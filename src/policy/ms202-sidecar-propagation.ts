import { containerPath } from '../pod/containers.ts';
import { mountPointOf } from '../intent/mount-sidecar.ts';
import type { SidecarRef } from '../intent/survey.ts';
import { quoteField } from '../problem/quote.ts';
import { holdingMount } from './holding-mount.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms202: Rule = {
  id: 'MS202',
  title: 'mount sidecar without Bidirectional propagation',
  level: 'deny',
  why: 'A FUSE mount leaves the container that makes it only over a Bidirectional volume mount (kubernetes.io, Volumes, Mount propagation).',
  check: (view) => view.survey.sidecars.flatMap((ref) => checkSidecar(ref, view)),
};

function checkSidecar(ref: SidecarRef, { intent, survey }: PodView): Finding[] {
  const nearest = holdingMount(ref, intent);
  if (!nearest) {
    return [
      {
        path: containerPath(ref, 'volumeMounts'),
        message: `mount sidecar ${ref.container.name} mounts ${mountPointOf(ref.sidecar, intent)}, which lies on no volume: nobody else sees it`,
        hint: `Mount the media volume at ${intent.mediaPath} with mountPropagation: Bidirectional.`,
        // Without an app beside it the container may mount for itself: an image with rclone in it.
        ...(survey.apps.length === 0 ? { level: 'warn' as const } : {}),
      },
    ];
  }
  if (nearest.mount.mountPropagation === 'Bidirectional') return [];
  return [
    {
      path: containerPath(ref, 'volumeMounts', nearest.index, 'mountPropagation'),
      message: `mount sidecar ${ref.container.name} has mountPropagation ${quoteField(nearest.mount.mountPropagation)} at ${nearest.mount.mountPath}: its mount stays inside the sidecar`,
      hint: 'Write mountPropagation: Bidirectional there (the container must be privileged), or remove the sidecar and let the webhook inject it.',
    },
  ];
}
