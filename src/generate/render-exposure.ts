// The way in from outside: an OpenShift Route, an Ingress, or a route of the Gateway API.
import type { JsonObject } from '../pod/json.ts';
import type { AppDescription } from './app-description.ts';

/** The object and its file name; null where the app is not exposed. */
export function renderExposure(
  app: AppDescription,
): { readonly file: string; readonly object: JsonObject } | null {
  const { name, zone, port, exposure } = app;
  const metadata = { name, labels: { app: name, zone } };
  switch (exposure.kind) {
    case 'none':
      return null;
    case 'route':
      return {
        file: 'route.yaml',
        object: {
          apiVersion: 'route.openshift.io/v1',
          kind: 'Route',
          metadata,
          spec: {
            ...(exposure.host === null ? {} : { host: exposure.host }),
            to: { kind: 'Service', name, weight: 100 },
            port: { targetPort: 'http' },
            tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
          },
        },
      };
    case 'ingress': {
      const { host, className, tlsSecret } = exposure;
      const backend = { service: { name, port: { name: 'http' } } };
      return {
        file: 'ingress.yaml',
        object: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata,
          spec: {
            ...(className === null ? {} : { ingressClassName: className }),
            ...(tlsSecret === null ? {} : { tls: [{ hosts: [host], secretName: tlsSecret }] }),
            rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
          },
        },
      };
    }
    case 'gateway': {
      const { host, gateway } = exposure;
      const parent = {
        name: gateway.name,
        ...(gateway.namespace === null ? {} : { namespace: gateway.namespace }),
      };
      return {
        file: 'httproute.yaml',
        object: {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata,
          spec: {
            parentRefs: [parent],
            ...(host === null ? {} : { hostnames: [host] }),
            rules: [{ backendRefs: [{ name, port }] }],
          },
        },
      };
    }
  }
}
