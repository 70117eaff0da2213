import { containerPath } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms401: Rule = {
  id: 'MS401',
  title: 'mount without an app in the pod',
  level: 'warn',
  why: 'A FUSE mount lives in one node at most: pods on other nodes find an empty directory, or "Transport endpoint is not connected" after a restart. That is what the sidecars are for.',
  check: ({ survey }) => {
    const [first] = survey.sidecars;
    if (first === undefined || survey.apps.length > 0) return [];
    return [
      {
        path: containerPath(first),
        message: `the pod only mounts (${survey.sidecars.map(({ container }) => container.name).join(', ')}): no app on another node sees it`,
        hint: 'Remove this workload, and label the pod templates of the apps: media-stack/cloud-mounts: "true".',
      },
    ];
  },
};
