import { preferredNodesTerm } from '../plan/affinity.ts';
import type { Rule } from './rule.ts';

export const ms407: Rule = {
  id: 'MS407',
  title: 'preference for the nodes of the settings is missing',
  level: 'warn',
  why: 'The settings name nodes that are near the media or have the hardware; without the preference the scheduler does not know.',
  check: ({ pod, settings, survey, use }) => {
    if (use !== 'lint' || survey.sidecars.length === 0) return [];
    if (preferredNodesTerm(pod, settings.preferredNodes) === null) return [];
    return [
      {
        path: ['spec', 'affinity'],
        message: `no preferred node affinity for ${settings.preferredNodes.join(', ')}`,
        hint: 'Label the pod template and let the webhook add it, or write a preferred node affinity (weight 100) for them.',
      },
    ];
  },
};
