// What generate-media-app writes, built by kubectl's kustomize and taken by a real API server.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZONES } from '../../src/generate/app-description.ts';
import { mediaStack } from '../support/run-command.ts';
import type { KubeObject } from './kubectl.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

const object = (properties: KubeObject, ...required: readonly string[]): KubeObject => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };
const list = (items: KubeObject): KubeObject => ({ type: 'array', items });

// As far as these routes need it (openshift/api route/v1; gateway-api apis/v1): with strict validation a field that is
// not there is refused.
const ROUTE = object(
  {
    host: text,
    to: object(
      { kind: { enum: ['Service'], ...text }, name: text, weight: { type: 'integer' } },
      'kind',
      'name',
    ),
    port: object({ targetPort: { 'x-kubernetes-int-or-string': true } }, 'targetPort'),
    tls: object(
      {
        termination: { enum: ['edge', 'passthrough', 'reencrypt'], ...text },
        insecureEdgeTerminationPolicy: { enum: ['Allow', 'None', 'Redirect'], ...text },
      },
      'termination',
    ),
  },
  'to',
);
const HTTP_ROUTE = object({
  parentRefs: list(object({ name: text, namespace: text }, 'name')),
  hostnames: list(text),
  rules: list(object({ backendRefs: list(object({ name: text, port: { type: 'integer' } }, 'name')) })),
});

function renderCrd(group: string, kind: string, spec: KubeObject): KubeObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Names of *.k8s.io are protected (KEP-1111).
      annotations: {
        'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/2466',
      },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }],
    },
  };
}

const WAYS: Readonly<Record<string, readonly string[]>> = {
  route: ['--host', 'sonarr.example.org'],
  ingress: ['--host', 'sonarr.example.org', '--ingress-class', 'nginx', '--tls-secret', 'sonarr-tls'],
  gateway: ['--gateway', 'gateways/public', '--host', 'sonarr.example.org'],
  none: [],
};

describe.skipIf(provider === null)('a generated app', { timeout: 120_000 }, () => {
  const suite = useCluster(provider);
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-generated-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    const { kubectl } = suite().cluster;
    await kubectl.createNamespace('generated');
    for (const crd of [
      renderCrd('route.openshift.io', 'Route', ROUTE),
      renderCrd('gateway.networking.k8s.io', 'HTTPRoute', HTTP_ROUTE),
    ]) {
      await kubectl.create(crd);
      const name = crd['metadata']['name'] as string;
      await kubectl.text(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=30s']);
    }
  }, 60_000);

  it.each(Object.keys(WAYS).flatMap((way) => ZONES.map((zone) => [way, zone] as const)))(
    'by %s in %s is built by kustomize and stored as it is written',
    async (way, zone) => {
      const { kubectl } = suite().cluster;
      const name = `app-${way}-${zone}`;
      const form = { zone1: ['--openshift'], zone2: [], zone3: ['--inline'], zone4: ['--no-sidecars'] }[zone];
      const words = [name, 'lscr.io/linuxserver/sonarr:4.0.15', '8989', '-n', 'generated'];
      const options = ['--expose', way, ...(WAYS[way] ?? []), '--zone', zone, '--out', folder, ...form];
      const ran = await mediaStack(['generate-media-app', ...words, ...options]);
      expect(ran.code, ran.stderr).toBe(0);
      const base = join(folder, 'apps', name, 'base');
      const output = await kubectl.text(['apply', '--validate=strict', '-k', base]);
      const kinds = {
        route: 'route.route.openshift.io',
        ingress: 'ingress.networking.k8s.io',
        gateway: 'httproute.gateway.networking.k8s.io',
        none: null,
      };
      const exposed = kinds[way as keyof typeof kinds];
      expect(output.trimEnd().split('\n').sort()).toEqual(
        [
          `deployment.apps/${name} created`,
          `service/${name} created`,
          ...(exposed === null ? [] : [`${exposed}/${name} created`]),
        ].sort(),
      );
      // Again: nothing that the API server had to change.
      expect(await kubectl.text(['apply', '-k', base])).not.toMatch(/created|configured/);
    },
  );
});
