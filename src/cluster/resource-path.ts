// Where objects live in the API: `/apis/apps/v1/namespaces/media/deployments/sonarr`.

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const core = (plural: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  plural,
  namespaced,
});
const grouped = (group: string, plural: string, namespaced = true): Resource => ({
  group,
  version: 'v1',
  plural,
  namespaced,
});

/** The kinds that this project reads or changes. */
export const RESOURCES = {
  Pod: core('pods'),
  Secret: core('secrets'),
  Event: core('events'),
  Service: core('services'),
  LimitRange: core('limitranges'),
  PersistentVolumeClaim: core('persistentvolumeclaims'),
  ServiceAccount: core('serviceaccounts'),
  ReplicationController: core('replicationcontrollers'),
  Namespace: core('namespaces', false),
  Node: core('nodes', false),
  PersistentVolume: core('persistentvolumes', false),
  Deployment: grouped('apps', 'deployments'),
  StatefulSet: grouped('apps', 'statefulsets'),
  DaemonSet: grouped('apps', 'daemonsets'),
  ReplicaSet: grouped('apps', 'replicasets'),
  Job: grouped('batch', 'jobs'),
  CronJob: grouped('batch', 'cronjobs'),
  EndpointSlice: grouped('discovery.k8s.io', 'endpointslices'),
  MutatingWebhookConfiguration: grouped(
    'admissionregistration.k8s.io',
    'mutatingwebhookconfigurations',
    false,
  ),
  ValidatingWebhookConfiguration: grouped(
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    false,
  ),
  SecurityContextConstraints: grouped('security.openshift.io', 'securitycontextconstraints', false),
  SelfSubjectAccessReview: grouped('authorization.k8s.io', 'selfsubjectaccessreviews', false),
  SubjectAccessReview: grouped('authorization.k8s.io', 'subjectaccessreviews', false),
} as const satisfies Record<string, Resource>;

export type ResourceKind = keyof typeof RESOURCES;

/** One object, or the collection where no name is given; a namespace is ignored for kinds that have none. */
export function resourcePath(kind: ResourceKind, namespace: string | null, name?: string): string {
  const { group, version, plural, namespaced }: Resource = RESOURCES[kind];
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced && namespace !== null ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

/** `apps/v1`, `v1`. */
export function apiVersionOf(kind: ResourceKind): string {
  const { group, version }: Resource = RESOURCES[kind];
  return group === '' ? version : `${group}/${version}`;
}
