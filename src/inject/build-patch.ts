// A plan becomes a JSON Patch. Semantic, not a diff: `add` operations only, an absent list or object is added once
// with all that goes into it, and no operation changes what an earlier one added.
import { DEFAULT_CONTAINER_ANNOTATION, STATUS_ANNOTATION } from '../intent/labels.ts';
import type { Intent } from '../intent/intent.ts';
import { isOurInitDirs, isOurSidecar } from '../intent/mount-sidecar.ts';
import type { Plan } from '../plan/plan.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { JsonObject } from '../pod/json.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { NamedItem, Pod } from '../pod/pod.ts';
import { renderFieldPath } from '../problem/field-path.ts';
import { VERSION } from '../version.ts';
import { appendPreferred } from './append-preferred.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import { defineKey, mergeAdditions, readStatus } from './status.ts';
import type { Additions } from './status.ts';

export interface BuiltPatch {
  readonly patch: readonly Operation[];
  readonly added: Additions;
}

type Recorder = Record<'created' | 'wereNull', string[]>;

/** The operations of a plan, in an order in which every index is that of the original pod. Empty for an empty plan. */
export function buildPatch(pod: Pod, plan: Plan, intent: Intent): BuiltPatch {
  const operations: Operation[] = [];
  const roots: Recorder = { created: [], wereNull: [] };
  const propagation: Record<string, string[]> = {};
  for (const { ref, mountIndex } of plan.propagation) {
    operations.push(
      add(['spec', ref.list, ref.index, 'volumeMounts', mountIndex, 'mountPropagation'], 'HostToContainer'),
    );
    const mount = ref.container.volumeMounts?.[mountIndex];
    const path = cleanPath(mount?.mountPath ?? '');
    append(propagation, ref, path);
    if (mount?.mountPropagation === null)
      roots.wereNull.push(`mountPropagation ${ref.container.name} ${path}`);
  }
  const volumeMounts: Record<string, string[]> = {};
  for (const { ref, mounts } of plan.volumeMounts) {
    const existing = ref.container.volumeMounts;
    operations.push(
      ...appendTo(
        ['spec', ref.list, ref.index, 'volumeMounts'],
        existing,
        mounts,
        `volumeMounts ${ref.container.name}`,
        roots,
      ),
    );
    for (const mount of mounts) append(volumeMounts, ref, mount.mountPath);
  }
  operations.push(...appendTo(['spec', 'volumes'], pod.spec.volumes, plan.volumes, 'spec.volumes', roots));
  operations.push(...addAffinity(pod, plan, roots));
  operations.push(...addContainers(pod, plan, intent, roots));

  const native = intent.mode === 'native';
  const names = (items: readonly NamedItem[]) => items.map((item) => item.name);
  const initContainers = [...(plan.initDirs ? [plan.initDirs] : []), ...(native ? plan.sidecars : [])];
  const annotations =
    plan.defaultContainer === null ? {} : { [DEFAULT_CONTAINER_ANNOTATION]: plan.defaultContainer };
  if (operations.length === 0 && plan.defaultContainer === null) return { patch: [], added: {} };
  recordAnnotationRoots(pod, roots);
  const added = mergeAdditions(
    {},
    {
      annotations: Object.keys(annotations),
      containers: native ? [] : names(plan.sidecars),
      initContainers: names(initContainers),
      volumes: names(plan.volumes),
      volumeMounts,
      mountPropagation: propagation,
      preferredNodes: plan.affinityTerm === null ? [] : [preferredNodes(plan.affinityTerm)],
      ...roots,
    },
  );
  const earlier = readStatus(pod);
  const status = {
    version: VERSION,
    remotes: intent.remotes.map((remote) => remote.name),
    added: earlier ? mergeAdditions(earlier.added, added) : added,
  };
  operations.push(...addAnnotations(pod, { ...annotations, [STATUS_ANNOTATION]: JSON.stringify(status) }));
  return { patch: operations, added };
}

function add(path: readonly (string | number)[], value: unknown): Operation {
  return { op: 'add', path: renderPointer(path), value };
}

function append(map: Record<string, string[]>, ref: ContainerRef, path: string): void {
  const { name } = ref.container;
  if (Object.hasOwn(map, name)) map[name]?.push(path);
  else defineKey(map, name, [path]);
}

/** Adds items behind a list: the whole list where there is none, else one by one at `/-`. */
function appendTo(
  path: readonly (string | number)[],
  existing: readonly unknown[] | null | undefined,
  items: readonly unknown[],
  name: string,
  roots: Recorder,
): Operation[] {
  if (items.length === 0) return [];
  if (existing) return items.map((item) => add([...path, '-'], item));
  recordRoot(existing, name, roots);
  return [add(path, items)];
}

function recordRoot(existing: null | undefined, name: string, roots: Recorder): void {
  roots.created.push(name);
  if (existing === null) roots.wereNull.push(name);
}

function addAffinity(pod: Pod, plan: Plan, roots: Recorder): readonly Operation[] {
  if (plan.affinityTerm === null) return [];
  const { operations, made } = appendPreferred(pod.spec.affinity, ['spec'], [plan.affinityTerm]);
  if (made) recordRoot(made.was, renderFieldPath(made.path), roots);
  return operations;
}

function preferredNodes(term: JsonObject): string[] {
  const preference = term['preference'] as { matchExpressions?: { values?: string[] }[] } | undefined;
  return preference?.matchExpressions?.[0]?.values ?? [];
}

/** init-dirs first; native sidecars right behind it or, on request, behind all init containers; plain ones first of all. */
function addContainers(pod: Pod, plan: Plan, intent: Intent, roots: Recorder): Operation[] {
  const native = intent.mode === 'native';
  const head = plan.initDirs ? [plan.initDirs] : [];
  const sidecars = native ? plan.sidecars : [];
  const existing = pod.spec.initContainers;
  const operations: Operation[] = [];
  if (!existing) {
    operations.push(
      ...appendTo(['spec', 'initContainers'], existing, [...head, ...sidecars], 'spec.initContainers', roots),
    );
  } else {
    const behindOurs =
      1 + existing.findLastIndex((container) => isOurInitDirs(container) || isOurSidecar(container));
    const firstIndex = intent.position === 'last' ? existing.length : behindOurs;
    operations.push(...head.map((container) => add(['spec', 'initContainers', 0], container)));
    operations.push(
      ...sidecars.map((container, index) =>
        add(['spec', 'initContainers', firstIndex + head.length + index], container),
      ),
    );
  }
  if (!native) {
    const behindSidecars = 1 + pod.spec.containers.findLastIndex(isOurSidecar);
    operations.push(
      ...plan.sidecars.map((container, index) =>
        add(['spec', 'containers', behindSidecars + index], container),
      ),
    );
  }
  return operations;
}

function recordAnnotationRoots(pod: Pod, roots: Recorder): void {
  const { metadata } = pod;
  if (!metadata) recordRoot(metadata, 'metadata', roots);
  else if (!metadata.annotations) recordRoot(metadata.annotations, 'metadata.annotations', roots);
}

function addAnnotations(pod: Pod, annotations: JsonObject): Operation[] {
  if (!pod.metadata) return [add(['metadata'], { annotations })];
  if (!pod.metadata.annotations) return [add(['metadata', 'annotations'], annotations)];
  return Object.keys(annotations).map((key) => add(['metadata', 'annotations', key], annotations[key]));
}
