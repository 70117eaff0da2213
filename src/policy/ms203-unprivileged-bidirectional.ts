import { containerPath, listContainers, listMounts } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms203: Rule = {
  id: 'MS203',
  title: 'Bidirectional propagation on an unprivileged container',
  level: 'deny',
  why: 'The API server refuses it: Bidirectional mount propagation is available only to privileged containers (pkg/apis/core/validation, validateMountPropagation).',
  check: ({ pod }) =>
    listContainers(pod)
      .filter((ref) => ref.container.securityContext?.privileged !== true)
      .flatMap((ref) =>
        listMounts(ref.container).flatMap(({ mount, index }) =>
          mount.mountPropagation === 'Bidirectional'
            ? [
                {
                  path: containerPath(ref, 'volumeMounts', index, 'mountPropagation'),
                  message: `container ${ref.container.name} has mountPropagation "Bidirectional" at ${mount.mountPath} but is not privileged`,
                  hint: 'Take mountPropagation away (a container that only makes directories needs none), write HostToContainer for an app, or set securityContext.privileged: true for a container that mounts.',
                },
              ]
            : [],
        ),
      ),
};
