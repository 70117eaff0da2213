// The pod that a controller makes of a workload's template, as far as the webhook can see the difference.
import { MOUNTS_LABEL, STATUS_ANNOTATION } from '../../src/intent/labels.ts';
import type { Pod } from '../../src/pod/pod.ts';
import type { Workload } from '../../src/workload/template.ts';

type Loose = Record<string, any>; // eslint-disable-line typescript/no-explicit-any

/** The pod-like as a Pod object: labelled where the label is assumed, with the claims of a StatefulSet as volumes. */
export function asPod(podLike: Pod, workload: Workload, addLabel: boolean): Loose {
  const pod = structuredClone(podLike) as unknown as Loose;
  const metadata = (pod['metadata'] ??= {}) as Loose;
  if (addLabel) metadata['labels'] = { [MOUNTS_LABEL]: 'true', ...metadata['labels'] };
  if (workload.claimTemplates.length > 0) {
    // pkg/controller/statefulset: updateStorage. The claim wins over a volume of the same name.
    const names = workload.claimTemplates.map(({ name }) => name);
    const others = ((pod['spec']['volumes'] ?? []) as Loose[]).filter(({ name }) => !names.includes(name));
    const claims = names.map((name) => ({
      name,
      persistentVolumeClaim: { claimName: `${name}-${workload.name}-0` },
    }));
    pod['spec']['volumes'] = [...claims, ...others];
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: workload.name, controller: true };
    metadata['ownerReferences'] = [owner];
    metadata['name'] = `${workload.name}-0`;
  }
  return { apiVersion: 'v1', kind: 'Pod', ...pod };
}

/**
 * The same without the record of which lists were made: a template may lack metadata or volumes that every pod of it
 * has.
 */
export function withoutRoots(pod: Loose): Loose {
  const copy = structuredClone(pod);
  const annotations = copy['metadata']?.['annotations'] as Loose | undefined;
  if (typeof annotations?.[STATUS_ANNOTATION] !== 'string') return copy;
  const status = JSON.parse(annotations[STATUS_ANNOTATION]) as Loose;
  delete status['added']['created'];
  delete status['added']['wereNull'];
  annotations[STATUS_ANNOTATION] = JSON.stringify(status);
  return copy;
}
