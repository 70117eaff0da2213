import { MOUNTS_LABEL, readMountsLabel } from '../intent/labels.ts';
import type { Rule } from './rule.ts';

export const ms501: Rule = {
  id: 'MS501',
  title: 'label on the workload and not on its pod template',
  level: 'warn',
  why: 'Pods get the labels of the template, not those of the workload (kubernetes.io, Deployments, Pod Template): the webhook never sees this one, and the app starts without mounts.',
  check: ({ pod, workload }) => {
    if (workload?.label !== 'true' || readMountsLabel(pod) !== 'absent') return [];
    return [
      {
        path: ['metadata', 'labels', MOUNTS_LABEL],
        message: `the ${workload.kind} has the label, its pod template has not: its pods get no mounts`,
        hint: `Write ${MOUNTS_LABEL}: "true" under the labels of the template's own metadata.`,
      },
    ];
  },
};
