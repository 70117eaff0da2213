// --expose and the options that belong to each of its values.
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import type { AppRequest, Complain } from './app-request.ts';
import { labelFault, subdomainFault } from './dns-name-fault.ts';
import { EXPOSURES } from './media-app.ts';
import type { Exposure, GatewayRef } from './media-app.ts';

type ExposureKind = Exposure['kind'];

/** Which of them are for which kinds. */
const OPTIONS: readonly (readonly [string, keyof AppRequest, readonly ExposureKind[]])[] = [
  ['--host', 'host', ['route', 'ingress', 'gateway']],
  ['--ingress-class', 'ingressClass', ['ingress']],
  ['--tls-secret', 'tlsSecret', ['ingress']],
  ['--gateway', 'gateway', ['gateway']],
  ['--gateway-listener', 'gatewayListener', ['gateway']],
];

/** What the default router makes of a Route without a host is NAME-NAMESPACE.DOMAIN. */
const MAX_ROUTE_LABEL = 63;

/** Complains about what is wrong, what is missing and what does not belong to the kind. */
export function checkExposure(request: AppRequest, complain: Complain): Exposure {
  const kind = EXPOSURES.find((candidate) => candidate === request.expose);
  if (kind === undefined) {
    complain(
      '--expose',
      `${quote(request.expose)} is no way to expose an app`,
      `${didYouMean(request.expose, EXPOSURES)}route (OpenShift), ingress, gateway (HTTPRoute) or none.`,
    );
  } else {
    for (const [option, field, kinds] of OPTIONS)
      if (request[field] !== undefined && !kinds.includes(kind))
        complain(
          option,
          `is not for --expose ${kind}`,
          `Take it away, or choose --expose ${kinds.join(' or ')}.`,
        );
  }
  const host = checkHost(request.host, complain);
  switch (kind) {
    case 'ingress':
      return {
        kind,
        host: required(host, kind, complain),
        className: checkObjectName('--ingress-class', request.ingressClass, 'nginx', complain),
        tlsSecret: checkObjectName('--tls-secret', request.tlsSecret, `${request.app}-tls`, complain),
      };
    case 'gateway':
      return { kind, host: required(host, kind, complain), gateway: checkGateway(request, complain) };
    case 'route':
      if (host === null) checkRouteLabel(request, complain);
      return { kind, host };
    case 'none':
    case undefined:
      return { kind: 'none' };
  }
}

function checkHost(host: string | undefined, complain: Complain): string | null {
  if (host === undefined) return null;
  const fault = hostFault(host);
  if (fault !== null) complain('--host', `${quote(host)} ${fault}`, hostMend(host));
  return host;
}

function hostFault(host: string): string | null {
  if (/^\d+(\.\d+){3}$/.test(host)) return 'is an address, not a host name';
  if (host.includes('*')) return 'is a wildcard: it would take the requests of other apps';
  return subdomainFault(host);
}

function hostMend(host: string): string {
  const bare = host
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[:/].*$/, '');
  return hostFault(bare) === null
    ? `Write the name alone: --host ${bare}`
    : 'A host name in lower case, e.g. --host sonarr.example.com';
}

function required(host: string | null, kind: ExposureKind, complain: Complain): string {
  if (host === null)
    complain(
      '--host',
      `is missing: --expose ${kind} needs it`,
      'The name under which people reach the app, e.g. --host sonarr.example.com',
    );
  return host ?? '';
}

function checkRouteLabel({ app, namespace }: AppRequest, complain: Complain): void {
  const label = `${app}-${namespace ?? ''}`;
  if (namespace === undefined || label.length <= MAX_ROUTE_LABEL) return;
  complain(
    '--host',
    `is missing: OpenShift would make one of ${label}, and that has ${label.length} characters, at most ${MAX_ROUTE_LABEL} are allowed`,
    'Name one, e.g. --host sonarr.example.com, or take a shorter name.',
  );
}

function checkObjectName(
  option: string,
  name: string | undefined,
  example: string,
  complain: Complain,
): string | null {
  const fault = name === undefined ? null : subdomainFault(name);
  if (fault !== null)
    complain(option, `${quote(name)} ${fault}`, `The name of an object, e.g. ${option} ${example}`);
  return name ?? null;
}

function checkGateway({ gateway, gatewayListener }: AppRequest, complain: Complain): GatewayRef {
  const mend =
    'NAME or NAMESPACE/NAME of the Gateway, e.g. --gateway infra/public (kubectl get gateways -A lists them)';
  const listener = checkObjectName('--gateway-listener', gatewayListener, 'https', complain);
  if (gateway === undefined) {
    complain('--gateway', 'is missing: --expose gateway needs it', mend);
    return { name: '', namespace: null, listener };
  }
  const slash = gateway.indexOf('/');
  const namespace = slash === -1 ? null : gateway.slice(0, slash);
  const name = gateway.slice(slash + 1);
  const fault = (namespace === null ? null : labelFault(namespace)) ?? subdomainFault(name);
  if (fault !== null) complain('--gateway', `${quote(gateway)} ${fault}`, mend);
  return { name, namespace, listener };
}
