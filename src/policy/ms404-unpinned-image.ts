import { containerPath } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms404: Rule = {
  id: 'MS404',
  title: 'sidecar image without a version',
  level: 'warn',
  why: 'A new rclone then arrives with whichever pod starts next, in a privileged container, and two pods of one app may run two versions (kubernetes.io, Images).',
  check: ({ survey }) =>
    survey.sidecars
      .filter(({ container }) => isUnpinned(container.image ?? ''))
      .map((ref) => ({
        path: containerPath(ref, 'image'),
        message: `mount sidecar ${ref.container.name} has the image ${JSON.stringify(ref.container.image)}, which can change any day`,
        hint: 'Name a version, e.g. docker.io/rclone/rclone:1.75.1, or a digest.',
      })),
};

/** No digest, and no tag or the tag latest. A colon in front of the last slash belongs to a registry's port. */
function isUnpinned(image: string): boolean {
  if (image === '' || image.includes('@')) return false;
  const [, tag = ''] = image.slice(image.lastIndexOf('/') + 1).split(':');
  return tag === '' || tag === 'latest';
}
