import { describe, expect, it } from 'vitest';
import type { BundleFacts, EndpointFacts } from '../../../src/diagnose/facts.ts';
import { known } from '../../../src/diagnose/known.ts';
import type { Known } from '../../../src/diagnose/known.ts';
import { matchesSelector } from '../../../src/pod/label-selector.ts';
import { readRefusal } from '../../../src/diagnose/refusals.ts';
import type { JsonObject } from '../../../src/pod/json.ts';
import { codesOf, handWritten, runCheck } from './some-facts.ts';
import type { FactsOf } from './some-facts.ts';

const NOW = 1_800_000_000;
const DAY = 86_400;
const SERVICE = 'media-stack-system/media-stack';

function configuration(changes: JsonObject = {}): JsonObject {
  return {
    metadata: { name: 'media-stack' },
    webhooks: [
      {
        name: 'pods.media-stack.io',
        clientConfig: {
          caBundle: 'Y2E=',
          service: { namespace: 'media-stack-system', name: 'media-stack', path: '/mutate' },
        },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        objectSelector: { matchExpressions: [{ key: 'media-stack/cloud-mounts', operator: 'Exists' }] },
        ...changes,
      },
    ],
  };
}

function facts(changes: JsonObject = {}, more: FactsOf = {}): FactsOf {
  const found = known([configuration(changes)]);
  const bundle: BundleFacts = { notAfter: NOW + 900 * DAY, subject: 'CN=ca', problem: null };
  const endpoint: Known<EndpointFacts> = known({ kind: 'service', ready: 2 });
  return {
    mutating: found,
    validating: found,
    bundles: { 'Y2E=': bundle },
    endpoints: { [SERVICE]: endpoint },
    ...more,
  };
}

describe('webhook', () => {
  it('is fine where it is there and a dry run was injected', () => {
    expect(runCheck('webhook', facts())).toMatchObject({
      status: 'ok',
      looked: 'media-stack at media-stack-system/media-stack; a dry run was injected',
    });
  });

  it('is absent', () => {
    expect(runCheck('webhook', { mutating: known([]) })?.findings).toEqual([
      {
        code: 'webhook_absent',
        level: 'fail',
        found: 'no MutatingWebhookConfiguration asks for pods with the label media-stack/cloud-mounts',
        cause: 'media-stack is not installed in this cluster: nothing adds the sidecars',
        mend: [
          'install it: helm install media-stack charts/media-stack -n media-stack-system --create-namespace',
          'or write the sidecars into the manifest: media-stack inject -f FILE',
        ],
        yaml: null,
        symptom: 'label_without_effect',
        role: 'cause',
      },
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['no rule for pods', { rules: [] }, 'fail webhook_rules'],
    [
      'a namespaceSelector that leaves this one out',
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['media'] }],
        },
      },
      'fail namespace_excluded',
    ],
    [
      'an objectSelector that leaves the pod out',
      { objectSelector: { matchLabels: { 'media-stack/cloud-mounts': 'on' } } },
      'fail object_excluded',
    ],
    ['no endpoint', { clientConfig: { caBundle: 'Y2E=' } }, 'fail webhook_endpoint'],
  ])('has %s', (_what, changes, code) => {
    expect(codesOf(runCheck('webhook', facts(changes)))[0]).toBe(code);
  });

  it.each<[string, Known<EndpointFacts>, string]>([
    ['does not exist', { state: 'absent' }, 'fail webhook_service_absent'],
    ['has no ready endpoint', known({ kind: 'service', ready: 0 }), 'fail webhook_unreachable'],
  ])('calls a service that %s', (_what, endpoint, code) => {
    expect(codesOf(runCheck('webhook', facts({}, { endpoints: { [SERVICE]: endpoint } })))).toContain(code);
  });

  it('was not called in a dry run that came back as it was', () => {
    const admission = known({ outcome: 'admitted', injected: false } as const);
    expect(runCheck('webhook', facts({ failurePolicy: 'Ignore' }, { admission }))?.findings).toMatchObject([
      {
        code: 'webhook_not_called',
        cause: 'failurePolicy is Ignore: the API server could not call the webhook, and went on without it',
      },
    ]);
  });

  it('tells by a dry run what it may not read', () => {
    const mutating = { state: 'not_allowed', right: 'list mutatingwebhookconfigurations' } as const;
    expect(runCheck('webhook', { mutating })).toMatchObject({ status: 'ok' });
    const admission = { state: 'not_allowed', right: 'create pods -n media' } as const;
    expect(codesOf(runCheck('webhook', { mutating, admission }))).toEqual(['unknown not_allowed']);
  });

  it('is no question for sidecars written by hand', () => {
    expect(runCheck('webhook', { object: handWritten({}) })).toBeUndefined();
  });
});

