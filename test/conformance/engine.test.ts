// The real handlers behind real TLS, held against the API server's rules: what is asked on the wire, what is answered
// on the wire. What the engine decides in each case is told by the golden cases.
import { Buffer } from 'node:buffer';
import jsonpatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionApiVersion, AdmissionReviewAnswer } from '../../src/admission/review.ts';
import { SKIP_REASONS } from '../../src/inject/skip-reason.ts';
import { buildHandlers } from '../../src/server/handlers.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import { reviewOf } from '../support/admission-review.ts';
import type { ReviewUnderTest } from '../support/admission-review.ts';
import { acceptResponse } from '../support/apiserver-check.ts';
import type { Decision } from '../support/apiserver-check.ts';
import { app, injected, labelledPod, MEDIA_MOUNT, podOf } from '../support/labelled-pod.ts';
import type { Fields } from '../support/labelled-pod.ts';
import { post, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(buildHandlers({ settings: defaultSettings }));
});
afterAll(() => server.stop());

type Endpoint = 'mutate' | 'validate';
const KINDS: Readonly<Record<Endpoint, 'mutating' | 'validating'>> = {
  mutate: 'mutating',
  validate: 'validating',
};
const LABEL = 'media-stack/cloud-mounts';

/** What the API server makes of the answer; anything but a clean OK fails the test. */
async function ask(endpoint: Endpoint, review: ReviewUnderTest): Promise<Decision> {
  const { status, headers, body } = await post(server, `/${endpoint}`, review);
  const verdict = acceptResponse(KINDS[endpoint], review, status, headers['content-type'], body);
  if (verdict.verdict !== 'OK') throw new Error(JSON.stringify(verdict));
  return verdict.decision;
}

/** The response to a body that no object in this process could stand for. */
async function askRaw(endpoint: Endpoint, body: string): Promise<AdmissionReviewAnswer['response']> {
  const answer = await post(server, `/${endpoint}`, body);
  expect(answer.status).toBe(200);
  return (JSON.parse(answer.body) as AdmissionReviewAnswer).response;
}

const operationsOf = ({ patch }: AdmissionReviewAnswer['response']): Operation[] =>
  JSON.parse(Buffer.from(patch ?? '', 'base64').toString('utf8') || '[]') as Operation[];
const lastReason = () => server.logLines.findLast((line) => line['msg'] === 'admission')?.['reason'];
const pod = (object: unknown, request: Fields = {}) =>
  reviewOf({ object: { apiVersion: 'v1', kind: 'Pod', ...(object as object) }, ...request });
const raw = (value: string, text: string) =>
  JSON.stringify(
    pod({ metadata: { labels: { [LABEL]: 'true' } }, spec: { containers: [app()], volumes: [] } }),
  ).replace(value, text);

async function expectStillServing(): Promise<void> {
  expect((await ask('mutate', pod(labelledPod()))).operations).not.toEqual([]);
}

