// The rules as ValidatingAdmissionPolicies: they stand while the webhook is down. One policy for each place where a pod
// template stands, for CEL is checked against the type of the object.
import { MOUNTS_LABEL } from '../../intent/labels.ts';
import type { JsonObject } from '../../pod/json.ts';
import type { Settings } from '../../settings/schema.ts';
import { RULES } from '../catalogue.ts';
import { ms502 } from '../ms502-label-value.ts';
import { celMs201, celMs205, celMs306 } from './cel-mounts.ts';
import { celString } from './cel-rule.ts';
import type { CelRule } from './cel-rule.ts';
import { celMs101, celMs102, celMs103 } from './cel-scheduling.ts';
import { celMs302 } from './cel-sidecars.ts';
import { renderVariables } from './cel-variables.ts';

/** In the order in which they are asked: the API server shows the first refusal only. */
export const CEL_RULES: readonly CelRule[] = [
  celMs302,
  celMs101,
  celMs102,
  celMs103,
  celMs201,
  celMs205,
  celMs306,
];

interface Place {
  readonly name: 'pods' | 'workloads' | 'cronjobs';
  readonly origin: 'pod' | 'template';
  /** CEL of the pod or of the template. */
  readonly at: string;
  readonly resourceRules: readonly JsonObject[];
}

const UPSERT = ['CREATE', 'UPDATE'];

const PLACES: readonly Place[] = [
  {
    name: 'pods',
    origin: 'pod',
    at: 'object',
    resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  },
  {
    name: 'workloads',
    origin: 'template',
    at: 'object.spec.template',
    resourceRules: [
      {
        apiGroups: ['apps'],
        apiVersions: ['v1'],
        operations: UPSERT,
        resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'],
      },
      { apiGroups: ['batch'], apiVersions: ['v1'], operations: UPSERT, resources: ['jobs'] },
      { apiGroups: [''], apiVersions: ['v1'], operations: UPSERT, resources: ['replicationcontrollers'] },
    ],
  },
  {
    name: 'cronjobs',
    origin: 'template',
    at: 'object.spec.jobTemplate.spec.template',
    resourceRules: [
      { apiGroups: ['batch'], apiVersions: ['v1'], operations: UPSERT, resources: ['cronjobs'] },
    ],
  },
];

/** Policies and bindings, ready to be applied. Rules that the settings switch off or down are left out. */
export function renderCelPolicies(settings: Settings, name: string): JsonObject[] {
  return PLACES.flatMap((place) => {
    const metadata = { name: `${name}-${place.name}`, labels: { 'app.kubernetes.io/name': 'media-stack' } };
    const binding = { policyName: metadata.name, validationActions: ['Deny'] };
    return [
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata,
        spec: renderSpec(place, settings),
      },
      {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata,
        spec: binding,
      },
    ];
  });
}

/** The IDs that the policies hold for pods or for templates under these settings. */
export function celRuleIds(settings: Settings, origin: 'pod' | 'template'): string[] {
  const held = CEL_RULES.filter((rule) => rule.origins.includes(origin) && isDenied(rule.rule.id, settings));
  return [...held.map(({ rule }) => rule.id), ms502.id].toSorted();
}

function isDenied(id: string, settings: Settings): boolean {
  const rule = RULES.find((candidate) => candidate.id === id);
  return (settings.policy.rules[id] ?? rule?.level) === 'deny';
}

function renderSpec({ origin, at, resourceRules }: Place, settings: Settings): JsonObject {
  const metadata = `${at}.metadata`;
  const spec = `${at}.spec`;
  const hasMetadata = `has(${metadata})`;
  const variables = renderVariables({ metadata, spec, hasMetadata }, settings);
  const rules = CEL_RULES.filter((rule) => rule.origins.includes(origin) && isDenied(rule.rule.id, settings));
  const validations = rules.flatMap(({ rule: { id, title }, validations: render }) =>
    render({ settings, spec, origin }).map(({ expression, message }) => ({
      expression: `!variables.isJudged || ${celString(id)} in variables.waived || (${expression})`,
      // Where the other cannot be had, e.g. for a line break in a value.
      message: `${id}: ${title}`,
      messageExpression: `${celString(`${id}: `)} + ${message}`,
      reason: 'Invalid',
    })),
  );
  return {
    failurePolicy: 'Fail',
    matchConstraints: {
      namespaceSelector: { matchExpressions: [NOT_KUBE_SYSTEM] },
      resourceRules: [...resourceRules],
      ...(origin === 'pod' ? { objectSelector: { matchExpressions: LABELLED } } : {}),
    },
    matchConditions: renderMatchConditions(origin, at),
    variables: variables.map(({ name, expression }) => ({ name, expression })),
    validations: [LABEL_VALUE, ...validations],
  };
}

/** As the webhooks have it: a policy must not stand in the way of the control plane. */
const NOT_KUBE_SYSTEM = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] };

const LABELLED = [
  { key: MOUNTS_LABEL, operator: 'Exists' },
  { key: MOUNTS_LABEL, operator: 'NotIn', values: ['false'] },
];

const LABEL_VALUE = {
  expression: 'variables.isLabelled',
  message: `MS502: ${ms502.title}`,
  messageExpression: `"MS502: the label value " + variables.labels[${celString(MOUNTS_LABEL)}] + ${celString(` is neither "true" nor "false". Write ${MOUNTS_LABEL}: "true", or "false" to switch the mounts off.`)}`,
  reason: 'Invalid',
};

/** What the validating endpoint lets pass without a look (server/handlers.ts) passes here too. */
function renderMatchConditions(origin: 'pod' | 'template', at: string): JsonObject[] {
  const alive = { name: 'not-being-deleted', expression: '!has(object.metadata.deletionTimestamp)' };
  if (origin === 'pod') {
    const annotations = 'object.metadata.annotations';
    return [
      alive,
      {
        name: 'no-mirror-pod',
        expression: `!has(${annotations}) || !("kubernetes.io/config.mirror" in ${annotations})`,
      },
    ];
  }
  const labels = `${at}.metadata.labels`;
  const label = celString(MOUNTS_LABEL);
  const own = 'object.metadata.labels';
  const before = (path: string) => path.replace(/^object/, 'oldObject');
  const ownLabel = (object: string) =>
    `(has(${object}.metadata.labels) && ${label} in ${object}.metadata.labels ? ${object}.metadata.labels[${label}] : "")`;
  return [
    alive,
    {
      name: 'template-labelled',
      expression: `has(${at}) && has(${at}.metadata) && has(${labels}) && ${label} in ${labels} && ${labels}[${label}] != "false"`,
    },
    {
      name: 'no-controller',
      expression:
        '!has(object.metadata.ownerReferences) || !object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller)',
    },
    {
      name: 'changed',
      expression: `request.operation == "CREATE" || ${at} != ${before(at)} || ${ownLabel('object')} != ${ownLabel(before(own).replace('.metadata.labels', ''))}`,
    },
  ];
}
