// How the app is reached from outside, and what each way needs to know.
import type { Exposure } from './app-description.ts';
import { SUBDOMAIN } from './word-check.ts';
import type { WordCheck } from './word-check.ts';

export const EXPOSURES = ['route', 'ingress', 'gateway', 'none'] as const;

export interface ExposureWords {
  readonly expose: string;
  readonly host?: string;
  readonly ingressClass?: string;
  readonly tlsSecret?: string;
  /** `NAME`, or `NAMESPACE/NAME`. */
  readonly gateway?: string;
}

/** Which options go with which way. */
const OPTIONS = {
  host: ['route', 'ingress', 'gateway'],
  ingressClass: ['ingress'],
  tlsSecret: ['ingress'],
  gateway: ['gateway'],
} as const;
const FLAGS: Readonly<Record<keyof typeof OPTIONS, string>> = {
  host: '--host',
  ingressClass: '--ingress-class',
  tlsSecret: '--tls-secret',
  gateway: '--gateway',
};

export function checkExposure(words: ExposureWords, check: WordCheck): Exposure {
  const { expose } = words;
  for (const [option, ways] of Object.entries(OPTIONS) as [keyof typeof OPTIONS, readonly string[]][]) {
    const value = words[option];
    if (value !== undefined && !ways.includes(expose))
      check.add(
        FLAGS[option],
        value,
        `goes with --expose ${ways.join(' or ')}, not with ${expose}`,
        'Take one of the two away.',
      );
  }
  const host =
    words.host === undefined ? null : check.name('--host', words.host, SUBDOMAIN, 'sonarr.example.org');
  switch (expose) {
    case 'none':
      return { kind: 'none' };
    case 'route':
      return { kind: 'route', host };
    case 'ingress':
      if (host === null)
        check.add('--expose', expose, 'needs the name of the host', 'Write --host sonarr.example.org.');
      return {
        kind: 'ingress',
        host: host ?? '',
        className: named('--ingress-class', words.ingressClass, 'nginx', check),
        tlsSecret: named('--tls-secret', words.tlsSecret, 'sonarr-tls', check),
      };
    case 'gateway':
      return { kind: 'gateway', host, gateway: checkGateway(words.gateway, check) };
    default:
      check.add('--expose', expose, `is none of ${EXPOSURES.join(', ')}`, 'Without it: route (OpenShift).');
      return { kind: 'none' };
  }
}

function named(flag: string, value: string | undefined, example: string, check: WordCheck): string | null {
  return value === undefined ? null : check.name(flag, value, SUBDOMAIN, example);
}

function checkGateway(
  value: string | undefined,
  check: WordCheck,
): { namespace: string | null; name: string } {
  if (value === undefined) {
    check.add(
      '--expose',
      'gateway',
      'needs the name of a Gateway',
      'Write --gateway NAME or NAMESPACE/NAME.',
    );
    return { namespace: null, name: '' };
  }
  const [first = '', second, ...more] = value.split('/');
  if (more.length > 0)
    check.add('--gateway', value, 'has more than one /', 'Write --gateway NAME or NAMESPACE/NAME.');
  return second === undefined
    ? { namespace: null, name: check.name('--gateway', first, SUBDOMAIN, 'public') }
    : {
        namespace: check.name('--gateway', first, SUBDOMAIN, 'gateways/public'),
        name: check.name('--gateway', second, SUBDOMAIN, 'gateways/public'),
      };
}
