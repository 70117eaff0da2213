// Who wrote a label last and when, from managedFields (KEP-555).
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';

export interface LabelChange {
  readonly manager: string;
  /** RFC 3339, in seconds, UTC: comparable as text with other times of the API. */
  readonly time: string;
}

/** The oldest entry that owns the label; null where nobody does. An entry's time is that of its manager's last change. */
export function findLabelChange(object: JsonObject, label: string): LabelChange | null {
  const entries = valueAt(object, ['metadata', 'managedFields']);
  const owners = (Array.isArray(entries) ? (entries as unknown[]) : [])
    .filter(isJsonObject)
    .filter((entry) => valueAt(entry, ['fieldsV1', 'f:metadata', 'f:labels', `f:${label}`]) !== undefined)
    .map((entry) => ({ manager: textAt(entry, ['manager']), time: textAt(entry, ['time']) }))
    .toSorted((a, b) => (a.time < b.time ? -1 : 1));
  return owners[0] ?? null;
}
