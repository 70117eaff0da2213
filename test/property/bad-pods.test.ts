// Objects that are no pod, or a pod as nobody has it: a clear answer each, and what is not ours comes back unchanged.
import { describe, expect, test } from 'vitest';
import { completeReview } from '../../src/admission/complete.ts';
import { decodeReview } from '../../src/admission/decode.ts';
import { injectFile, uninjectFile } from '../../src/cli/manifest-injection.ts';
import { buildHandlers } from '../../src/server/handlers.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import { reviewOf } from '../support/admission-review.ts';
import { throughWebhook } from '../support/through-webhook.ts';

const settings = defaultSettings();
const LABELS = { 'media-stack/cloud-mounts': 'true' };
const pod = (spec: unknown, metadata: unknown = { name: 'p', labels: LABELS }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec,
});

/** Path of every cause and the message of the first. */
function causes({ status }: { status: { details?: unknown } | undefined }): [string[], string] {
  const { causes = [] } = (status?.details ?? {}) as { causes?: { field: string; message: string }[] };
  return [causes.map(({ field }) => field), causes[0]?.message ?? ''];
}

describe('an object of the wrong shape is refused at every wrong place, by both endpoints', () => {
  const cases: readonly [name: string, object: Record<string, unknown>, paths: string[], message: RegExp][] =
    [
      ['spec: null', pod(null), ['spec'], /must be an? object, found null/],
      ['no spec', pod(undefined), ['spec'], /object is missing here/],
      ['no containers', pod({}), ['spec.containers'], /list is missing here/],
      [
        'containers: a text',
        pod({ containers: 'plex' }),
        ['spec.containers'],
        /must be a list, found "plex"/,
      ],
      ['containers: a map', pod({ containers: { 0: {} } }), ['spec.containers'], /found an? object/],
      [
        'a container that is null, and one without a name',
        pod({ containers: [null, {}] }),
        ['spec.containers[0]', 'spec.containers[1].name'],
        /found null/,
      ],
      [
        'numbers where names belong',
        pod({
          containers: [{ name: 7, volumeMounts: [{ name: 'a' }] }],
          volumes: [1],
        }),
        ['spec.containers[0].name', 'spec.containers[0].volumeMounts[0].mountPath', 'spec.volumes[0]'],
        /found 7/,
      ],
      [
        'annotations of a wrong type',
        pod({ containers: [{ name: 'a' }] }, { labels: LABELS, annotations: { 'a/b': 1 } }),
        ['metadata.annotations[a/b]'],
        /must be a string, found 1/,
      ],
    ];
  for (const [name, object, paths, message] of cases) {
    test(name, async () => {
      for (const endpoint of ['mutate', 'validate'] as const) {
        const reviewed = await throughWebhook(endpoint, object, settings);
        expect(reviewed.allowed).toBe(false);
        const [found, first] = causes(reviewed);
        expect(found).toEqual(paths);
        expect(first).toMatch(message);
      }
    });
  }
});

test('an empty list of containers is no app, not an exception', async () => {
  const { allowed, reason } = await throughWebhook('mutate', pod({ containers: [] }), settings);
  expect([allowed, reason]).toEqual([true, 'no_app_container']);
});

test('__proto__ as a key is a key like any other', async () => {
  const object = JSON.parse(
    `{"apiVersion":"v1","kind":"Pod","__proto__":{"a":1},"metadata":{"labels":{"media-stack/cloud-mounts":"true","__proto__":"x"},"annotations":{"__proto__":"y"}},
      "spec":{"__proto__":{"containers":[]},"containers":[{"name":"__proto__","__proto__":{"polluted":true}},{"name":"constructor"}]}}`,
  ) as Record<string, unknown>;
  const { allowed, object: after } = await throughWebhook('mutate', object, settings);
  expect(allowed).toBe(true);
  expect(JSON.stringify(after)).toContain('"__proto__":{"polluted":true}');
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(JSON.stringify((after as { spec: { containers: unknown[] } }).spec.containers[0])).toContain(
    '/mnt/media',
  );
});

test('__proto__ instead of labels does not label a pod', async () => {
  const object = JSON.parse(
    '{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"__proto__":{"media-stack/cloud-mounts":"true"}}},"spec":{"containers":[{"name":"a"}]}}',
  ) as Record<string, unknown>;
  const { allowed, reason } = await throughWebhook('mutate', object, settings);
  expect([allowed, reason]).toEqual([true, 'label_absent']);
});

