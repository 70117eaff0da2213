// The annotation media-stack/status: exactly what was added where, so that it can be taken out again.
import { STATUS_ANNOTATION } from '../intent/labels.ts';
import { isJsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';

/** What injections added to a pod. Lists are absent where they would be empty. */
export interface Additions {
  readonly annotations?: readonly string[];
  readonly containers?: readonly string[];
  readonly initContainers?: readonly string[];
  readonly volumes?: readonly string[];
  /** Mount paths by container name. */
  readonly volumeMounts?: Readonly<Record<string, readonly string[]>>;
  /** Mount paths that got `mountPropagation`, by container name. */
  readonly mountPropagation?: Readonly<Record<string, readonly string[]>>;
  /** Host names of each preferred node affinity term. */
  readonly preferredNodes?: readonly (readonly string[])[];
  /** Lists and objects that were absent: `spec.volumes`, `volumeMounts CONTAINER`. */
  readonly created?: readonly string[];
  /** Those of `created` that were there with the value null, and `mountPropagation CONTAINER PATH`. */
  readonly wereNull?: readonly string[];
}

export interface Status {
  readonly version: string;
  readonly remotes: readonly string[];
  readonly added: Additions;
}

/** The status of a pod, or null where there is none or it cannot be read. */
export function readStatus(pod: Pick<Pod, 'metadata'>): Status | null {
  const text = pod.metadata?.annotations?.[STATUS_ANNOTATION];
  if (text === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value) || !isJsonObject(value['added']) || !Array.isArray(value['remotes'])) return null;
  if (typeof value['version'] !== 'string' || !isAdditions(value['added'])) return null;
  return value as unknown as Status;
}

/** Two records as one: a later injection into the same pod adds to what the first one wrote. */
export function mergeAdditions(earlier: Additions, later: Additions): Additions {
  const merged: Record<string, unknown> = {};
  for (const key of LIST_KEYS) {
    const items = [...new Set([...(earlier[key] ?? []), ...(later[key] ?? [])])];
    if (items.length > 0) merged[key] = items;
  }
  const terms = [...(earlier.preferredNodes ?? []), ...(later.preferredNodes ?? [])];
  if (terms.length > 0) merged['preferredNodes'] = terms;
  for (const key of MAP_KEYS) {
    const map: Record<string, readonly string[]> = {};
    for (const source of [earlier[key], later[key]]) {
      for (const [name, paths] of Object.entries(source ?? {})) {
        defineKey(map, name, [
          ...new Set([...(Object.hasOwn(map, name) ? (map[name] ?? []) : []), ...paths]),
        ]);
      }
    }
    if (Object.keys(map).length > 0) merged[key] = map;
  }
  return merged;
}

const LIST_KEYS = ['annotations', 'containers', 'initContainers', 'volumes', 'created', 'wereNull'] as const;
const MAP_KEYS = ['volumeMounts', 'mountPropagation'] as const;

/** Sets a key that may be `__proto__`: container names come from outside. */
export function defineKey<T>(map: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function isAdditions(value: Readonly<Record<string, unknown>>): boolean {
  const isStrings = (list: unknown) => Array.isArray(list) && list.every((item) => typeof item === 'string');
  const isLists = (lists: unknown) => Array.isArray(lists) && lists.every(isStrings);
  return (
    LIST_KEYS.every((key) => value[key] === undefined || isStrings(value[key])) &&
    (value['preferredNodes'] === undefined || isLists(value['preferredNodes'])) &&
    MAP_KEYS.every((key) => {
      const map = value[key];
      return map === undefined || (isJsonObject(map) && Object.values(map).every(isStrings));
    })
  );
}
