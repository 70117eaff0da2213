import { isJsonObject } from '../../pod/json.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { textAt } from '../../pod/text-at.ts';

export const claim: Check = {
  id: 'claim',
  group: 'cluster',
  title: 'the claim of the media volume is bound',
  run: (facts) => {
    const { subject, claim: fact } = facts;
    const name = mediaClaimName(facts);
    if (fact === null || name === null || subject.expected === null) return null;
    if (fact.state === 'absent') return { looked: name, findings: [missing(name, facts)] };
    if (fact.state !== 'known') return notMade(fact, `claim ${name}`);
    const spec = isJsonObject(fact.value['spec']) ? fact.value['spec'] : {};
    const modes = Array.isArray(spec['accessModes']) ? (spec['accessModes'] as string[]) : [];
    const phase = textAt(fact.value, ['status', 'phase']) || 'in no phase';
    const findings: Finding[] = [];
    if (phase !== 'Bound')
      findings.push(
        fail({
          code: 'claim_not_bound',
          found: `claim ${name} is ${phase}`,
          cause:
            'there is no volume for it: no matching PersistentVolume, or its StorageClass cannot make one',
          mend: [`kubectl describe pvc ${name} -n ${subject.namespace}`],
          symptom: 'pod_not_starting',
        }),
      );
    if (modes.length > 0 && !modes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany'))
      findings.push(
        warn({
          code: 'claim_not_shared',
          found: `claim ${name} is ${modes.join(', ')}`,
          cause: 'pods on another node cannot have it at the same time',
          mend: ['use a volume with ReadWriteMany (NFS, CephFS) for a library that several apps read'],
          symptom: 'some_nodes_only',
        }),
      );
    return { looked: `${name} ${phase}, ${modes.join(', ')}`, findings };
  },
};

/** The claim of the pod's media volume; null where the volume is none. */
export function mediaClaimName({ subject }: Pick<Facts, 'subject'>): string | null {
  const { source, exists } = subject.survey.media;
  const found = source ?? (exists ? null : subject.intent.mediaSource);
  const volume = found?.['persistentVolumeClaim'];
  return isJsonObject(volume) && typeof volume['claimName'] === 'string' ? volume['claimName'] : null;
}

function missing(name: string, { subject }: Facts): Finding {
  return fail({
    code: 'claim_missing',
    found: `there is no claim ${name} in namespace ${subject.namespace}`,
    cause: 'the claim of the media volume does not exist, and the pod waits for it',
    mend: [
      'create it, or name another one: settings media.volume, or the annotation media-stack/media-claim',
      `kubectl get pvc -n ${subject.namespace}`,
    ],
    yaml: `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: ${name}\n  namespace: ${subject.namespace}\nspec:\n  accessModes: [ReadWriteMany]\n  resources:\n    requests:\n      storage: 1Ti\n`,
    symptom: 'pod_not_starting',
  });
}
