import { quoteField } from '../problem/quote.ts';
import type { Rule } from './rule.ts';

const ANNOTATION = 'openshift.io/required-scc';

export const ms408: Rule = {
  id: 'MS408',
  title: 'OpenShift: no required SCC on the pod template',
  level: 'warn',
  why: 'OpenShift chooses the SCC before the sidecars are there: restricted-v2, which gives the app a random user and drops its capabilities; a second choice keeps those values, and images that start as root fail (sccadmission/admission.go).',
  check: ({ pod, settings, survey }) => {
    if (settings.platform !== 'openshift' || survey.sidecars.length === 0) return [];
    const value = pod.metadata?.annotations?.[ANNOTATION];
    if (value === 'privileged') return [];
    return [
      {
        path: ['metadata', 'annotations', ANNOTATION],
        message: `the annotation ${ANNOTATION} is ${quoteField(value)}: OpenShift may choose an SCC that does not fit the app`,
        hint: `Annotate the pod template: ${ANNOTATION}: privileged; its ServiceAccount needs the use of that SCC.`,
      },
    ];
  },
};
