// What a rule may know of the object that a pod template stands in.
import { rawMountsLabel } from '../intent/labels.ts';
import type { WorkloadFacts } from './rule.ts';

/** Reads the facts from an object of any shape: it was never decoded. */
export function workloadFacts(kind: string, object: unknown): WorkloadFacts {
  const label = rawMountsLabel(object);
  if (label === undefined) return { kind, label: 'absent' };
  return { kind, label: label === 'true' || label === 'false' ? label : 'malformed' };
}
