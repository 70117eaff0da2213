import type { Check } from '../check.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { listRefusals } from '../refusals.ts';
import type { RefusalKind } from '../refusals.ts';

export const admission: Check = {
  id: 'admission',
  group: 'webhook',
  title: 'a new pod like this one is admitted (dry run)',
  run: (facts) => {
    const { subject, admission: fact } = facts;
    const refusals = listRefusals(facts);
    if (fact.state !== 'known' && refusals.length === 0)
      return fact.state === 'not_asked' && subject.expected === null
        ? null
        : notMade(fact, 'whether a new pod is admitted');
    return {
      looked: fact.state === 'known' ? fact.value.outcome : 'by its events',
      findings: refusals.map(({ kind, message, from }): Finding => {
        const draft = {
          code: kind,
          found: from === 'dry run' ? message : `FailedCreate: ${message}`,
          cause: CAUSES[kind] ?? 'see the check that names the cause',
          mend:
            kind === 'webhook_denied'
              ? ['mend what the message names, each with its rule: media-stack lint -f FILE']
              : ['see what refuses it'],
          symptom: 'pod_not_created' as const,
          role: CAUSES[kind] === undefined ? ('effect' as const) : ('cause' as const),
        };
        // One that runs goes on; the next one would not come.
        return subject.origin === 'pod' ? warn(draft) : fail(draft);
      }),
    };
  },
};

/** The others have a check of their own. */
const CAUSES: Readonly<Partial<Record<RefusalKind, string>>> = {
  webhook_denied: 'a validating webhook refuses the pod',
  quota: 'the quota of the namespace is used up; the sidecars count too',
  other: 'the API server refuses the pod',
};
