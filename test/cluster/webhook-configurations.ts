// Both webhook configurations as the chart will have them (spec 6), with `url` in place of a Service.
import type { KubeObject } from './kubectl.ts';

export interface WebhookConfigurationOptions {
  /** `https://HOST:PORT` as the API server reaches it. */
  readonly url: string;
  readonly caPem: string;
  /** Of the pods' webhooks; default Fail. */
  readonly podFailurePolicy?: 'Fail' | 'Ignore';
  /** Of every webhook; default 5. */
  readonly timeoutSeconds?: number;
}

export const CONFIGURATION_NAME = 'media-stack';

/** Only labelled pods and workloads come by; one that says "false" has opted out. */
const LABELLED = {
  matchExpressions: [
    { key: 'media-stack/cloud-mounts', operator: 'Exists' },
    { key: 'media-stack/cloud-mounts', operator: 'NotIn', values: ['false'] },
  ],
};

const NOT_KUBE_SYSTEM = {
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
};

/** The mutating and the validating configuration, in this order. */
export function renderWebhookConfigurations(options: WebhookConfigurationOptions): KubeObject[] {
  const caBundle = Buffer.from(options.caPem).toString('base64');
  const common = (path: string): KubeObject => ({
    clientConfig: { url: `${options.url}${path}`, caBundle },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    timeoutSeconds: options.timeoutSeconds ?? 5,
    namespaceSelector: NOT_KUBE_SYSTEM,
  });
  const pods: KubeObject = {
    failurePolicy: options.podFailurePolicy ?? 'Fail',
    objectSelector: LABELLED,
    rules: [rule('', 'v1', ['pods'], ['CREATE'])],
  };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: CONFIGURATION_NAME },
      webhooks: [
        {
          name: 'pods.media-stack.io',
          ...common('/mutate'),
          ...pods,
          reinvocationPolicy: 'IfNeeded',
        },
      ],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: CONFIGURATION_NAME },
      webhooks: [
        { name: 'pods.media-stack.io', ...common('/validate'), ...pods },
        {
          name: 'workloads.media-stack.io',
          ...common('/validate'),
          failurePolicy: 'Ignore',
          matchConditions: [{ name: 'labelled', expression: LABELLED_WORKLOAD }],
          rules: [
            rule(
              'apps',
              'v1',
              ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
              ['CREATE', 'UPDATE'],
            ),
            rule('', 'v1', ['replicationcontrollers'], ['CREATE', 'UPDATE']),
            rule('batch', 'v1', ['jobs', 'cronjobs'], ['CREATE', 'UPDATE']),
          ],
        },
      ],
    },
  ];
}

function rule(group: string, version: string, resources: string[], operations: string[]): KubeObject {
  return { apiGroups: [group], apiVersions: [version], resources, operations, scope: 'Namespaced' };
}

/** `has` at every step: a field that is not there is an error in CEL, and an error would call the webhook. */
function isLabelled(owner: string): string {
  const steps = owner.split('.').map((_, index, all) => all.slice(0, index + 1).join('.'));
  const fields = [...steps.slice(1), `${owner}.metadata`, `${owner}.metadata.labels`];
  const present = fields.map((field) => `has(${field})`).join(' && ');
  return `(${present} && 'media-stack/cloud-mounts' in ${owner}.metadata.labels)`;
}

const LABELLED_WORKLOAD = ['object', 'object.spec.template', 'object.spec.jobTemplate.spec.template']
  .map(isLabelled)
  .join(' || ');
