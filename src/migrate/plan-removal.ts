// The operations that take hand-written parts out of a pod: containers, what only they used, and the preference for nodes.
import { renderPreferredNodesTerm } from '../plan/affinity.ts';
import type { ContainerList, ContainerRef } from '../pod/containers.ts';
import { listContainers } from '../pod/containers.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import { isJsonObject, jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';

/** `mediaVolume` stays, whoever used it: the webhook finds it there. */
export function planRemoval(
  pod: Pod,
  removed: readonly ContainerRef[],
  mediaVolume: string,
  preferredNodes: readonly string[],
): Operation[] {
  return [
    ...removeAffinity(pod, preferredNodes),
    ...removeContainers(pod, 'initContainers', removed),
    ...removeContainers(pod, 'containers', removed),
    ...removeVolumes(pod, removed, mediaVolume),
  ];
}

function removeContainers(pod: Pod, list: ContainerList, removed: readonly ContainerRef[]): Operation[] {
  const indexes = removed.filter((ref) => ref.list === list).map(({ index }) => index);
  return removeItems(['spec', list], pod.spec[list] ?? [], indexes);
}

/** From behind, so that every index is that of the original; the list itself where nothing stays in it. */
function removeItems(
  path: readonly (string | number)[],
  list: readonly unknown[],
  indexes: readonly number[],
): Operation[] {
  if (indexes.length === 0) return [];
  if (indexes.length === list.length) return [{ op: 'remove', path: renderPointer(path) }];
  return indexes
    .toSorted((a, b) => b - a)
    .map((index) => ({ op: 'remove', path: renderPointer([...path, index]) }));
}

/** A volume that nobody used before is none of ours. */
function removeVolumes(pod: Pod, removed: readonly ContainerRef[], mediaVolume: string): Operation[] {
  const isRemoved = (ref: ContainerRef) =>
    removed.some((other) => other.list === ref.list && other.index === ref.index);
  const all = listContainers(pod);
  const orphaned = (pod.spec.volumes ?? []).flatMap(({ name }, index) => {
    const users = all.filter(({ container }) => usesVolume(container, name));
    return name !== mediaVolume && users.length > 0 && users.every(isRemoved) ? [index] : [];
  });
  return removeItems(['spec', 'volumes'], pod.spec.volumes ?? [], orphaned);
}

function usesVolume(container: ContainerRef['container'], name: string): boolean {
  const devices = (container as unknown as JsonObject)['volumeDevices'];
  const isDevice =
    Array.isArray(devices) && devices.some((device) => isJsonObject(device) && device['name'] === name);
  return isDevice || (container.volumeMounts ?? []).some((mount) => mount.name === name);
}

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Only the very term that the webhook would write: another weight is a decision of somebody. */
function removeAffinity(pod: Pod, preferredNodes: readonly string[]): Operation[] {
  const { affinity } = pod.spec;
  const terms = affinity?.nodeAffinity?.[PREFERRED] ?? [];
  const ours = terms.findIndex((term) => preferredNodes.length > 0 && isOurTerm(term, preferredNodes));
  if (ours === -1) return [];
  const path = ['spec', 'affinity', 'nodeAffinity', PREFERRED];
  if (terms.length > 1) return [{ op: 'remove', path: renderPointer([...path, ours]) }];
  const isAlone = Object.keys(affinity?.nodeAffinity ?? {}).length === 1;
  const depth = !isAlone ? 4 : Object.keys(affinity ?? {}).length > 1 ? 3 : 2;
  return [{ op: 'remove', path: renderPointer(path.slice(0, depth)) }];
}

function isOurTerm(term: unknown, nodes: readonly string[]): boolean {
  const sorted = (values: unknown) => JSON.parse(JSON.stringify(values), sortList) as unknown;
  return jsonEqual(sorted(term), sorted(renderPreferredNodesTerm(nodes)));
}

/** The order of values means nothing. */
function sortList(_key: string, value: unknown): unknown {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value;
}
