import { listContainers } from '../../pod/containers.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { listRefusals } from '../refusals.ts';
import { textAt } from '../../pod/text-at.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export const podSecurity: Check = {
  id: 'pod-security',
  group: 'cluster',
  title: 'the PodSecurity level of the namespace allows privileged sidecars',
  run: (facts) => {
    const { namespace, subject } = facts;
    if (subject.expected === null) return null;
    const told = listRefusals(facts).filter(({ kind }) => kind === 'pod_security');
    if (told[0] !== undefined) return { looked: 'refused', findings: [toFinding(told[0].message, facts)] };
    if (namespace.state !== 'known') return notMade(namespace, `namespace ${subject.namespace}`);
    const level = textAt(namespace.value, ['metadata', 'labels', ENFORCE]);
    if (level === '' || level === 'privileged' || facts.admission.state === 'known')
      return { looked: level === '' ? 'no level set' : `${ENFORCE}=${level}`, findings: [] };
    const privileged = listContainers(subject.pod).some(
      ({ container }) => container.securityContext?.privileged === true,
    );
    // The sidecars of a pod that was not injected yet are privileged too.
    const wanted = privileged || subject.expected.label === 'true';
    return {
      looked: `${ENFORCE}=${level}`,
      findings: wanted ? [toFinding(`the namespace enforces the level ${level}`, facts)] : [],
    };
  },
};

function toFinding(found: string, { subject }: Facts): Finding {
  return fail({
    code: 'pod_security',
    found,
    cause:
      'PodSecurity admission refuses privileged containers at the levels baseline and restricted, and the sidecars are privileged',
    mend: [`kubectl label namespace ${subject.namespace} ${ENFORCE}=privileged --overwrite`],
    symptom: 'pod_not_created',
  });
}
