// Decides which Kubernetes objects carry a pod template and where. The API group counts: a Deployment of another
// group (Knative, OpenShift) is not ours. Input may have any shape; nothing here throws.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import type { PathSegment } from '../problem/field-path.ts';

export interface ClaimTemplate {
  /** Also the name under which containers mount it. */
  readonly name: string;
  /** Path inside the workload object. */
  readonly path: readonly PathSegment[];
  readonly spec: unknown;
}

export interface Workload {
  readonly kind: string;
  readonly apiVersion: string;
  /** `metadata.name`, else `metadata.generateName` with `*` behind it, else the empty string. */
  readonly name: string;
  readonly namespace: string | undefined;
  /** Where the object stands in the document: empty, or `['items', 2]` in a List. */
  readonly path: readonly PathSegment[];
  /** From the object to the value that has the pod's `metadata` and `spec`; empty for a Pod. */
  readonly templatePath: readonly PathSegment[];
  /** The volumeClaimTemplates of a StatefulSet that have a name. */
  readonly claimTemplates: readonly ClaimTemplate[];
  readonly object: JsonObject;
  /** The value at `templatePath`; undefined where the object has none. */
  readonly podLike: unknown;
}

interface TemplateKind {
  readonly group: string;
  readonly templatePath: readonly PathSegment[];
}

const TEMPLATE = ['spec', 'template'];

/** Every kind that holds a pod; the core group is the empty string. */
export const TEMPLATE_KINDS: ReadonlyMap<string, TemplateKind> = new Map([
  ['Pod', { group: '', templatePath: [] }],
  ['PodTemplate', { group: '', templatePath: ['template'] }],
  ['ReplicationController', { group: '', templatePath: TEMPLATE }],
  ['Deployment', { group: 'apps', templatePath: TEMPLATE }],
  ['StatefulSet', { group: 'apps', templatePath: TEMPLATE }],
  ['DaemonSet', { group: 'apps', templatePath: TEMPLATE }],
  ['ReplicaSet', { group: 'apps', templatePath: TEMPLATE }],
  ['Job', { group: 'batch', templatePath: TEMPLATE }],
  ['CronJob', { group: 'batch', templatePath: ['spec', 'jobTemplate', 'spec', 'template'] }],
]);

// A List inside a List is legal, endless nesting is not a manifest.
const MAX_LIST_DEPTH = 4;

/** Every workload in a document's value, in order: the object itself, or the items of a List. */
export function findWorkloads(value: unknown): Workload[] {
  return isJsonObject(value) ? collect(value, [], 0) : [];
}

function collect(object: JsonObject, path: readonly PathSegment[], depth: number): Workload[] {
  const { kind, apiVersion } = object;
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') return [];
  const templateKind = TEMPLATE_KINDS.get(kind);
  if (templateKind !== undefined) {
    return groupOf(apiVersion) === templateKind.group
      ? [describe(object, kind, apiVersion, path, templateKind)]
      : [];
  }
  const { items } = object;
  if (!kind.endsWith('List') || !Array.isArray(items) || depth === MAX_LIST_DEPTH) return [];
  return items.flatMap((item: unknown, index) =>
    isJsonObject(item)
      ? collect(typedItem(item, kind, apiVersion), [...path, 'items', index], depth + 1)
      : [],
  );
}

/** The items of a DeploymentList as the API returns it carry neither kind nor apiVersion. */
function typedItem(item: JsonObject, listKind: string, apiVersion: string): JsonObject {
  const itemKind = listKind.slice(0, -'List'.length);
  if (itemKind === '' || item['kind'] !== undefined) return item;
  return { ...item, kind: itemKind, apiVersion: item['apiVersion'] ?? apiVersion };
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

function describe(
  object: JsonObject,
  kind: string,
  apiVersion: string,
  path: readonly PathSegment[],
  { templatePath }: TemplateKind,
): Workload {
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  const { name, generateName, namespace } = metadata;
  return {
    kind,
    apiVersion,
    name: typeof name === 'string' ? name : typeof generateName === 'string' ? `${generateName}*` : '',
    namespace: typeof namespace === 'string' ? namespace : undefined,
    path,
    templatePath,
    claimTemplates: kind === 'StatefulSet' ? claimTemplatesOf(object) : [],
    object,
    podLike: valueAt(object, templatePath),
  };
}

function claimTemplatesOf(statefulSet: JsonObject): ClaimTemplate[] {
  const templates = valueAt(statefulSet, ['spec', 'volumeClaimTemplates']);
  if (!Array.isArray(templates)) return [];
  return templates.flatMap((template: unknown, index): ClaimTemplate[] => {
    const name = valueAt(template, ['metadata', 'name']);
    if (typeof name !== 'string') return [];
    return [{ name, path: ['spec', 'volumeClaimTemplates', index], spec: valueAt(template, ['spec']) }];
  });
}