describe('POST /mutate', () => {
  it('changes a labelled pod into what the engine makes of it, and says so in the audit log', async () => {
    const original = labelledPod({ serviceAccountName: 'sonarr' });
    const decision = await ask('mutate', pod(original));
    expect(decision).toMatchObject({ allowed: true, warnings: [] });
    expect(decision.object).toEqual({ apiVersion: 'v1', kind: 'Pod', ...injected(original) });
    expect(decision.auditAnnotations).toEqual({
      'pods.media-stack.example.org/injected': 'zurg,torbox',
    });
    expect(lastReason()).toBe('injected');
  });

  it.each<[string, unknown, Fields]>([
    ['label_absent', podOf(), {}],
    ['label_absent', podOf({}, { labels: { [LABEL.toUpperCase()]: 'true' } }), {}],
    ['label_absent', { spec: 'anything' }, {}],
    ['label_absent', { metadata: 'anything' }, {}],
    ['label_false', podOf({}, { labels: { [LABEL]: 'false' } }), {}],
    ['label_false', { metadata: { labels: { [LABEL]: 'false' } }, spec: null }, {}],
    ['already_complete', injected(labelledPod()), {}],
    ['not_a_create', labelledPod(), { operation: 'UPDATE', oldObject: labelledPod() }],
    ['not_a_create', labelledPod(), { operation: 'CONNECT' }],
    ['subresource', labelledPod(), { subResource: 'ephemeralcontainers' }],
  ])('lets pass without a patch and a warning: %s', async (reason, object, request) => {
    expect(await ask('mutate', pod(object, request))).toMatchObject({
      allowed: true,
      operations: [],
      warnings: [],
    });
    expect(lastReason()).toBe(reason);
  });

  it('lets a DELETE pass, which has no object', async () => {
    const review = reviewOf({ operation: 'DELETE', object: null, oldObject: labelledPod() });
    expect(await ask('mutate', review)).toMatchObject({ allowed: true, operations: [] });
  });

  it.each<[keyof typeof SKIP_REASONS, unknown]>([
    ['no_app_container', labelledPod({ containers: [{ name: 'istio-proxy' }] })],
    ['no_remotes_selected', labelledPod({}, { 'media-stack/remotes': '' })],
    ['windows_pod', labelledPod({ os: { name: 'windows' } })],
    ['mirror_pod', labelledPod({}, { 'kubernetes.io/config.mirror': 'x' })],
  ])('lets pass with a warning to who asked for mounts: %s', async (reason, object) => {
    const { text, hint } = SKIP_REASONS[reason];
    expect(await ask('mutate', pod(object))).toMatchObject({
      allowed: true,
      operations: [],
      warnings: [`media-stack: no mounts: ${text}; ${hint}`],
    });
    expect(lastReason()).toBe(reason);
  });

  it('lets an object of another kind pass with a warning: the rule points at too much', async () => {
    const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
    const decision = await ask('mutate', reviewOf({ kind, object: { metadata: {}, spec: {} } }));
    expect(decision).toMatchObject({
      allowed: true,
      operations: [],
      warnings: [`media-stack: ${SKIP_REASONS.not_a_pod.text} (Deployment)`],
    });
  });

  it.each<[string, unknown, string, string, string]>([
    [
      'MS502',
      podOf({}, { labels: { [LABEL]: 'True' } }),
      `metadata.labels[${LABEL}]`,
      'the label value "True" is neither "true" nor "false"',
      `Write ${LABEL}: "true" (with the quotes: a label is a string), or "false" to switch the mounts off.`,
    ],
    [
      'MS503',
      labelledPod({}, { 'media-stack/memory-limit': '1Gb' }),
      'metadata.annotations[media-stack/memory-limit]',
      '"1Gb" is not a Kubernetes quantity of at least 1Mi, e.g. 2Gi',
      'Write for example media-stack/memory-limit: "2Gi".',
    ],
    [
      'MS208',
      labelledPod({
        containers: [app(), app({ name: 'b', volumeMounts: [{ name: 'x', mountPath: '/mnt/media' }] })],
      }),
      'spec.containers[1].volumeMounts[0]',
      'different volumes are mounted at /mnt/media: sonarr mounts "media", b mounts "x"',
      'Mount the same volume there in every app container, or name the one app in media-stack/containers: "NAME".',
    ],
    [
      'pod-shape',
      { ...labelledPod(), spec: { containers: 'sonarr' } },
      'spec.containers',
      'must be a list, found "sonarr"',
      'See kubectl explain pod for the fields of a pod.',
    ],
    [
      'pod-shape',
      labelledPod({ volumes: [{}] }),
      'spec.volumes[0].name',
      'a string is missing here',
      'See kubectl explain pod for the fields of a pod.',
    ],
  ])('refuses what it cannot act on: %s', async (code, object, field, message, hint) => {
    const decision = await ask('mutate', pod(object, { name: 'sonarr-1' }));
    expect(decision).toMatchObject({ allowed: false, operations: [] });
    expect(decision.status).toEqual({
      code: 422,
      reason: 'Invalid',
      message: `admission webhook "pods.media-stack.example.org" denied the request: media-stack refuses Pod media/sonarr-1 (1 problem): ${code} ${field}: ${message}. ${hint}`,
      details: {
        kind: 'Pod',
        name: 'sonarr-1',
        causes: [{ field, message: `${code}: ${message}. ${hint}`, reason: 'FieldValueInvalid' }],
      },
    });
    expect(lastReason()).toBe(code);
  });

  it('refuses spec: null of a labelled pod', async () => {
    const decision = await ask('mutate', pod({ ...labelledPod(), spec: null }));
    expect(decision.status).toMatchObject({ code: 422, details: { causes: [{ field: 'spec' }] } });
  });

  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as AdmissionApiVersion[])(
    'answers in the version it was asked in: %s',
    async (apiVersion) => {
      const object = { apiVersion: 'v1', kind: 'Pod', ...labelledPod() };
      const decision = await ask('mutate', reviewOf({ object }, apiVersion));
      expect(decision.object).toEqual({ apiVersion: 'v1', kind: 'Pod', ...injected(labelledPod()) });
    },
  );

  it('gives a dry run the same patch', async () => {
    const [dry, real] = await Promise.all([
      ask('mutate', pod(labelledPod(), { dryRun: true })),
      ask('mutate', pod(labelledPod())),
    ]);
    expect(dry.operations).toEqual(real.operations);
  });

  it('has nothing to add when it is asked again about what it made', async () => {
    const first = await ask('mutate', pod(labelledPod({ initContainers: [{ name: 'seed' }] })));
    expect(await ask('mutate', reviewOf({ object: first.object }))).toMatchObject({
      allowed: true,
      operations: [],
    });
    expect(lastReason()).toBe('already_complete');
  });

  it('adds what is missing when another webhook came in between', async () => {
    const first = await ask('mutate', pod(labelledPod()));
    const object = structuredClone(first.object) as {
      spec: { containers: Fields[]; initContainers: Fields[] };
    };
    object.spec.containers.unshift({ name: 'istio-proxy', image: 'istio' });
    object.spec.initContainers.unshift({ name: 'istio-init', image: 'istio' });
    expect((await ask('mutate', reviewOf({ object }))).operations).toEqual([]);
  });
});

