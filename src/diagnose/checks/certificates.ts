import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { endpointKey, listOurWebhooks } from '../our-webhooks.ts';
import type { OurWebhook } from '../our-webhooks.ts';
import { listRefusals } from '../refusals.ts';
import type { RefusalKind } from '../refusals.ts';

export const certificates: Check = {
  id: 'certificates',
  group: 'webhook',
  title: 'the certificates of the webhook are valid and trusted',
  run: (facts) => {
    const { mutating, validating, subject } = facts;
    if (
      subject.expected === null ||
      (subject.expected.label !== 'true' && subject.survey.sidecars.length > 0)
    )
      return null;
    const told = fromRefusals(facts);
    if (mutating.state !== 'known')
      return told.length > 0
        ? { looked: 'not read', findings: told }
        : notMade(mutating, 'the webhook configurations');
    const ours = [
      ...listOurWebhooks(mutating.value, 'mutating'),
      ...listOurWebhooks(valueOf(validating) ?? [], 'validating'),
    ];
    if (ours.length === 0) return null;
    const findings = [
      ...told,
      ...once(ours.flatMap((found) => [...judgeBundle(found, facts), ...judgeServed(found, facts)])),
    ];
    const left = ours.flatMap((found) => secondsLeft(found, facts));
    return {
      looked:
        left.length === 0
          ? 'no certificate can be seen from here'
          : `the first ends in ${words(Math.min(...left))}`,
      findings: findings.filter(
        (finding, index) => findings.findIndex(({ code }) => code === finding.code) === index,
      ),
    };
  },
};

const DAY_SECONDS = 86_400;
const SOON_DAYS = 14;
const RENEW =
  'media-stack-certs ensure (or what issues it: cert-manager, OpenShift), then: kubectl rollout restart deployment/media-stack -n media-stack-system';

const WORDS: Readonly<Partial<Record<RefusalKind, readonly [code: string, cause: string]>>> = {
  certificate_expired: [
    'certificate_expired',
    'the certificate that the webhook serves has expired: the API server does not talk to it',
  ],
  certificate_untrusted: [
    'ca_bundle_wrong',
    'caBundle of the configuration is not the CA of the certificate that the webhook serves',
  ],
  certificate_name: [
    'certificate_name',
    'the certificate that the webhook serves is not for the name by which it is called',
  ],
};

function fromRefusals(facts: Facts): Finding[] {
  return listRefusals(facts).flatMap(({ kind, message }) => {
    const words = WORDS[kind];
    return words === undefined
      ? []
      : [
          fail({
            code: words[0],
            found: message,
            cause: words[1],
            mend: [RENEW],
            symptom: 'pod_not_created',
          }),
        ];
  });
}

function judgeBundle({ configuration, kind, caBundle }: OurWebhook, { bundles, now }: Facts): Finding[] {
  const where = `caBundle of the ${kind} configuration ${configuration}`;
  if (caBundle === null)
    return [
      warn({
        code: 'ca_bundle_absent',
        found: `${where} is empty`,
        cause: 'the API server then trusts the CAs of its own machine alone',
        mend: [RENEW],
        symptom: 'pod_not_created',
      }),
    ];
  const bundle = bundles[caBundle];
  if (bundle === undefined) return [];
  if (bundle.notAfter === null)
    return [
      fail({
        code: 'ca_bundle_wrong',
        found: `${where} cannot be read: ${bundle.problem ?? ''}`,
        cause: 'it must be the base64 of a PEM certificate',
        mend: [RENEW],
        symptom: 'pod_not_created',
      }),
    ];
  return expiry('ca', `the CA in ${where}`, { notBefore: now, notAfter: bundle.notAfter }, now);
}

function judgeServed({ endpoint, name }: OurWebhook, { endpoints, now }: Facts): Finding[] {
  if (endpoint === null) return [];
  const fact = endpoints[endpointKey(endpoint)];
  if (fact?.state !== 'known') return [];
  if (fact.value.kind !== 'certificate') return [];
  const { trusted } = fact.value;
  const expired = expiry(
    'certificate',
    `the certificate that ${name} serves at ${endpointKey(endpoint)}`,
    fact.value,
    now,
  );
  if (expired.length > 0 || trusted === null) return expired;
  return [
    fail({
      code: 'ca_bundle_wrong',
      found: `the certificate that ${name} serves is not trusted by its caBundle: ${trusted}`,
      cause: 'caBundle of the configuration is not the CA of the certificate that the webhook serves',
      mend: [RENEW],
      symptom: 'pod_not_created',
    }),
  ];
}

interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

function expiry(
  code: 'ca' | 'certificate',
  what: string,
  { notBefore, notAfter }: Validity,
  now: number,
): Finding[] {
  const left = notAfter - now;
  // One that is renewed every day is not late with a day to go.
  const late = left < Math.min(SOON_DAYS * DAY_SECONDS, (notAfter - notBefore) * LATE_SHARE);
  if (left > 0 && (!late || code === 'ca')) return [];
  if (left <= 0)
    return [
      fail({
        code: `${code}_expired`,
        found: `${what} has expired`,
        cause: 'the API server does not talk to a server with an expired certificate',
        mend: [RENEW],
        symptom: 'pod_not_created',
      }),
    ];
  return [
    warn({
      code: `${code}_expires_soon`,
      found: `${what} ends in ${words(left)}`,
      cause: 'nobody has renewed it; once it has ended no labelled pod can be created any more',
      mend: [RENEW],
    }),
  ];
}

const LATE_SHARE = 0.2;

function words(seconds: number): string {
  const days = Math.floor(seconds / DAY_SECONDS);
  return days > 1 ? `${days} days` : `${Math.floor(seconds / 3600)} hours`;
}

function secondsLeft({ caBundle, endpoint }: OurWebhook, { bundles, endpoints, now }: Facts): number[] {
  const served = endpoint === null ? undefined : endpoints[endpointKey(endpoint)];
  const ends = [
    caBundle === null ? null : bundles[caBundle]?.notAfter,
    served?.state === 'known' && served.value.kind === 'certificate' ? served.value.notAfter : null,
  ];
  return ends.flatMap((end) => (end == null ? [] : [Math.max(0, end - now)]));
}

function once(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, index) => findings.findIndex(({ found }) => found === finding.found) === index,
  );
}
