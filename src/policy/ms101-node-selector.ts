import type { Rule } from './rule.ts';

export const ms101 = {
  id: 'MS101',
  title: 'nodeSelector pins a node',
  level: 'deny',
  why: 'The mounts come with the pod, so it can run on any node; pinned to one, it is down whenever that node is.',
  check: ({ pod, settings }) =>
    Object.entries(pod.spec.nodeSelector ?? {})
      .filter(([key]) => settings.policy.nodeSelectorKeys.includes(key))
      .map(([key, value]) => ({
        path: ['spec', 'nodeSelector', key],
        message: `nodeSelector ${key} pins the pod to ${JSON.stringify(value)}`,
        hint: 'Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.',
      })),
} satisfies Rule;
