import type { Rule } from './rule.ts';

export const ms103 = {
  id: 'MS103',
  title: 'nodeName set in a template',
  level: 'deny',
  why: 'spec.nodeName goes round the scheduler: every pod of the template lands on that node, ready or not (kubernetes.io, Assigning Pods to Nodes, nodeName).',
  check: ({ pod, origin }) =>
    origin === 'template' && (pod.spec.nodeName ?? '') !== ''
      ? [
          {
            path: ['spec', 'nodeName'],
            message: `nodeName pins every pod to ${JSON.stringify(pod.spec.nodeName)}`,
            hint: 'Remove it and let the scheduler choose.',
          },
        ]
      : [],
} satisfies Rule;
