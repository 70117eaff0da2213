import { containerPath } from '../pod/containers.ts';
import { quoteField } from '../problem/quote.ts';
import type { Rule } from './rule.ts';

export const ms301: Rule = {
  id: 'MS301',
  title: 'mount sidecar not privileged',
  level: 'deny',
  why: 'A FUSE mount needs /dev/fuse and CAP_SYS_ADMIN, and sharing it needs Bidirectional, which the API allows only to privileged containers.',
  check: ({ survey }) =>
    survey.sidecars
      .filter((ref) => ref.container.securityContext?.privileged !== true)
      .map((ref) => ({
        path: containerPath(ref, 'securityContext', 'privileged'),
        message: `mount sidecar ${ref.container.name} is not privileged (privileged: ${quoteField(ref.container.securityContext?.privileged)}): it cannot mount`,
        hint: 'Write securityContext: { privileged: true } in it, or remove the sidecar and let the webhook inject it.',
      })),
};