describe('odd pods', () => {
  it('with numbers beyond 2^53 keep every digit, for the patch holds none of them', async () => {
    const huge =
      '{"a":9007199254740993,"b":-9007199254740995,"c":[12345678901234567890,0.1000000000000000055511151231257827,1e400]}';
    const body = raw('"volumes":[]', `"volumes":[],"later":${huge}`).replace(
      '"name":"sonarr"',
      `"name":"sonarr","later":${huge}`,
    );
    const response = await askRaw('mutate', body);
    const patchText = Buffer.from(response.patch ?? '', 'base64').toString('utf8');
    expect(patchText).not.toMatch(/900719925474|123456789012345|"later"/);
    // As a client does that keeps numbers as texts: what stood in the pod stands there after the patch.
    const exact = (text: string): unknown =>
      JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
        typeof value === 'number' ? `number ${context?.source}` : value,
      );
    const { object } = (exact(body) as { request: { object: object } }).request;
    const before = structuredClone(object) as { spec: { later: unknown; containers: Fields[] } };
    const patched = jsonpatch.applyPatch(object, exact(patchText) as Operation[], true)
      .newDocument as typeof before;
    expect(patched.spec.later).toEqual(before.spec.later);
    expect(patched.spec.containers[0]?.['later']).toEqual(before.spec.later);
    expect(patched.spec.later).toMatchObject({ a: 'number 9007199254740993' });
  });

  it('with 2,000 env entries get the same patch as without', async () => {
    const env = Array.from({ length: 2_000 }, (_, index) => ({
      name: `NAME_${index}`,
      value: 'x'.repeat(100),
    }));
    const [many, none] = await Promise.all([
      ask('mutate', pod(labelledPod({ containers: [app({ env })] }))),
      ask('mutate', pod(labelledPod())),
    ]);
    expect(many.operations).toEqual(none.operations);
  });

  it('with 300 containers get the propagation in each', async () => {
    const containers = Array.from({ length: 300 }, (_, index) => app({ name: `app-${index}` }));
    const { object } = await ask('mutate', pod(labelledPod({ containers })));
    const patched = object as { spec: { containers: { name: string; volumeMounts: unknown }[] } };
    expect(patched.spec.containers.map(({ name, volumeMounts }) => [name, volumeMounts])).toEqual(
      containers.map(({ name }) => [name, [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }]]),
    );
  });

  it.each([
    ['in the pod', '"volumes":[]', (deep: string) => `"volumes":[],"later":${deep}`],
    ['in a container', '"name":"sonarr"', (deep: string) => `"name":"sonarr","later":${deep}`],
    ['in its metadata', `"labels":{`, (deep: string) => `"managedFields":${deep},"labels":{`],
  ])('with 100,000 levels %s get their patch', async (_name, value, text) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const response = await askRaw('mutate', raw(value, text(deep)));
    expect(response).toMatchObject({ allowed: true, patchType: 'JSONPatch' });
    expect(operationsOf(response)).toEqual(operationsOf(await askRaw('mutate', raw('', ''))));
    await expectStillServing();
  });

  it.each([
    ['a volume', '"volumes":[]', '"volumes":'],
    ['the list of containers', `"containers":[{`, '"containers":'],
  ])('with 100,000 levels in place of %s are answered', async (_name, value, text) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const body = raw(value, value.endsWith('{') ? `${text}${deep},"x":[{` : `${text}${deep}`);
    expect(await askRaw('mutate', body)).toMatchObject({
      allowed: false,
      status: { code: 422, reason: 'Invalid' },
    });
    await expectStillServing();
  });

  it('with 100,000 levels in an update of a workload are answered', async () => {
    const kind = { group: 'apps', version: 'v1', kind: 'Deployment' };
    const deployment = { metadata: {}, spec: { template: { ...labelledPod(), later: 'DEEP' } } };
    const review = reviewOf({ kind, operation: 'UPDATE', object: deployment, oldObject: deployment });
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const response = await askRaw('validate', JSON.stringify(review).replaceAll('"DEEP"', deep));
    expect(response).toEqual({ uid: review.request.uid, allowed: true });
    await expectStillServing();
  });

  it.each([
    ['a label', '"labels":{', '"labels":{"__proto__":"x",'],
    ['annotations', '"labels":{', '"annotations":{"__proto__":"x"},"labels":{'],
    ['a field', '"spec":{', '"spec":{"__proto__":{"hostUsers":false,"polluted":true},'],
    ['a container', '"name":"sonarr"', '"name":"__proto__"'],
  ])('with __proto__ as %s are changed like any other', async (_name, value, text) => {
    const response = await askRaw('mutate', raw(value, text));
    expect(response).toMatchObject({ allowed: true, patchType: 'JSONPatch' });
    expect(operationsOf(response).map(({ path }) => path)).toContain('/spec/initContainers');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['hostUsers']).toBeUndefined();
    await expectStillServing();
  });

  it('with __proto__ as container name say in the status what it got', async () => {
    const response = await askRaw('mutate', raw('"name":"sonarr"', '"name":"__proto__"'));
    const annotations = operationsOf(response).find(({ path }) => path === '/metadata/annotations');
    const { value } = annotations as { value: Record<string, string> };
    expect(value['media-stack/status']).toContain('"mountPropagation":{"__proto__":["/mnt/media"]}');
  });

  it('with a label twice are read as Go reads them: the last one counts', async () => {
    const twice = (first: string, last: string) =>
      raw(`"${LABEL}":"true"`, `"${LABEL}":"${first}","${LABEL}":"${last}"`);
    expect(await askRaw('mutate', twice('true', 'false'))).not.toHaveProperty('patch');
    expect(await askRaw('mutate', twice('false', 'true'))).toHaveProperty('patch');
  });

  it('with odd text in what is shown are refused in text that is fit to show', async () => {
    const value = `\u0000\u001B[31m\u2028${'x'.repeat(1_000)}`;
    const decision = await ask('mutate', pod(podOf({}, { labels: { [LABEL]: value } })));
    expect(decision.status?.message).toMatch(/MS502/);
    // eslint-disable-next-line no-control-regex
    expect(decision.status?.message).not.toMatch(/[\u0000-\u0008\u000B-\u001F]/);
    expect(decision.status?.message.length).toBeLessThan(600);
  });

  it('never appear in the log', async () => {
    await ask(
      'mutate',
      pod(labelledPod({ containers: [app({ env: [{ name: 'TOKEN', value: 's3cr3t' }] })] })),
    );
    expect(JSON.stringify(server.logLines)).not.toContain('s3cr3t');
  });
});

