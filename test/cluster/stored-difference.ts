// Whether the API server stored what we said: it adds defaults and tokens, and may not lose or move anything of ours.
import { parseQuantity } from '../../src/pod/quantity.ts';
import type { KubeObject } from './kubectl.ts';

/**
 * Paths at which `stored` lacks what `said` has, or has another value; empty: everything arrived.
 *
 * Lists of named things (containers, volumes, env) and of mounts are matched by name and must keep their order; other
 * lists must be equal in length. Numbers with a unit may be written in another way (`1024Mi`, `1Gi`).
 */
export function storedDifference(said: unknown, stored: unknown, path = ''): string[] {
  if (Array.isArray(said) && Array.isArray(stored)) return listDifference(said, stored, path);
  if (isObject(said) && isObject(stored)) {
    return Object.entries(said).flatMap(([key, value]) =>
      storedDifference(value, stored[key], `${path}.${key}`),
    );
  }
  if (Object.is(said, stored) || isEmptyInBoth(said, stored) || isSameQuantity(said, stored, path)) return [];
  return [`${path}: said ${JSON.stringify(said)}, stored ${JSON.stringify(stored)}`];
}

function listDifference(said: readonly unknown[], stored: readonly unknown[], path: string): string[] {
  const key = KEYS.find((name) => said.every((item) => isObject(item) && typeof item[name] === 'string'));
  if (key === undefined || said.length === 0) {
    if (said.length !== stored.length) return [`${path}: said ${said.length} items, stored ${stored.length}`];
    return said.flatMap((item, index) => storedDifference(item, stored[index], `${path}[${index}]`));
  }
  const keyOf = (item: unknown): string => (item as KubeObject)[key] as string;
  const kept = stored.filter((item) => said.some((other) => keyOf(other) === keyOf(item))).map(keyOf);
  const wanted = said.map(keyOf);
  if (kept.join(' ') !== wanted.join(' '))
    return [`${path}: said ${wanted.join(' ')}, stored ${kept.join(' ')}`];
  return said.flatMap((item) => {
    const same = stored.find((other) => keyOf(other) === keyOf(item));
    return storedDifference(item, same, `${path}[${keyOf(item)}]`);
  });
}

/** What tells the items of a list apart; mounts of one volume differ in their path. */
const KEYS = ['mountPath', 'name'];

/** `{}`, `[]`, null and false are left out when an object is stored, unless the type has a meaning for them. */
function isEmptyInBoth(said: unknown, stored: unknown): boolean {
  const isEmpty = (value: unknown): boolean =>
    value === undefined ||
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty(said) && isEmpty(stored);
}

/** Only where quantities stand; elsewhere "1.0" and "1" are different texts. */
function isSameQuantity(said: unknown, stored: unknown, path: string): boolean {
  if (!/\.(?:limits|requests|sizeLimit)\b/.test(path)) return false;
  const value = parseQuantity(String(said));
  return value !== null && value === parseQuantity(String(stored));
}

function isObject(value: unknown): value is KubeObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
