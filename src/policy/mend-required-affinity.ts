import { valueAt } from '../pod/value-at.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Mender, MendInput } from './mender.ts';

import { preferInstead } from './prefer.ts';

/** The nodes that were required are preferred; whatever else was required stays. */
export const mendMs102: Mender = { id: 'MS102', mend: preferPins };

const LISTS = ['matchExpressions', 'matchFields'];

function preferPins({ object, templatePath, path }: MendInput): readonly Operation[] | null {
  // ...requiredDuringSchedulingIgnoredDuringExecution, nodeSelectorTerms, INDEX, LIST, INDEX
  const [requiredPath, termsPath, termPath, listPath] = [-4, -3, -2, -1].map((end) => path.slice(0, end)) as [
    PathSegment[],
    PathSegment[],
    PathSegment[],
    PathSegment[],
  ];
  const specPath = [...templatePath, 'spec'];
  const terms = valueAt(object, termsPath);
  const term = valueAt(object, termPath);
  const requirement = valueAt(object, path);
  if (!Array.isArray(terms) || !isJsonObject(term) || !isJsonObject(requirement)) return null;
  if (requirementsOf(term).length > 1) {
    // Requirements of one term hold together: without this one the others still do.
    const preferred = preferInstead(object, specPath, [{ [String(listPath.at(-1))]: [requirement] }]);
    const isLast = (valueAt(object, listPath) as unknown[]).length === 1;
    return preferred && [...preferred, { op: 'remove', path: renderPointer(isLast ? listPath : path) }];
  }
  // One term suffices. Taking a pin out of several is only plain where all of them are such pins.
  const key = requirement['key'];
  const pins = terms.filter(isJsonObject).filter((other) => isPin(other, key));
  if (pins.length !== terms.length) return null;
  const preferred = preferInstead(object, specPath, pins);
  // The preference stands beside it now.
  return preferred && [...preferred, { op: 'remove', path: renderPointer(requiredPath) }];
}

function isPin(term: JsonObject, key: unknown): boolean {
  const [requirement, ...others] = requirementsOf(term);
  return (
    others.length === 0 &&
    isJsonObject(requirement) &&
    requirement['operator'] === 'In' &&
    requirement['key'] === key
  );
}

function requirementsOf(term: JsonObject): unknown[] {
  return LISTS.flatMap((list) => (Array.isArray(term[list]) ? (term[list] as unknown[]) : []));
}
