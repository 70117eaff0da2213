// Reading, listing and patching objects as raw JSON.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { ClusterError } from './cluster-error.ts';
import { requestJson } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { apiVersionOf, resourcePath } from './resource-path.ts';
import type { ResourceKind } from './resource-path.ts';

export interface ObjectName {
  readonly kind: ResourceKind;
  /** Null for kinds without a namespace. */
  readonly namespace: string | null;
  readonly name: string;
}

export interface ListOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

/** As kubectl does: a large collection comes in parts, so that no answer is huge. */
const PAGE = 500;

/** One object, with apiVersion and kind. Rejects with a ClusterError: `not_found`, `forbidden`, ... */
export async function readObject(
  cluster: Cluster,
  { kind, namespace, name }: ObjectName,
  signal?: AbortSignal,
): Promise<JsonObject> {
  const path = resourcePath(kind, namespace, name);
  return expectObject(await requestJson(cluster, { path, ...(signal ? { signal } : {}) }), path);
}

/** Every object of a kind in a namespace (null: in all of them), with apiVersion and kind, which a list leaves out. */
export async function listObjects(
  cluster: Cluster,
  kind: ResourceKind,
  namespace: string | null,
  { labelSelector, fieldSelector, signal }: ListOptions = {},
): Promise<JsonObject[]> {
  const found: JsonObject[] = [];
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  for (;;) {
    const path = `${resourcePath(kind, namespace)}?${query.toString()}`;
    const list = expectObject(await requestJson(cluster, { path, ...(signal ? { signal } : {}) }), path);
    const items = Array.isArray(list['items']) ? (list['items'] as JsonObject[]) : [];
    for (const item of items) found.push({ apiVersion: apiVersionOf(kind), kind, ...item });
    const metadata = isJsonObject(list['metadata']) ? list['metadata'] : {};
    const next = metadata['continue'];
    if (typeof next !== 'string' || next === '') return found;
    query.set('continue', next);
  }
}

export interface PatchOptions {
  /** Nothing is stored; admission runs all the same. */
  readonly dryRun?: boolean;
  readonly onWarning?: (text: string) => void;
}

/**
 * Applies a JSON Patch (RFC 6902); the object as it is stored then. An operation `test` that does not hold is `invalid`,
 * for which the API server answers 422.
 */
export async function patchObject(
  cluster: Cluster,
  { kind, namespace, name }: ObjectName,
  operations: readonly (Operation | TestOperation)[],
  { dryRun = false, onWarning }: PatchOptions = {},
): Promise<JsonObject> {
  const query = new URLSearchParams({ fieldManager: 'media-stack', ...(dryRun ? { dryRun: 'All' } : {}) });
  const path = `${resourcePath(kind, namespace, name)}?${query.toString()}`;
  const answer = await requestJson(cluster, {
    method: 'PATCH',
    path,
    body: operations,
    contentType: 'application/json-patch+json',
    ...(onWarning ? { onWarning } : {}),
  });
  return expectObject(answer, path);
}

/** Holds where the value is equal; the patch fails as a whole where it is not. */
export interface TestOperation {
  readonly op: 'test';
  readonly path: string;
  readonly value: unknown;
}

/** Creates an object that is not stored (a review), and gives the answer. */
export async function createReview(
  cluster: Cluster,
  kind: 'SelfSubjectAccessReview' | 'SubjectAccessReview',
  spec: JsonObject,
): Promise<JsonObject> {
  const path = resourcePath(kind, null);
  const body = { apiVersion: apiVersionOf(kind), kind, spec };
  return expectObject(await requestJson(cluster, { method: 'POST', path, body }), path);
}

function expectObject(value: unknown, path: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new ClusterError(
    'server',
    `the API server does not answer ${path.split('?', 1)[0] ?? path} with an object`,
    'Check the server of the context: a proxy may stand in between.',
  );
}