describe('POST /validate of a pod', () => {
  const PINNED = { nodeSelector: { 'kubernetes.io/hostname': 'node2' } };
  const OWNED = { ownerReferences: [{ kind: 'ReplicaSet', name: 'x', controller: true }] };

  it('lets an injected pod pass', async () => {
    expect(await ask('validate', pod(injected(labelledPod())))).toMatchObject({
      allowed: true,
      warnings: [],
    });
    expect(lastReason()).toBe('judged');
  });

  it('refuses one that was not injected, once for each remote', async () => {
    const seeing = app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });
    const { allowed, status } = await ask('validate', pod(labelledPod({ containers: [seeing] })));
    expect(allowed).toBe(false);
    expect(status).toMatchObject({
      message: expect.stringMatching(
        /media-stack refuses Pod media\/\(no name\) \(2 problems\): MS302 .* \| MS302 /,
      ) as unknown,
      details: { causes: [{ field: 'spec.initContainers' }, { field: 'spec.initContainers' }] },
    });
  });

  it('names a pod that has no name yet by what its name will begin with', async () => {
    const object = labelledPod(PINNED, undefined, { generateName: 'sonarr-6d5f-' });
    const { status } = await ask('validate', pod(injected(object)));
    expect(status).toMatchObject({
      message: expect.stringContaining(
        'media-stack refuses Pod media/sonarr-6d5f-* (1 problem): MS101 ',
      ) as unknown,
      details: { kind: 'Pod', name: 'sonarr-6d5f-*' },
    });
  });

  it('judges a pod that a ReplicaSet made: only there the final state shows', async () => {
    const object = injected(labelledPod(PINNED, undefined, OWNED));
    expect(await ask('validate', pod(object))).toMatchObject({ allowed: false });
    expect(lastReason()).toBe('MS101');
  });

  it.each<[string, unknown, Fields]>([
    ['label_absent', podOf(PINNED), {}],
    ['label_absent', { spec: 5 }, {}],
    ['label_false', podOf(PINNED, { labels: { [LABEL]: 'false' } }), {}],
    ['not_a_create', labelledPod(PINNED), { operation: 'UPDATE', oldObject: labelledPod() }],
    ['being_deleted', labelledPod(PINNED, undefined, { deletionTimestamp: '2026-01-01T00:00:00Z' }), {}],
    ['subresource', labelledPod(PINNED), { operation: 'UPDATE', subResource: 'resize' }],
    ['windows_pod', labelledPod({ ...PINNED, os: { name: 'windows' } }), {}],
    ['mirror_pod', labelledPod(PINNED, { 'kubernetes.io/config.mirror': 'x' }), {}],
  ])('lets pass: %s', async (reason, object, request) => {
    expect(await ask('validate', pod(object, request))).toMatchObject({ allowed: true, warnings: [] });
    expect(lastReason()).toBe(reason);
  });

  it('warns of what is only unwise, and lets it pass', async () => {
    const decision = await ask('validate', pod(injected(labelledPod({ runtimeClassName: 'kata' }))));
    expect(decision).toMatchObject({
      allowed: true,
      warnings: [
        'MS306 spec.runtimeClassName: runtimeClassName "kata" looks like a VM or gVisor, where mounts may not pass between containers. Use the default runtime for this pod, or test that the app sees its files.',
      ],
    });
  });

  it('warns and refuses at once', async () => {
    const decision = await ask(
      'validate',
      pod(injected(labelledPod({ ...PINNED, runtimeClassName: 'kata' }))),
    );
    expect(decision).toMatchObject({
      allowed: false,
      warnings: [expect.stringMatching(/^MS306 /)],
      status: { message: expect.stringMatching(/\(1 problem\): MS101 /) as unknown },
    });
  });

  it('refuses spec: null and what has not the shape of a pod', async () => {
    for (const spec of [null, { containers: {} }]) {
      expect(await ask('validate', pod({ ...labelledPod(), spec }))).toMatchObject({
        allowed: false,
        status: { code: 422, reason: 'Invalid' },
      });
    }
  });

  it('answers in v1beta1 too, and gives a dry run the same verdict', async () => {
    const object = { apiVersion: 'v1', kind: 'Pod', ...injected(labelledPod(PINNED)) };
    expect(
      await ask('validate', reviewOf({ object, dryRun: true }, 'admission.k8s.io/v1beta1')),
    ).toMatchObject({
      allowed: false,
      status: { code: 422 },
    });
  });
});