describe('certificates', () => {
  const url = (fact: EndpointFacts): FactsOf =>
    facts(
      { clientConfig: { caBundle: 'Y2E=', url: 'https://hook/mutate' } },
      { endpoints: { 'https://hook/mutate': known(fact) } },
    );
  const served = (left: number, trusted: string | null = null): EndpointFacts => ({
    kind: 'certificate',
    notBefore: NOW - 300 * DAY,
    notAfter: NOW + left,
    subject: 'CN=hook',
    trusted,
  });

  it.each<[string, EndpointFacts, string[]]>([
    ['good for long', served(60 * DAY), []],
    ['near its end', served(3 * DAY), ['warn certificate_expires_soon']],
    ['expired', served(-1), ['fail certificate_expired']],
    ['of another CA', served(60 * DAY, 'SELF_SIGNED_CERT_IN_CHAIN'), ['fail ca_bundle_wrong']],
    ['that cannot be seen from here', { kind: 'unreachable', message: 'ETIMEDOUT' }, []],
  ])('%s', (_what, endpoint, codes) => {
    expect(codesOf(runCheck('certificates', url(endpoint)))).toEqual(codes);
  });

  it('says when the first one ends', () => {
    expect(runCheck('certificates', url(served(60 * DAY)))?.looked).toBe('the first ends in 60 days');
    expect(runCheck('certificates', url(served(5 * 3600)))?.looked).toBe('the first ends in 5 hours');
  });

  it('names a caBundle that cannot be read, one that is empty, and a CA that has expired', () => {
    const bundle = (fact: Partial<BundleFacts>): Record<string, BundleFacts> => ({
      'Y2E=': { notAfter: null, subject: '', problem: null, ...fact },
    });
    expect(
      runCheck('certificates', facts({}, { bundles: bundle({ problem: 'it holds no PEM certificate' }) }))
        ?.findings[0],
    ).toMatchObject({
      code: 'ca_bundle_wrong',
      found: 'caBundle of the mutating configuration media-stack cannot be read: it holds no PEM certificate',
    });
    expect(codesOf(runCheck('certificates', facts({}, { bundles: bundle({ notAfter: NOW - 1 }) })))).toEqual([
      'fail ca_expired',
    ]);
    expect(
      codesOf(runCheck('certificates', facts({ clientConfig: { url: 'https://hook/mutate' } }))),
    ).toEqual(['warn ca_bundle_absent']);
  });
});

describe('a refusal', () => {
  // The words of Kubernetes 1.36, as the tests on a real cluster have met them.
  it.each([
    [
      'pods "a" is forbidden: violates PodSecurity "baseline:latest": privileged (container "x" must not set ...)',
      'pod_security',
      null,
    ],
    [
      'pods "a" is forbidden: maximum memory usage per Container is 512Mi, but limit is 1Gi',
      'limit_range',
      null,
    ],
    ['pods "a" is forbidden: exceeded quota: q, requested: cpu=1', 'quota', null],
    [
      'Internal error occurred: failed calling webhook "pods.media-stack.io": failed to call webhook: Post "https://h": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time',
      'certificate_expired',
      'pods.media-stack.io',
    ],
    [
      'failed calling webhook "pods.media-stack.io": Post "https://h": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'certificate_untrusted',
      'pods.media-stack.io',
    ],
    [
      'failed calling webhook "w": tls: failed to verify certificate: x509: certificate is valid for a, not b',
      'certificate_name',
      'w',
    ],
    [
      'failed calling webhook "w": Post "https://h": dial tcp 127.0.0.1:1: connect: connection refused',
      'webhook_unreachable',
      'w',
    ],
    [
      'failed calling webhook "w": no endpoints available for service "media-stack"',
      'webhook_unreachable',
      'w',
    ],
    [
      'admission webhook "pods.media-stack.io" denied the request: MS101',
      'webhook_denied',
      'pods.media-stack.io',
    ],
    ['pods "a" is forbidden: unable to validate against any security context constraint: []', 'scc', null],
    ['error looking up service account media/x', 'other', null],
  ])('%s', (message, kind, webhook) => {
    expect(readRefusal(message, 'dry run')).toEqual({ kind, message, from: 'dry run', webhook });
  });
});

describe('a label selector', () => {
  const labels = { a: '1' };
  it.each([
    [undefined, true],
    [{}, true],
    [{ matchLabels: { a: '1' } }, true],
    [{ matchLabels: { a: '2' } }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }] }, true],
    [{ matchExpressions: [{ key: 'b', operator: 'In', values: ['1'] }] }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, false],
    [{ matchExpressions: [{ key: 'b', operator: 'NotIn', values: ['1'] }] }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, false],
  ])('%j: %s', (selector, matches) => {
    expect(matchesSelector(selector, labels)).toBe(matches);
  });
});
