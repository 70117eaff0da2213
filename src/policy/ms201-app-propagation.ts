import { containerPath, forbidsPropagation, isSubPathMount, mountsAt } from '../pod/containers.ts';
import { quoteField } from '../problem/quote.ts';
import type { Rule } from './rule.ts';

export const ms201 = {
  id: 'MS201',
  title: 'app container without mount propagation',
  level: 'deny',
  afterInjection: true,
  why: 'Without propagation a container sees only the mounts that were there before it started, and stays on a dead mount for ever after rclone restarts (measured).',
  check: ({ survey, intent }) =>
    survey.apps.flatMap((ref) =>
      mountsAt(ref.container, intent.mediaPath)
        .filter(
          ({ mount }) =>
            mount.name === survey.media.name && !isSubPathMount(mount) && !forbidsPropagation(mount),
        )
        .filter(
          ({ mount }) =>
            mount.mountPropagation !== 'HostToContainer' && mount.mountPropagation !== 'Bidirectional',
        )
        .map(({ index, mount }) => ({
          path: containerPath(ref, 'volumeMounts', index, 'mountPropagation'),
          message: `container ${ref.container.name} mounts ${intent.mediaPath} with mountPropagation ${quoteField(mount.mountPropagation)}: it never sees the mounts of the sidecars`,
          hint: 'Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.',
        })),
    ),
} satisfies Rule;
