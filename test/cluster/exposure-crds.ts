// The kinds that generated apps may have beside those of Kubernetes, as far as ours have fields: a field that is not
// listed here fails, since kubectl apply validates strictly. From the CRDs of openshift/api (route/v1),
// kubernetes-sigs/gateway-api (v1, standard channel) and argoproj/argo-cd (v1alpha1).
import type { Kubectl, KubeObject } from './kubectl.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };
const flag = { type: 'boolean' };
const oneOf = (...values: readonly string[]): KubeObject => ({ type: 'string', enum: values });
const list = (items: KubeObject): KubeObject => ({ type: 'array', items });
const map = (properties: KubeObject, ...required: readonly string[]): KubeObject => ({
  type: 'object',
  properties,
  ...(required.length === 0 ? {} : { required }),
});

const ROUTE = map(
  {
    host: { ...text, maxLength: 253 },
    to: map({ kind: oneOf('Service'), name: { ...text, minLength: 1 }, weight: integer }, 'kind', 'name'),
    port: map({ targetPort: { 'x-kubernetes-int-or-string': true } }, 'targetPort'),
    tls: map(
      {
        termination: oneOf('edge', 'reencrypt', 'passthrough'),
        insecureEdgeTerminationPolicy: oneOf('Allow', 'None', 'Redirect', ''),
      },
      'termination',
    ),
  },
  'to',
);

const PARENT = { name: { ...text, minLength: 1 }, namespace: text, sectionName: text };
const PATH = { type: oneOf('Exact', 'PathPrefix', 'RegularExpression'), value: text };
const HTTP_ROUTE = map({
  parentRefs: list(map(PARENT, 'name')),
  hostnames: list({ ...text, minLength: 1, maxLength: 253 }),
  rules: list(
    map({
      matches: list(map({ path: map(PATH) })),
      backendRefs: list(map({ name: text, port: { ...integer, minimum: 1, maximum: 65535 } }, 'name')),
    }),
  ),
});

const APPLICATION = map(
  {
    project: text,
    source: map({ repoURL: text, targetRevision: text, path: text }, 'repoURL'),
    destination: map({ server: text, name: text, namespace: text }),
    syncPolicy: map({ automated: map({ prune: flag, selfHeal: flag }) }),
  },
  'destination',
  'project',
);

const KINDS = [
  { group: 'route.openshift.io', version: 'v1', kind: 'Route', plural: 'routes', spec: ROUTE },
  {
    group: 'gateway.networking.k8s.io',
    version: 'v1',
    kind: 'HTTPRoute',
    plural: 'httproutes',
    spec: HTTP_ROUTE,
  },
  {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    plural: 'applications',
    spec: APPLICATION,
  },
];

/** Creates those that the cluster has not. */
export async function createExposureCrds(kubectl: Kubectl): Promise<void> {
  for (const { group, version, kind, plural, spec } of KINDS) {
    const name = `${plural}.${group}`;
    if ((await kubectl.run(['get', 'crd', name])).exitCode === 0) continue;
    await kubectl.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      // The API server wants that for every group below k8s.io.
      metadata: { name, annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' } },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase() },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: map({ spec }, 'spec') },
          },
        ],
      },
    });
    await kubectl.text(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=30s']);
  }
}