test('100,000 levels of nesting in a field that is not read: the pod is injected all the same', async () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
  for (const endpoint of ['mutate', 'validate'] as const) {
    const outcome = await handle(
      endpoint,
      'CREATE',
      pod({ containers: [{ name: 'a', unknown: deep }], x: deep }),
    );
    expect(outcome.reason).toBe(endpoint === 'mutate' ? 'injected' : 'MS302');
  }
});

test('100,000 levels of nesting in a field that is read are refused by shape', async () => {
  const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
  const outcome = await handle('mutate', 'CREATE', pod({ containers: deep, volumes: deep, affinity: deep }));
  expect(outcome.reason).toBe('pod-shape');
});

test('a workload with 100,000 levels of nesting that is updated gets an answer', async () => {
  const deep = (): unknown => JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
  const workload = () => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { template: { metadata: { labels: LABELS }, spec: { containers: [{ name: 'a' }], x: deep() } } },
  });
  const outcome = await handle('validate', 'UPDATE', workload(), workload());
  expect(['judged', 'template_unchanged']).toContain(outcome.reason);
});

/** The handler alone, for objects that no copy survives. */
async function handle(
  endpoint: 'mutate' | 'validate',
  operation: string,
  object: Record<string, unknown>,
  oldObject: unknown = null,
): Promise<{ readonly kind: string; readonly reason?: string }> {
  const [version, group = ''] = String(object['apiVersion']).split('/').toReversed();
  const kind = { group, version, kind: object['kind'] };
  const decoded = decodeReview(reviewOf({ kind, operation, object, oldObject }));
  if (decoded.kind !== 'request') throw new Error(JSON.stringify(decoded.problem));
  const outcome = await buildHandlers({ settings: () => settings })[endpoint](decoded.request);
  const answer = completeReview(decoded.request, outcome, (text) => Buffer.from(text).toString('base64'));
  expect(answer.response.uid).toBe(decoded.request.uid);
  return outcome;
}

test('2,000 environment variables and 300 containers: injected, with a patch that does not grow with them', async () => {
  const env = Array.from({ length: 2_000 }, (_, index) => ({ name: `V${index}`, value: `$(V${index - 1})` }));
  const others = Array.from({ length: 299 }, (_, index) => ({ name: `c${index}`, image: 'x' }));
  const small = await throughWebhook('mutate', pod({ containers: [{ name: 'a' }] }), settings);
  const large = await throughWebhook(
    'mutate',
    pod({ containers: [{ name: 'a', env }, ...others] }),
    settings,
  );
  expect(large.operations).toEqual(small.operations);
  const { spec } = large.object as { spec: { containers: { env?: unknown[] }[] } };
  expect(spec.containers).toHaveLength(300);
  expect(spec.containers[0]?.env).toEqual(env);
});

test('numbers beyond 2^53 are never in a patch, and stay as they are in a file', () => {
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: p
  labels:
    media-stack/cloud-mounts: "true"
spec:
  activeDeadlineSeconds: 9007199254740993
  containers:
  - name: a
    securityContext: {runAsUser: 12345678901234567890}
    ports:
    - containerPort: 0x1F90
      hostPort: 1e3
`;
  const injected = injectFile({ file: 'p.yaml', text }, { settings, assumeLabel: false });
  expect(injected.workloads[0]?.outcome).toBe('injected');
  for (const number of ['9007199254740993', '12345678901234567890', '0x1F90', '1e3'])
    expect(injected.after).toContain(number);
  expect(JSON.stringify(injected.workloads[0]?.patch)).not.toMatch(/9007199254740|123456789012345/);
  expect(uninjectFile({ file: 'p.yaml', text: injected.after }).after).toBe(text);
});

test('an object of another kind at the mutating endpoint passes, with a word of warning', async () => {
  const { allowed, warnings, reason } = await throughWebhook(
    'mutate',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { labels: LABELS }, spec: {} },
    settings,
  );
  expect([allowed, reason]).toEqual([true, 'not_a_pod']);
  expect(warnings.join()).toMatch(/only pods are changed/);
});

test('an object of a kind without a pod passes the validating endpoint', async () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { labels: LABELS }, spec: {} };
  const { allowed, reason } = await throughWebhook('validate', service, settings);
  expect([allowed, reason]).toEqual([true, 'not_a_workload']);
});
