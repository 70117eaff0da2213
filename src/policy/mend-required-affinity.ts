import type { JsonObject } from '../pod/json.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import { valueAt } from '../pod/value-at.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Mender, MendInput } from './mender.ts';
import { preferInstead } from './prefer.ts';

/** The nodes that were required are preferred; whatever else was required stays. */
export const mendMs102: Mender = { id: 'MS102', mend: preferPins };

function preferPins({ object, templatePath, path }: MendInput): readonly Operation[] | null {
  // ...requiredDuringSchedulingIgnoredDuringExecution, nodeSelectorTerms, INDEX, LIST, INDEX
  const above = (levels: number): readonly PathSegment[] => path.slice(0, -levels);
  const specPath = [...templatePath, 'spec'];
  const requirement = valueAt(object, path) as JsonObject;
  if (requirementsOf(valueAt(object, above(2)) as JsonObject).length > 1) {
    // Requirements of one term hold together: without this one the others still do.
    const preferred = preferInstead(object, specPath, [{ [String(path.at(-2))]: [requirement] }]);
    const isLast = (valueAt(object, above(1)) as unknown[]).length === 1;
    return [...preferred, { op: 'remove', path: renderPointer(isLast ? above(1) : path) }];
  }
  // One term suffices. Taking a pin out of several is only plain where all of them are such pins.
  const terms = valueAt(object, above(3)) as readonly JsonObject[];
  if (!terms.every((term) => isPin(term, requirement['key']))) return null;
  // The preference stands beside it now.
  return [...preferInstead(object, specPath, terms), { op: 'remove', path: renderPointer(above(4)) }];
}

function isPin(term: JsonObject, key: unknown): boolean {
  const [requirement, ...others] = requirementsOf(term);
  return others.length === 0 && requirement?.['operator'] === 'In' && requirement['key'] === key;
}

function requirementsOf(term: JsonObject): JsonObject[] {
  return ['matchExpressions', 'matchFields'].flatMap((list) => (term[list] ?? []) as readonly JsonObject[]);
}
