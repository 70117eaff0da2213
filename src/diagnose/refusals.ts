// Why a pod was not, or would not be, created: the words of the API server sorted by who said them.
import type { Facts } from './facts.ts';
import { valueOf } from './known.ts';

export type RefusalKind =
  | 'pod_security'
  | 'scc'
  | 'limit_range'
  | 'quota'
  | 'certificate_expired'
  | 'certificate_untrusted'
  | 'certificate_name'
  | 'webhook_unreachable'
  | 'webhook_denied'
  | 'other';

export interface Refusal {
  readonly kind: RefusalKind;
  /** Cut to what fits under a line. */
  readonly message: string;
  readonly from: 'dry run' | 'event';
  /** Name of the webhook that was meant, where the message names one. */
  readonly webhook: string | null;
}

// Sources: pod-security-admission/admission.go, sccadmission/admission.go, plugin/pkg/admission/limitranger,
// plugin/pkg/admission/resourcequota, apiserver/pkg/admission/plugin/webhook/errors, crypto/x509 of Go.
const KINDS: readonly (readonly [RefusalKind, RegExp])[] = [
  ['pod_security', /violates PodSecurity/],
  ['scc', /unable to validate against any (?:pod )?security (?:context constraint|policy)/],
  [
    'limit_range',
    /(?:max|min)imum (?:cpu|memory|ephemeral-storage) usage per|(?:cpu|memory) max limit to request ratio/,
  ],
  ['quota', /exceeded quota|failed quota/],
  ['certificate_expired', /certificate has expired or is not yet valid/],
  [
    'certificate_untrusted',
    /certificate signed by unknown authority|failed to verify certificate: x509: (?!certificate is valid for)/,
  ],
  [
    'certificate_name',
    /certificate is (?:valid for|not valid for)|doesn't contain any IP SANs|not standards compliant/,
  ],
  ['webhook_unreachable', /failed calling webhook/],
  ['webhook_denied', /admission webhook "[^"]+" denied the request/],
];

/** One refusal. */
export function readRefusal(message: string, from: Refusal['from']): Refusal {
  const kind = KINDS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
  const webhook = /webhook "([^"]+)"/.exec(message)?.[1] ?? null;
  return { kind, message: shorten(message), from, webhook };
}

/**
 * What stands in the way of a new pod. A dry run is of this moment and wins; without one, the FailedCreate events, which
 * may be of yesterday.
 */
export function listRefusals({ admission, events }: Facts): Refusal[] {
  const asked = valueOf(admission);
  if (asked !== null) return asked.outcome === 'refused' ? [readRefusal(asked.message, 'dry run')] : [];
  const messages = (valueOf(events) ?? []).filter(({ reason }) => reason === 'FailedCreate');
  return [...new Set(messages.map(({ message }) => message))].map((message) => readRefusal(message, 'event'));
}

function shorten(message: string): string {
  const line = message
    .replaceAll(/\s+/g, ' ')
    .replace(/^(?:Error creating: |not allowed: |the API server answers \S+ \S+ with \d+: )/, '');
  return line.length > 500 ? `${line.slice(0, 499)}…` : line;
}
