import { controllerKind } from '../pod/controller-owner.ts';
import type { NodeSelectorRequirement } from '../pod/pod.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms102 = {
  id: 'MS102',
  title: 'required node affinity pins nodes',
  level: 'deny',
  why: 'A required affinity to host names pins the pod as a nodeSelector does; NotIn keeps nodes out and is fine.',
  check: findPins,
} satisfies Rule;

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

function findPins({ pod, settings }: PodView): Finding[] {
  const terms = pod.spec.affinity?.nodeAffinity?.[REQUIRED]?.nodeSelectorTerms ?? [];
  // The DaemonSet controller binds its pods by matchFields metadata.name (pkg/controller/daemon/util).
  const boundByController = controllerKind(pod.metadata) === 'DaemonSet';
  return terms.flatMap((term, index) => {
    const path: PathSegment[] = ['spec', 'affinity', 'nodeAffinity', REQUIRED, 'nodeSelectorTerms', index];
    return [
      ...pins(term.matchExpressions ?? [], settings.policy.nodeSelectorKeys, [...path, 'matchExpressions']),
      ...(boundByController ? [] : pins(term.matchFields ?? [], ['metadata.name'], [...path, 'matchFields'])),
    ];
  });
}

function pins(
  requirements: readonly NodeSelectorRequirement[],
  keys: readonly string[],
  path: readonly PathSegment[],
): Finding[] {
  return requirements.flatMap((requirement, index) => {
    if (requirement.operator !== 'In' || !keys.includes(requirement.key)) return [];
    const values = (requirement.values ?? []).join(', ');
    return [
      {
        path: [...path, index],
        message: `required node affinity pins the pod: ${requirement.key} In [${values}]`,
        hint: 'Make it preferredDuringSchedulingIgnoredDuringExecution (weight 100), or remove it and list the nodes under preferredNodes in the settings.',
      },
    ];
  });
}
