// Whether a mutating webhook of ours is installed, as far as the user may see that.
import { asksForPods, listOurWebhooks } from '../diagnose/our-webhooks.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { listObjects } from './objects.ts';

export interface InstalledWebhook {
  /** Of the MutatingWebhookConfiguration. */
  readonly configuration: string;
  /** When that was made, as the API server writes it. */
  readonly createdAt: string;
  readonly failurePolicy: string;
  /** As it stands in the webhook: a LabelSelector on namespaces. */
  readonly namespaceSelector: unknown;
}

export type WebhookSearch =
  | { readonly outcome: 'found'; readonly webhook: InstalledWebhook }
  | { readonly outcome: 'absent' }
  /** The user may not list webhook configurations. */
  | { readonly outcome: 'unknown' };

/** Rejects with a ClusterError for anything but a missing right. */
export async function findWebhook(cluster: Cluster): Promise<WebhookSearch> {
  try {
    const webhook = pickWebhook(await listObjects(cluster, 'MutatingWebhookConfiguration', null));
    return webhook === null ? { outcome: 'absent' } : { outcome: 'found', webhook };
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return { outcome: 'unknown' };
    throw error;
  }
}

/** The first of ours that is asked for pods. */
export function pickWebhook(configurations: readonly JsonObject[]): InstalledWebhook | null {
  const found = listOurWebhooks(configurations, 'mutating').find(asksForPods);
  if (found === undefined) return null;
  const configuration = configurations.find(
    (candidate) => textAt(candidate, ['metadata', 'name']) === found.configuration,
  );
  return {
    configuration: found.configuration,
    createdAt: textAt(configuration, ['metadata', 'creationTimestamp']),
    failurePolicy: textAt(found.webhook, ['failurePolicy']) || 'Fail',
    namespaceSelector: found.webhook['namespaceSelector'],
  };
}
