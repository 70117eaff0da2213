// What a rule may know of the object that a pod template stands in.
import { rawMountsLabel } from '../intent/labels.ts';
import { valueAt } from '../pod/value-at.ts';
import type { WorkloadFacts } from './rule.ts';

/** Reads the facts from an object of any shape: it was never decoded. */
export function workloadFacts(kind: string, object: unknown): WorkloadFacts {
  const label = rawMountsLabel(object) ?? rawMountsLabel(valueAt(object, JOB_TEMPLATE));
  if (label === undefined) return { kind, label: 'absent' };
  return { kind, label: label === 'true' || label === 'false' ? label : 'malformed' };
}

/** Of a CronJob: its labels become those of the Jobs, which are not those of the pods either. */
export const JOB_TEMPLATE = ['spec', 'jobTemplate'];
