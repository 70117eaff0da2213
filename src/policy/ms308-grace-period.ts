import type { Rule } from './rule.ts';

/** Seconds: sidecars are told to stop when the app has ended, and unmount within that. */
const LEAST = 10;

export const ms308: Rule = {
  id: 'MS308',
  title: 'grace period too short to unmount',
  level: 'warn',
  why: 'Native sidecars are stopped after the app; when the grace period is over they are killed two seconds later, mounts and all, and uploads that wait are lost (KEP-753, Termination).',
  check: ({ pod, survey }) => {
    const seconds = pod.spec.terminationGracePeriodSeconds;
    if (typeof seconds !== 'number' || seconds >= LEAST || survey.sidecars.length === 0) return [];
    return [
      {
        path: ['spec', 'terminationGracePeriodSeconds'],
        message: `terminationGracePeriodSeconds is ${seconds}: app and sidecars have to end, and unmount, within that`,
        hint: `Take it away (30 is the default) or give it at least ${LEAST}.`,
      },
    ];
  },
};
