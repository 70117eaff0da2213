// How people reach the app: an OpenShift Route, an Ingress or an HTTPRoute to its Service.
import type { JsonObject } from '../pod/json.ts';
import type { Comment } from './manifest.ts';
import type { Exposure, MediaApp } from './media-app.ts';
import { PORT_NAME } from './render-deployment.ts';
import { renderLabels } from './render-labels.ts';

export interface RenderedExposure {
  /** Name of the file. */
  readonly file: string;
  readonly object: JsonObject;
  readonly comments: readonly Comment[];
}

/** Null where only the Service is wanted. */
export function renderExposure(app: MediaApp): RenderedExposure | null {
  const { exposure } = app;
  switch (exposure.kind) {
    case 'route':
      return renderRoute(app, exposure);
    case 'ingress':
      return renderIngress(app, exposure);
    case 'gateway':
      return renderHttpRoute(app, exposure);
    case 'none':
      return null;
  }
}

type Of<Kind> = Extract<Exposure, { readonly kind: Kind }>;

function renderRoute(app: MediaApp, { host }: Of<'route'>): RenderedExposure {
  const chosen = 'Without a host here OpenShift makes one: NAME-NAMESPACE.apps.CLUSTER';
  return {
    file: 'route.yaml',
    object: {
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: app.name, labels: renderLabels(app) },
      spec: {
        ...(host === null ? {} : { host }),
        to: { kind: 'Service', name: app.name, weight: 100 },
        port: { targetPort: PORT_NAME },
        tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
      },
    },
    comments: [
      ...(host === null ? [{ path: ['spec', 'to'], text: chosen }] : []),
      { path: ['spec', 'tls'], text: "HTTPS with the router's certificate." },
    ],
  };
}

function renderIngress(app: MediaApp, { host, className, tlsSecret }: Of<'ingress'>): RenderedExposure {
  const service = { name: app.name, port: { name: PORT_NAME } };
  const tls = tlsSecret === null ? null : [{ hosts: [host], secretName: tlsSecret }];
  return {
    file: 'ingress.yaml',
    object: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: app.name, labels: renderLabels(app) },
      spec: {
        ...(className === null ? {} : { ingressClassName: className }),
        ...(tls === null ? {} : { tls }),
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] } }],
      },
    },
    comments:
      className === null
        ? [
            {
              path: ['spec', tls === null ? 'rules' : 'tls'],
              text: "Without ingressClassName here the cluster's default IngressClass serves it.",
            },
          ]
        : [],
  };
}

function renderHttpRoute(app: MediaApp, { host, gateway }: Of<'gateway'>): RenderedExposure {
  const parent = {
    name: gateway.name,
    ...(gateway.namespace === null ? {} : { namespace: gateway.namespace }),
    ...(gateway.listener === null ? {} : { sectionName: gateway.listener }),
  };
  return {
    file: 'httproute.yaml',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: app.name, labels: renderLabels(app) },
      spec: {
        parentRefs: [parent],
        hostnames: [host],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ name: app.name, port: app.port }],
          },
        ],
      },
    },
    comments: [
      {
        path: ['spec', 'parentRefs'],
        text: 'The Gateway must allow routes of this namespace; TLS ends in its listener.',
      },
    ],
  };
}