describe('POST /validate of a workload', () => {
  const PINNED = { nodeSelector: { 'kubernetes.io/hostname': 'node2' } };
  const template = (spec: Fields = PINNED) => labelledPod(spec);
  const deployment = (fields: Fields = {}, metadata: Fields = {}) => ({
    metadata: { name: 'sonarr', ...metadata },
    spec: { replicas: 1, template: template(), ...fields },
  });
  const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };
  const workload = (object: unknown, request: Fields = {}) =>
    reviewOf({ kind: DEPLOYMENT, name: 'sonarr', object, ...request });
  const NODE = 'spec.nodeSelector[kubernetes.io/hostname]';

  it.each<[string, string, string, string, unknown]>([
    ['apps', 'v1', 'Deployment', 'spec.template.', deployment()],
    ['apps', 'v1', 'StatefulSet', 'spec.template.', deployment()],
    ['apps', 'v1', 'DaemonSet', 'spec.template.', deployment()],
    ['apps', 'v1', 'ReplicaSet', 'spec.template.', deployment()],
    ['', 'v1', 'ReplicationController', 'spec.template.', deployment()],
    ['batch', 'v1', 'Job', 'spec.template.', deployment()],
    [
      'batch',
      'v1',
      'CronJob',
      'spec.jobTemplate.spec.template.',
      { metadata: {}, spec: { jobTemplate: { spec: { template: template() } } } },
    ],
  ])(
    'judges the template of a %s/%s %s as the pod it will become',
    async (group, version, kind, prefix, object) => {
      const decision = await ask(
        'validate',
        reviewOf({ kind: { group, version, kind }, name: 'sonarr', object }),
      );
      const message =
        'MS101: nodeSelector kubernetes.io/hostname pins the pod to "node2". Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.';
      expect(decision.status).toEqual({
        code: 422,
        reason: 'Invalid',
        message: `admission webhook "pods.media-stack.example.org" denied the request: media-stack refuses ${kind} media/sonarr (1 problem): ${message.replace('MS101:', `MS101 ${prefix}${NODE}:`)}`,
        details: {
          kind,
          name: 'sonarr',
          causes: [{ field: `${prefix}${NODE}`, message, reason: 'FieldValueInvalid' }],
        },
      });
    },
  );

  it('does not ask a template for what the webhook will add', async () => {
    expect(await ask('validate', workload(deployment({ template: template({}) })))).toMatchObject({
      allowed: true,
    });
    expect(lastReason()).toBe('judged');
  });

  it('names the places of the author, not those of the injected pod', async () => {
    const seed = {
      name: 'seed',
      volumeMounts: [{ name: 'x', mountPath: '/x', mountPropagation: 'Bidirectional' }],
    };
    const { status } = await ask(
      'validate',
      workload(deployment({ template: template({ initContainers: [seed] }) })),
    );
    expect(status?.details).toMatchObject({
      causes: [{ field: 'spec.template.spec.initContainers[0].volumeMounts[0].mountPropagation' }],
    });
  });

  it('knows the claim templates of a StatefulSet', async () => {
    const object = {
      metadata: {},
      spec: {
        volumeClaimTemplates: [{ metadata: { name: 'media' }, spec: {} }],
        template: template({ volumes: [] }),
      },
    };
    const kind = { ...DEPLOYMENT, kind: 'StatefulSet' };
    expect(await ask('validate', reviewOf({ kind, object }))).toMatchObject({ allowed: true });
    expect(lastReason()).toBe('judged');
  });

  it.each<[string, unknown, unknown]>([
    ['the template', deployment(), deployment({ template: template({}) })],
    ['its label', deployment(), deployment({ template: podOf(PINNED) })],
    ['the label of the workload', deployment({}, { labels: { [LABEL]: 'true' } }), deployment()],
    ['from nothing that could be read', deployment(), { spec: 5 }],
  ])('on UPDATE judges a change of %s', async (_name, object, oldObject) => {
    expect(await ask('validate', workload(object, { operation: 'UPDATE', oldObject }))).toMatchObject({
      allowed: false,
    });
  });

  it.each<[string, unknown, unknown]>([
    ['replicas', deployment({ replicas: 2 }), deployment()],
    ['status', { ...deployment(), status: { replicas: 2 } }, deployment()],
    ['annotations', deployment({}, { annotations: { a: 'b' } }), deployment()],
    [
      'nothing but the order of keys',
      deployment(),
      JSON.parse(
        JSON.stringify({
          spec: {
            template: {
              spec: deployment().spec.template.spec,
              metadata: deployment().spec.template.metadata,
            },
          },
          metadata: {},
        }),
      ),
    ],
  ])('on UPDATE lets a change of %s pass, whatever the template says', async (_name, object, oldObject) => {
    expect(await ask('validate', workload(object, { operation: 'UPDATE', oldObject }))).toMatchObject({
      allowed: true,
    });
    expect(lastReason()).toBe('template_unchanged');
  });

  it.each<[string, unknown, Fields]>([
    ['label_absent', deployment({ template: podOf(PINNED) }), {}],
    ['label_absent', deployment({ template: null }), {}],
    ['label_absent', { metadata: {}, spec: null }, {}],
    ['label_absent', { spec: { template: 'x' } }, {}],
    ['label_false', deployment({ template: podOf(PINNED, { labels: { [LABEL]: 'false' } }) }), {}],
    ['controller_owner', deployment({}, { ownerReferences: [{ kind: 'Deployment', controller: true }] }), {}],
    ['being_deleted', deployment({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), {}],
    ['subresource', deployment(), { subResource: 'scale', operation: 'UPDATE' }],
    ['not_a_create', null, { operation: 'DELETE', oldObject: deployment() }],
    [
      'not_a_workload',
      { spec: { template: template() } },
      { kind: { group: 'apps', version: 'v1', kind: 'ControllerRevision' } },
    ],
    ['not_a_workload', deployment(), { kind: { group: 'example.org', version: 'v1', kind: 'Deployment' } }],
    ['not_a_workload', { data: {} }, { kind: { group: '', version: 'v1', kind: 'ConfigMap' } }],
  ])('lets pass: %s', async (reason, object, request) => {
    expect(await ask('validate', workload(object, request))).toMatchObject({ allowed: true, warnings: [] });
    expect(lastReason()).toBe(reason);
  });

  it('refuses a label that nobody understands, and a template that is none', async () => {
    const odd = deployment({ template: podOf({}, { labels: { [LABEL]: 'yes' } }) });
    expect((await ask('validate', workload(odd))).status?.details).toMatchObject({
      causes: [
        {
          field: `spec.template.metadata.labels[${LABEL}]`,
          message: expect.stringMatching(/^MS502: /) as unknown,
        },
      ],
    });
    const shapeless = deployment({ template: { ...template(), spec: { containers: 5 } } });
    expect((await ask('validate', workload(shapeless))).status?.details).toMatchObject({
      causes: [{ field: 'spec.template.spec.containers' }],
    });
  });

  it('warns with the place in the workload', async () => {
    const object = deployment({ template: template({ runtimeClassName: 'gvisor' }) });
    expect((await ask('validate', workload(object))).warnings).toEqual([
      expect.stringMatching(/^MS306 spec\.template\.spec\.runtimeClassName: /),
    ]);
  });

  it('warns of a label that is on the workload and not on its template, whatever else the template is', async () => {
    const own = { labels: { [LABEL]: 'true' } };
    const decision = await ask('validate', workload(deployment({ template: podOf(PINNED) }, own)));
    expect(decision).toMatchObject({
      allowed: true,
      warnings: [
        expect.stringMatching(/^MS501 spec\.template\.metadata\.labels\[media-stack\/cloud-mounts\]: /),
      ],
    });
    expect(lastReason()).toBe('judged');
    for (const template of [null, 'x', { spec: { containers: 5 } }])
      expect(await ask('validate', workload(deployment({ template }, own)))).toMatchObject({
        allowed: true,
        warnings: [],
      });
    const off = podOf(PINNED, { labels: { [LABEL]: 'false' } });
    await ask('validate', workload(deployment({ template: off }, own)));
    expect(lastReason()).toBe('label_false');
  });

  it('names a label of the workload that nobody understands beside what its template has', async () => {
    const own = { labels: { [LABEL]: 'yes' } };
    const causes = async (object: unknown) => {
      const { status } = await ask('validate', workload(object));
      const details = status?.details as { causes: { field: string }[] } | undefined;
      return details?.causes.map(({ field }) => field);
    };
    expect(await causes(deployment({}, own))).toEqual([`metadata.labels[${LABEL}]`, `spec.template.${NODE}`]);
    expect(await causes(deployment({ template: podOf(PINNED) }, own))).toEqual([`metadata.labels[${LABEL}]`]);
  });

  it('knows that a Job with plain sidecars never completes', async () => {
    const kind = { group: 'batch', version: 'v1', kind: 'Job' };
    const job = labelledPod({}, { 'media-stack/sidecar-mode': 'container' });
    const decision = await ask(
      'validate',
      reviewOf({ kind, object: { metadata: {}, spec: { template: job } } }),
    );
    expect(decision.status?.message).toMatch(/MS305 spec\.template\.spec\.containers/);
  });

  it('goes by the kind of the request: the object may not carry it', async () => {
    const object = { ...deployment(), kind: 'ConfigMap', apiVersion: 'v1' };
    expect(await ask('validate', workload(object))).toMatchObject({ allowed: false });
  });
});

describe('settings', () => {
  it('count from the next request on', async () => {
    let settings = defaultSettings();
    const other = await startTestServer(buildHandlers({ settings: () => settings }));
    const remotes = async () => {
      const review = pod(labelledPod());
      const { status, body, headers } = await post(other, '/mutate', review);
      const verdict = acceptResponse('mutating', review, status, headers['content-type'], body);
      return verdict.verdict === 'OK' && verdict.decision.auditAnnotations;
    };
    const before = await remotes();
    settings = { ...settings, remotes: settings.remotes.slice(1) };
    expect([before, await remotes()]).toEqual([
      { 'pods.media-stack.example.org/injected': 'zurg,torbox' },
      { 'pods.media-stack.example.org/injected': 'torbox' },
    ]);
    await other.stop();
  });
});
