// What the user may do: asked, not found out by failing.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Cluster } from './cluster.ts';
import { createReview } from './objects.ts';

export interface Access {
  readonly verb: string;
  readonly group: string;
  /** `pods`, `pods/exec`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Whether the current user may do this (SelfSubjectAccessReview). */
export async function mayI(cluster: Cluster, access: Access): Promise<boolean> {
  const [resource, subresource] = access.resource.split('/');
  const resourceAttributes: JsonObject = {
    verb: access.verb,
    group: access.group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(access.namespace === undefined ? {} : { namespace: access.namespace }),
    ...(access.name === undefined ? {} : { name: access.name }),
  };
  const review = await createReview(cluster, 'SelfSubjectAccessReview', { resourceAttributes });
  return isJsonObject(review['status']) && review['status']['allowed'] === true;
}
