import { containerPath, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms204: Rule = {
  id: 'MS204',
  title: 'app container with Bidirectional propagation',
  level: 'warn',
  why: 'HostToContainer is enough to see the mounts of the sidecars. Bidirectional needs a privileged app, and carries whatever it mounts to the node; with private mounts it carries even those to every pod of the volume (measured), which is refused.',
  check: (view) => view.survey.apps.flatMap((ref) => checkApp(ref, view)),
};

function checkApp(ref: ContainerRef, { intent, survey }: PodView): Finding[] {
  // Unprivileged it is MS203.
  if (ref.container.securityContext?.privileged !== true) return [];
  const hasPrivateMounts = mountsAt(ref.container, intent.privateRoot).length > 0;
  return mountsAt(ref.container, intent.mediaPath)
    .filter(({ mount }) => mount.name === survey.media.name && mount.mountPropagation === 'Bidirectional')
    .map(({ index }) => ({
      path: containerPath(ref, 'volumeMounts', index, 'mountPropagation'),
      message: hasPrivateMounts
        ? `container ${ref.container.name} mounts ${intent.mediaPath} with mountPropagation "Bidirectional": it carries the private mounts of this pod to the node and to other pods`
        : `container ${ref.container.name} mounts ${intent.mediaPath} with mountPropagation "Bidirectional", where HostToContainer is enough`,
      hint: 'Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.',
      ...(hasPrivateMounts ? { level: 'deny' as const } : {}),
    }));
}
