import { isJsonObject } from '../../pod/json.ts';
import { valueAt } from '../../pod/value-at.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { listRefusals } from '../refusals.ts';

/** Read by the first pass of SCC admission, before the webhook has added the sidecars. */
const REQUIRED = 'openshift.io/required-scc';
/** Written by SCC admission. */
const USED = 'openshift.io/scc';

export const scc: Check = {
  id: 'scc',
  group: 'cluster',
  title: 'the SCC "privileged" may be used (OpenShift)',
  run: (facts) => {
    const { subject, privilegedScc } = facts;
    if (!isOpenShift(facts) || subject.expected === null) return null;
    const account = accountOf(facts);
    const used = subject.pod.metadata?.annotations?.[USED];
    const looked = `service account ${account}${used === undefined ? '' : `, admitted by ${used}`}`;
    const refused = listRefusals(facts).filter(({ kind }) => kind === 'scc');
    if (refused[0] !== undefined || (privilegedScc !== null && valueOf(privilegedScc) === false))
      return { looked, findings: [notUsable(refused[0]?.message, facts)] };
    if (privilegedScc !== null && privilegedScc.state !== 'known')
      return notMade(privilegedScc, `whether ${account} may use it`);
    return { looked, findings: lacksAnnotation(facts) };
  },
};

/** The API groups of OpenShift annotate each namespace. */
export function isOpenShift({ namespace, subject }: Pick<Facts, 'namespace' | 'subject'>): boolean {
  const annotations = valueAt(valueOf(namespace), ['metadata', 'annotations']);
  const marked = isJsonObject(annotations) && annotations['openshift.io/sa.scc.uid-range'] !== undefined;
  return (
    marked ||
    subject.settings.platform === 'openshift' ||
    subject.pod.metadata?.annotations?.[USED] !== undefined
  );
}

function accountOf({ subject }: Facts): string {
  const name = valueAt(subject.object, ['spec', 'serviceAccountName']);
  return typeof name === 'string' && name !== '' ? name : 'default';
}

function notUsable(message: string | undefined, facts: Facts): Finding {
  const { namespace } = facts.subject;
  return fail({
    code: 'scc_not_usable',
    found: message ?? `service account ${accountOf(facts)} may not use the SCC "privileged"`,
    cause: 'the sidecars are privileged, and OpenShift admits them under that SCC alone',
    mend: [`oc adm policy add-scc-to-user privileged -z ${accountOf(facts)} -n ${namespace}`],
    symptom: 'sidecar_crash_loop',
  });
}

/** knowledge: SCC admission runs before the webhooks too, and then decides by the app alone. */
function lacksAnnotation({ subject }: Facts): Finding[] {
  if (subject.pod.metadata?.annotations?.[REQUIRED] === 'privileged') return [];
  return [
    warn({
      code: 'required_scc_missing',
      found: `the pod template lacks ${REQUIRED}: privileged (MS408)`,
      cause:
        'SCC admission looks at the pod before the webhook adds the sidecars: the app may get the user and the capabilities of restricted-v2',
      mend: ['set it on the pod template'],
      yaml: `metadata:\n  annotations:\n    ${REQUIRED}: privileged\n`,
      symptom: 'pod_not_starting',
    }),
  ];
}
