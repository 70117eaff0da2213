// Whether a mutating webhook of ours is installed, as far as the user may see that.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';
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

/** Rejects with a ClusterError for anything but a missing right. `label` is the one that asks for the mounts. */
export async function findWebhook(cluster: Cluster, label: string): Promise<WebhookSearch> {
  try {
    const webhook = pickWebhook(await listObjects(cluster, 'MutatingWebhookConfiguration', null), label);
    return webhook === null ? { outcome: 'absent' } : { outcome: 'found', webhook };
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return { outcome: 'unknown' };
    throw error;
  }
}

/** The first webhook that is for pods with the label: by its selector, or by its name where it has none. */
export function pickWebhook(configurations: readonly JsonObject[], label: string): InstalledWebhook | null {
  for (const configuration of configurations) {
    const { webhooks } = configuration;
    for (const webhook of Array.isArray(webhooks) ? (webhooks as unknown[]) : []) {
      if (!isJsonObject(webhook) || !isForPods(webhook) || !isOurs(webhook, label)) continue;
      return {
        configuration: textAt(configuration, ['metadata', 'name']),
        createdAt: textAt(configuration, ['metadata', 'creationTimestamp']),
        failurePolicy: textAt(webhook, ['failurePolicy']) || 'Fail',
        namespaceSelector: webhook['namespaceSelector'],
      };
    }
  }
  return null;
}

/** True when a LabelSelector takes these labels (k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go). */
export function selects(selector: unknown, labels: Readonly<Record<string, unknown>>): boolean {
  const matchLabels = valueAt(selector, ['matchLabels']);
  const expressions = valueAt(selector, ['matchExpressions']);
  if (
    isJsonObject(matchLabels) &&
    !Object.entries(matchLabels).every(([key, value]) => labels[key] === value)
  )
    return false;
  return (Array.isArray(expressions) ? (expressions as unknown[]) : []).every((expression) => {
    if (!isJsonObject(expression)) return true;
    const { values } = expression;
    const value = labels[textAt(expression, ['key'])];
    const isListed = Array.isArray(values) && (values as unknown[]).includes(value);
    switch (textAt(expression, ['operator'])) {
      case 'In':
        return isListed;
      case 'NotIn':
        return !isListed;
      case 'Exists':
        return value !== undefined;
      case 'DoesNotExist':
        return value === undefined;
      default:
        return true;
    }
  });
}

function isForPods(webhook: JsonObject): boolean {
  const { rules } = webhook;
  return (Array.isArray(rules) ? (rules as unknown[]) : []).some((rule) => {
    const resources = valueAt(rule, ['resources']);
    return (
      Array.isArray(resources) &&
      resources.some((resource) => ['pods', '*', '*/*'].includes(String(resource)))
    );
  });
}

function isOurs(webhook: JsonObject, label: string): boolean {
  const selector = webhook['objectSelector'];
  const expressions = valueAt(selector, ['matchExpressions']);
  const isSelected =
    (Array.isArray(expressions) && expressions.some((item) => valueAt(item, ['key']) === label)) ||
    valueAt(selector, ['matchLabels', label]) !== undefined;
  return isSelected || /(^|\.)media-stack\./.test(textAt(webhook, ['name']));
}
