import { containerPath } from '../pod/containers.ts';
import { isUnpinned } from '../pod/image-reference.ts';
import type { Rule } from './rule.ts';

export const ms404: Rule = {
  id: 'MS404',
  title: 'sidecar image without a version',
  level: 'warn',
  why: 'A new rclone then arrives with whichever pod starts next, in a privileged container, and two pods of one app may run two versions (kubernetes.io, Images).',
  check: ({ survey }) =>
    survey.sidecars
      .filter(({ container }) => container.image && isUnpinned(container.image))
      .map((ref) => ({
        path: containerPath(ref, 'image'),
        message: `mount sidecar ${ref.container.name} has the image ${JSON.stringify(ref.container.image)}, which can change any day`,
        hint: 'Name a version, e.g. docker.io/rclone/rclone:1.75.1, or a digest.',
      })),
};
