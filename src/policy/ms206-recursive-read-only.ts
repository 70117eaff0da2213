import { containerPath, forbidsPropagation, mountsAt } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms206: Rule = {
  id: 'MS206',
  title: 'recursiveReadOnly on a mount that needs propagation',
  level: 'deny',
  why: 'The API server allows recursiveReadOnly only where mountPropagation is None or absent (pkg/apis/core/validation), so the mount can never see the sidecars.',
  check: ({ survey, intent }) =>
    [...survey.apps, ...survey.sidecars].flatMap((ref) =>
      mountsAt(ref.container, intent.mediaPath)
        .filter(({ mount }) => mount.name === survey.media.name && forbidsPropagation(mount))
        .map(({ index, mount }) => ({
          path: containerPath(ref, 'volumeMounts', index, 'recursiveReadOnly'),
          message: `container ${ref.container.name} mounts ${intent.mediaPath} with recursiveReadOnly ${JSON.stringify(mount.recursiveReadOnly)}, which excludes mount propagation`,
          hint: 'Take recursiveReadOnly away; readOnly: true may stay, and the cloud mounts are read-only by default.',
        })),
    ),
};
