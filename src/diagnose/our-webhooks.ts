// Which webhooks of the cluster are ours, and whether they would see this pod.
import { MOUNTS_LABEL } from '../intent/labels.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import { textAt } from '../pod/text-at.ts';

export interface OurWebhook {
  /** Of the configuration. */
  readonly configuration: string;
  readonly kind: 'mutating' | 'validating';
  readonly name: string;
  readonly webhook: JsonObject;
  readonly caBundle: string | null;
  readonly endpoint: WebhookEndpoint | null;
}

export type WebhookEndpoint =
  | { readonly url: string }
  | { readonly namespace: string; readonly service: string; readonly port: number };

/** Those that ask for pods by our label, or carry our name. */
export function listOurWebhooks(
  configurations: readonly JsonObject[],
  kind: OurWebhook['kind'],
): OurWebhook[] {
  return configurations.flatMap((configuration) => {
    const webhooks = configuration['webhooks'];
    const name = textAt(configuration, ['metadata', 'name']);
    if (!Array.isArray(webhooks)) return [];
    return (webhooks as unknown[]).filter(isJsonObject).flatMap((webhook): OurWebhook[] => {
      if (!isOurs(webhook)) return [];
      const caBundle = valueAt(webhook, ['clientConfig', 'caBundle']);
      return [
        {
          configuration: name,
          kind,
          name: textAt(webhook, ['name']),
          webhook,
          caBundle: typeof caBundle === 'string' && caBundle !== '' ? caBundle : null,
          endpoint: endpointOf(webhook),
        },
      ];
    });
  });
}

function isOurs(webhook: JsonObject): boolean {
  if (textAt(webhook, ['name']).endsWith('.media-stack.io')) return true;
  const expressions = valueAt(webhook, ['objectSelector', 'matchExpressions']);
  const labels = valueAt(webhook, ['objectSelector', 'matchLabels']);
  return (
    (isJsonObject(labels) && labels[MOUNTS_LABEL] !== undefined) ||
    (Array.isArray(expressions) &&
      expressions.some((entry: unknown) => isJsonObject(entry) && entry['key'] === MOUNTS_LABEL))
  );
}

function endpointOf(webhook: JsonObject): WebhookEndpoint | null {
  const url = valueAt(webhook, ['clientConfig', 'url']);
  if (typeof url === 'string') return { url };
  const service = valueAt(webhook, ['clientConfig', 'service']);
  if (!isJsonObject(service)) return null;
  const port = typeof service['port'] === 'number' ? service['port'] : 443;
  return { namespace: textAt(service, ['namespace']), service: textAt(service, ['name']), port };
}

/** Key of `Facts.endpoints`. */
export function endpointKey(endpoint: WebhookEndpoint): string {
  return 'url' in endpoint ? endpoint.url : `${endpoint.namespace}/${endpoint.service}`;
}

/** True when a rule asks for the creation of pods. */
export function asksForPods({ webhook }: OurWebhook): boolean {
  const { rules } = webhook;
  const has = (rule: JsonObject, key: string, wanted: readonly string[]): boolean => {
    const values = rule[key];
    return Array.isArray(values) && (values as unknown[]).some((value) => wanted.includes(String(value)));
  };
  return (
    Array.isArray(rules) &&
    (rules as unknown[]).some(
      (rule) =>
        isJsonObject(rule) &&
        has(rule, 'operations', ['CREATE', '*']) &&
        has(rule, 'resources', ['pods', '*', '*/*']) &&
        has(rule, 'apiGroups', ['', '*']),
    )
  );
}
