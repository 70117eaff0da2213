import { valueAt } from '../pod/value-at.ts';
import { MOUNTS_LABEL, rawMountsLabel } from '../intent/labels.ts';
import { isJsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import type { Mender, MendInput } from './mender.ts';
import { removeField, writeField } from './mender.ts';
import { JOB_TEMPLATE } from './workload-facts.ts';

/** Moves the label from the workload to its pod template. */
export const mendMs501: Mender = { id: 'MS501', reveals: true, mend: moveLabel };

/** Writes "true" or "false" where it is plain which one is meant. */
export const mendMs502: Mender = { id: 'MS502', reveals: true, mend: writePlainValue };

function moveLabel({ object, path }: MendInput): readonly Operation[] {
  // The finding stands where the label should be: ..., metadata, labels, LABEL.
  const [metadataPath, labelsPath] = [path.slice(0, -2), path.slice(0, -1)];
  const label = { [MOUNTS_LABEL]: 'true' };
  const added = isJsonObject(valueAt(object, labelsPath))
    ? writeField(object, path, 'true')
    : isJsonObject(valueAt(object, metadataPath))
      ? writeField(object, labelsPath, label)
      : writeField(object, metadataPath, { labels: label });
  const holder = rawMountsLabel(object) === 'true' ? [] : JOB_TEMPLATE;
  return [added, removeField(object, [...holder, 'metadata', 'labels', MOUNTS_LABEL])];
}

/** What YAML 1.1 and people call true and false. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['yes', 'true'],
  ['on', 'true'],
  ['false', 'false'],
  ['no', 'false'],
  ['off', 'false'],
]);

function writePlainValue({ object, path }: MendInput): readonly Operation[] | null {
  const found = valueAt(object, path);
  if (typeof found !== 'string' && typeof found !== 'boolean') return null;
  const value = PLAIN.get(String(found).trim().toLowerCase());
  return value === undefined ? null : [writeField(object, path, value)];
}
