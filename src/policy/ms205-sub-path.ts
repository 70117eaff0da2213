import { containerPath, isSubPathMount, mountsAt } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms205 = {
  id: 'MS205',
  title: 'media path mounted through subPath',
  level: 'deny',
  why: 'The kubelet binds a subPath without what is mounted below it (pkg/volume/util/subpath, doBindSubPath): the cloud mounts never appear there (measured).',
  check: ({ survey, intent }) =>
    [...survey.apps, ...survey.sidecars].flatMap((ref) =>
      mountsAt(ref.container, intent.mediaPath)
        .filter(({ mount }) => isSubPathMount(mount))
        .map(({ index, mount }) => ({
          path: containerPath(ref, 'volumeMounts', index, mount.subPath ? 'subPath' : 'subPathExpr'),
          message: `container ${ref.container.name} mounts ${intent.mediaPath} through subPath ${JSON.stringify(mount.subPath || mount.subPathExpr)}: it never sees the mounts of the sidecars`,
          hint: `Mount the whole volume at ${intent.mediaPath} (subPath mounts of the same volume elsewhere, such as /config, are fine).`,
        })),
    ),
} satisfies Rule;
