import type { SidecarRef } from '../intent/survey.ts';
import { containerPath } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import type { Finding, Rule } from './rule.ts';

export const ms402: Rule = {
  id: 'MS402',
  title: 'sidecar without requests and limits',
  level: 'warn',
  why: 'rclone takes as much memory as its buffers and caches ask for: without a limit it is the node that runs out, without a request it is the first to be evicted. A LimitRange would set its own.',
  check: ({ pod, survey }) => survey.sidecars.flatMap((ref) => checkSidecar(ref, pod)),
};

function checkSidecar(ref: SidecarRef, pod: Pod): Finding[] {
  const has = (kind: 'requests' | 'limits') =>
    !isEmpty(ref.container.resources?.[kind]) || !isEmpty(pod.spec.resources?.[kind]);
  // The API server takes limits for the requests that are not written.
  const missing = has('limits') ? [] : has('requests') ? ['limits'] : ['requests', 'limits'];
  if (missing.length === 0) return [];
  return [
    {
      path: containerPath(ref, 'resources'),
      message: `mount sidecar ${ref.container.name} has no ${missing.join(' and no ')}`,
      hint: 'Write resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { cpu: 500m, memory: 1Gi } } in it, or remove the sidecar and let the webhook inject it.',
    },
  ];
}

function isEmpty(list: object | null | undefined): boolean {
  return Object.keys(list ?? {}).length === 0;
}
