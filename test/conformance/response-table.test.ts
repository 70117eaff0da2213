// What the API server demands of an answer, row by row (knowledge/libraries-and-protocol.md 3.2). Each row twice: the
// check (test/support/apiserver-check.ts) refuses an answer that breaks the rule, and our server never gives one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed, audited, denied, patched, warned } from '../../src/admission/outcome.ts';
import type { MutatingOutcome } from '../../src/admission/outcome.ts';
import { reviewOf } from '../support/admission-review.ts';
import type { ReviewUnderTest } from '../support/admission-review.ts';
import { acceptResponse } from '../support/apiserver-check.ts';
import type { Verdict } from '../support/apiserver-check.ts';
import { post, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

const V1 = 'admission.k8s.io/v1';
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const ADD_LABEL = [{ op: 'add', path: '/metadata/labels/added', value: 'yes' }] as const;

let decide: (endpoint: 'mutate' | 'validate') => MutatingOutcome | Promise<MutatingOutcome> = () => allowed();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    mutate: () => decide('mutate'),
    validate: () => decide('validate') as never,
  });
});
afterAll(() => server.stop());

/** The verdict on a hand-made answer to `sent`. */
function judge(
  body: unknown,
  options: {
    kind?: 'mutating' | 'validating';
    sent?: ReviewUnderTest;
    status?: number;
    contentType?: string;
  } = {},
): Verdict {
  const { kind = 'mutating', sent = reviewOf(), status = 200, contentType = 'application/json' } = options;
  return acceptResponse(
    kind,
    sent,
    status,
    contentType,
    typeof body === 'string' ? body : JSON.stringify(body),
  );
}

/** A good answer, with changes to `response`. */
function answerTo(sent: ReviewUnderTest, response: object = {}, review: object = {}): object {
  return {
    apiVersion: sent.apiVersion,
    kind: 'AdmissionReview',
    response: { uid: sent.request.uid, allowed: true, ...response },
    ...review,
  };
}

/** The verdict on what our server answers over TLS when its handler decides `outcome`. */
async function judgeOurs(
  outcome: MutatingOutcome | (() => MutatingOutcome),
  sent = reviewOf(),
  endpoint: 'mutate' | 'validate' = 'mutate',
): Promise<Verdict> {
  decide = () => (typeof outcome === 'function' ? outcome() : outcome);
  const { status, headers, body } = await post(server, `/${endpoint}?timeout=10s`, sent);
  const kind = endpoint === 'mutate' ? 'mutating' : 'validating';
  return acceptResponse(kind, sent, status, headers['content-type'], body);
}

describe('1: HTTP 200, else the call has failed', () => {
  it.each([400, 403, 404, 413, 415, 429, 500, 503])(
    '%d is a failed call, also with a perfect body',
    (status) => {
      const sent = reviewOf();
      expect(judge(answerTo(sent), { sent, status })).toMatchObject({ verdict: 'CALL', rule: 1 });
    },
  );

  it.each([
    ['allows', allowed()],
    ['denies', denied({ message: 'no' })],
    [
      'fails',
      () => {
        throw new Error('bug');
      },
    ],
  ])('ours is 200 when the handler %s', async (_name, outcome) => {
    expect(await judgeOurs(outcome as MutatingOutcome)).toMatchObject({ verdict: 'OK' });
  });
});

describe('2: the content type is a media type', () => {
  it.each(['application/json; charset', ';', 'application/json; =x'])(
    '%j is a failed call',
    (contentType) => {
      const sent = reviewOf();
      expect(judge(answerTo(sent), { sent, contentType })).toMatchObject({ verdict: 'CALL', rule: 2 });
    },
  );

  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain'])(
    '%j will do',
    (contentType) => {
      const sent = reviewOf();
      expect(judge(answerTo(sent), { sent, contentType })).toMatchObject({ verdict: 'OK' });
    },
  );

  it('ours is application/json', async () => {
    const answer = await post(server, '/mutate', reviewOf());
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });
});

describe('3: the body is an AdmissionReview', () => {
  it.each(['', 'null', '[]', '{', 'ok'])('%j is a failed call', (body) => {
    expect(judge(body)).toMatchObject({ verdict: 'CALL', rule: 3 });
  });

  it('so is one with a field of a wrong type', () => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { allowed: 'yes' }), { sent })).toMatchObject({ verdict: 'CALL', rule: 3 });
    expect(judge(answerTo(sent, { warnings: 'w' }), { sent })).toMatchObject({ verdict: 'CALL', rule: 3 });
  });
});

describe('4: apiVersion and kind are those of the question', () => {
  it.each([{ apiVersion: 'admission.k8s.io/v1beta1' }, { kind: 'Review' }, { apiVersion: undefined }])(
    '%j is a failed call',
    (review) => {
      const sent = reviewOf();
      expect(judge(answerTo(sent, {}, review), { sent })).toMatchObject({ verdict: 'CALL', rule: 4 });
    },
  );

  it.each([V1, 'admission.k8s.io/v1beta1'] as const)('ours echoes %s', async (apiVersion) => {
    decide = () => allowed();
    const { body } = await post(server, '/mutate', reviewOf({}, apiVersion));
    expect(JSON.parse(body)).toMatchObject({ apiVersion, kind: 'AdmissionReview' });
  });
});

it('5: an answer without a response is a failed call', () => {
  const sent = reviewOf();
  expect(judge({ apiVersion: V1, kind: 'AdmissionReview' }, { sent })).toMatchObject({
    verdict: 'CALL',
    rule: 5,
  });
});

describe('6: the uid is that of the question', () => {
  it('another one is a failed call', () => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { uid: 'other' }), { sent })).toMatchObject({ verdict: 'CALL', rule: 6 });
  });

  it('ours is, for many questions at once that are answered out of order', async () => {
    const waiting: (() => void)[] = [];
    decide = () => new Promise((resolve) => waiting.push(() => resolve(allowed())));
    const sent = Array.from({ length: 8 }, () => reviewOf());
    const answers = sent.map((review) => post(server, '/mutate', review));
    while (waiting.length < sent.length) await new Promise((resolve) => setImmediate(resolve));
    waiting.toReversed().forEach((answer) => answer());
    const verdicts = (await Promise.all(answers)).map(({ status, body }, index) =>
      acceptResponse('mutating', sent[index]!, status, 'application/json', body),
    );
    expect(verdicts.every(({ verdict }) => verdict === 'OK')).toBe(true);
  });
});

describe('7: patch and patchType are both there or both absent', () => {
  it.each([
    ['a patch without type', { patch: base64(ADD_LABEL) }],
    ['a type without patch', { patchType: 'JSONPatch' }],
    ['a type with an empty patch', { patchType: 'JSONPatch', patch: '' }],
    ['an empty type', { patchType: '', patch: base64(ADD_LABEL) }],
  ])('%s is a failed call', (_name, response) => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, response), { sent })).toMatchObject({ verdict: 'CALL', rule: 7 });
  });

  it('ours are, for a patch with operations and for one without', async () => {
    expect(await judgeOurs(patched(ADD_LABEL))).toMatchObject({
      verdict: 'OK',
      decision: { object: { metadata: { labels: { added: 'yes' } } } },
    });
    expect(await judgeOurs(patched([]))).toMatchObject({
      verdict: 'OK',
      decision: { allowed: true, operations: [] },
    });
  });
});

it('8: a patchType other than JSONPatch is a failed call', () => {
  const sent = reviewOf();
  const response = { patchType: 'MergePatch', patch: base64(ADD_LABEL) };
  expect(judge(answerTo(sent, response), { sent })).toMatchObject({ verdict: 'CALL', rule: 8 });
});

describe('9: the patch is base64 of a JSON list of operations', () => {
  it.each([
    ['no base64', '&&&&'],
    ['base64 with a letter missing', base64(ADD_LABEL).slice(0, -1)],
    ['no JSON', Buffer.from('[{').toString('base64')],
    ['no list', base64({ op: 'add' })],
  ])('%s is a failed call', (_name, patch) => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { patchType: 'JSONPatch', patch }), { sent })).toMatchObject({
      verdict: 'CALL',
      rule: 9,
    });
  });

  it('an empty list changes nothing', () => {
    const sent = reviewOf();
    const verdict = judge(answerTo(sent, { patchType: 'JSONPatch', patch: base64([]) }), { sent });
    expect(verdict).toMatchObject({ verdict: 'OK', decision: { object: sent.request.object } });
  });

  it('ours reads back the same in any script', async () => {
    const value = 'größe 東京 🙂 "\\ \u2028';
    expect(await judgeOurs(patched([{ op: 'add', path: '/metadata/labels/x', value }]))).toMatchObject({
      verdict: 'OK',
      decision: { object: { metadata: { labels: { x: value } } } },
    });
  });
});

// Our server sends what its handler made: that no handler makes such a patch is the business of the engine, which
// applies every patch before it hands it over (src/inject), and of the golden tests, which put it through this check.
describe('10: a patch that does not apply rejects the request, whatever failurePolicy says', () => {
  it.each([
    ['a missing parent', [{ op: 'add', path: '/metadata/annotations/a', value: 'x' }]],
    ['a missing key to remove', [{ op: 'remove', path: '/metadata/labels/none' }]],
    ['a missing key to replace', [{ op: 'replace', path: '/spec/nodeName', value: 'n' }]],
    ['an index beyond the end', [{ op: 'add', path: '/spec/volumes/5', value: { name: 'v' } }]],
    ['a test that fails', [{ op: 'test', path: '/kind', value: 'Deployment' }]],
  ])('%s', (_name, operations) => {
    const sent = reviewOf();
    const response = { patchType: 'JSONPatch', patch: base64(operations) };
    expect(judge(answerTo(sent, response), { sent })).toMatchObject({ verdict: 'REJECT', rule: 10 });
  });
});

describe('11: the patched object is decoded into its type', () => {
  it('a wrong type rejects the request', () => {
    const sent = reviewOf();
    const patch = base64([
      { op: 'add', path: '/spec/initContainers', value: [{ name: 'x', command: 'sh' }] },
    ]);
    expect(judge(answerTo(sent, { patchType: 'JSONPatch', patch }), { sent })).toEqual({
      verdict: 'REJECT',
      rule: 11,
      why: 'spec.initContainers[0].command is "sh", a list is expected',
    });
  });

  it('an unknown field is dropped without a word', () => {
    const sent = reviewOf();
    const mount = { name: 'config', mountPath: '/config', mountPropogation: 'HostToContainer' };
    const patch = base64([{ op: 'add', path: '/spec/containers/0/volumeMounts/-', value: mount }]);
    expect(judge(answerTo(sent, { patchType: 'JSONPatch', patch }), { sent })).toMatchObject({
      verdict: 'DROP',
      dropped: ['11: unknown field spec.containers[0].volumeMounts[0].mountPropogation'],
    });
  });
});

describe('12: there is no patch where there is no object', () => {
  const onDelete = (): ReviewUnderTest =>
    reviewOf({ operation: 'DELETE', object: null, oldObject: { kind: 'Pod' } });

  it('a patch on DELETE rejects the request', () => {
    const sent = onDelete();
    const response = { patchType: 'JSONPatch', patch: base64(ADD_LABEL) };
    expect(judge(answerTo(sent, response), { sent })).toMatchObject({ verdict: 'REJECT', rule: 12 });
  });

  it('ours never leaves the server: a handler that makes one has a bug', async () => {
    expect(await judgeOurs(patched(ADD_LABEL), onDelete())).toMatchObject({
      verdict: 'OK',
      decision: { allowed: false, status: { code: 500, reason: 'InternalError' } },
    });
  });
});

describe('13: a validating webhook sends neither patch nor patchType', () => {
  it.each([{ patch: base64(ADD_LABEL) }, { patchType: 'JSONPatch' }])('%j is a failed call', (response) => {
    const sent = reviewOf();
    const verdict = judge(answerTo(sent, response), { sent, kind: 'validating' });
    expect(verdict).toMatchObject({ verdict: 'CALL', rule: 13 });
  });

  it('ours never leaves the server: a handler that makes one has a bug', async () => {
    expect(await judgeOurs(patched(ADD_LABEL), reviewOf(), 'validate')).toMatchObject({
      verdict: 'OK',
      decision: { allowed: false, status: { code: 500, reason: 'InternalError' } },
    });
  });
});

it('14: a patch on a denial is dropped', () => {
  const sent = reviewOf();
  const response = { allowed: false, patchType: 'JSONPatch', patch: base64(ADD_LABEL) };
  expect(judge(answerTo(sent, response), { sent })).toMatchObject({
    verdict: 'DROP',
    dropped: ['14: a patch on allowed: false'],
    decision: { allowed: false, object: sent.request.object },
  });
});

describe('15: the status of a denial is completed', () => {
  const prefix = 'admission webhook "pods.media-stack.example.org" denied the request';
  it.each([
    ['none at all', undefined, { code: 400, reason: '', message: `${prefix} without explanation` }],
    ['a code below 400', { code: 200, message: 'no' }, { code: 400, reason: '', message: `${prefix}: no` }],
    [
      'a reason without message',
      { code: 403, reason: 'Forbidden' },
      { code: 403, reason: 'Forbidden', message: `${prefix}: Forbidden` },
    ],
  ])('%s', (_name, status, expected) => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { allowed: false, status }), { sent })).toMatchObject({
      verdict: 'OK',
      decision: { allowed: false, status: expected },
    });
  });

  it('ours arrives whole: code, reason, message and the causes by field', async () => {
    const causes = [
      { field: 'spec.nodeName', message: 'MS103 is "n1"; leave it out', reason: 'FieldValueForbidden' },
    ];
    const outcome = denied({ message: 'two\nlines', kind: 'Pod', name: 'plex-0', causes });
    expect(await judgeOurs(outcome, reviewOf(), 'validate')).toMatchObject({
      verdict: 'OK',
      decision: {
        allowed: false,
        status: {
          code: 422,
          reason: 'Invalid',
          message: `${prefix}: two\nlines`,
          details: { kind: 'Pod', name: 'plex-0', causes },
        },
      },
    });
  });
});

describe('16: a status on an allowed request is not read', () => {
  it('and dropped', () => {
    const sent = reviewOf();
    const verdict = judge(answerTo(sent, { status: { message: 'fine' } }), { sent });
    expect(verdict).toMatchObject({ verdict: 'DROP', dropped: ['16: a status on allowed: true'] });
  });

  it('ours has none', async () => {
    expect(await judgeOurs(allowed('label_absent'))).toMatchObject({ verdict: 'OK' });
  });
});

describe('17: warnings', () => {
  it.each([
    ['with a newline is dropped', ['a\nb'], []],
    ['with an escape character is dropped', ['a\u001bb'], []],
    ['said twice is said once', ['a', 'a'], ['a']],
  ])('one %s', (_name, warnings, kept) => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { warnings }), { sent })).toMatchObject({ decision: { warnings: kept } });
  });

  it('of more than 4,096 runes in all are cut to 256 each, and those beyond are dropped', () => {
    const sent = reviewOf();
    const warnings = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(300, 'x'));
    const verdict = judge(answerTo(sent, { warnings }), { sent });
    expect(verdict.verdict).toBe('DROP');
    expect('decision' in verdict && verdict.decision.warnings).toHaveLength(16);
  });

  it.each([
    ['with a newline', ['a\nb'], ['a b']],
    ['with an emoji', ['🙂 größe'], ['🙂 größe']],
    ['of 300 characters', ['x'.repeat(300)], [`${'x'.repeat(249)}…`]],
  ])('ours %s arrives', async (_name, warnings, kept) => {
    const expected = { verdict: 'OK', decision: { warnings: kept } };
    expect(await judgeOurs(warned(allowed(), warnings))).toMatchObject(expected);
    expect(await judgeOurs(warned(denied({ message: 'no' }), warnings))).toMatchObject(expected);
  });

  it('ours of 5,000 runes in all arrive up to a last line that counts the rest', async () => {
    const warnings = Array.from({ length: 25 }, (_, index) => `${index}`.padEnd(200, 'x'));
    const verdict = await judgeOurs(warned(allowed(), warnings));
    expect(verdict.verdict).toBe('OK');
    expect('decision' in verdict && verdict.decision.warnings.at(-1)).toBe('and 5 more warnings');
  });
});

describe('18: keys of audit annotations', () => {
  it.each(['a/b', '', 'größe', '-a', 'k'.repeat(64)])('%j is dropped', (key) => {
    const sent = reviewOf();
    expect(judge(answerTo(sent, { auditAnnotations: { [key]: 'x' } }), { sent })).toMatchObject({
      verdict: 'DROP',
    });
  });

  it('ours arrive, whatever key the handler took', async () => {
    const annotations = {
      'media-stack/remotes': 'zurg',
      ['k'.repeat(80)]: 'x',
      'skip.reason': 'label_absent',
    };
    expect(await judgeOurs(audited(allowed(), annotations))).toMatchObject({
      verdict: 'OK',
      decision: {
        auditAnnotations: {
          'pods.media-stack.example.org/media-stack-remotes': 'zurg',
          'pods.media-stack.example.org/skip.reason': 'label_absent',
        },
      },
    });
  });
});

// 19 (the timeout) is deadline.test.ts.

describe('20: a bug in a rule is no closed socket', () => {
  it.each(['mutate', 'validate'] as const)('%s answers by the uid and goes on serving', async (endpoint) => {
    const bug = (): MutatingOutcome => {
      throw new Error('bug in a rule');
    };
    expect(await judgeOurs(bug, reviewOf(), endpoint)).toMatchObject({
      verdict: 'OK',
      decision: { allowed: false, status: { code: 500, reason: 'InternalError' } },
    });
    expect(await judgeOurs(allowed(), reviewOf(), endpoint)).toMatchObject({ decision: { allowed: true } });
  });
});

describe('21: v1beta1', () => {
  it('is not held to uid and patchType', () => {
    const sent = reviewOf({}, 'admission.k8s.io/v1beta1');
    const verdict = judge(answerTo(sent, { uid: 'other', patch: base64(ADD_LABEL) }), { sent });
    expect(verdict).toMatchObject({
      verdict: 'OK',
      decision: { object: { metadata: { labels: { added: 'yes' } } } },
    });
  });

  it('ours holds to them all the same', async () => {
    const sent = reviewOf({}, 'admission.k8s.io/v1beta1');
    expect(await judgeOurs(patched(ADD_LABEL), sent)).toMatchObject({ verdict: 'OK' });
    const { body } = await post(server, '/mutate', sent);
    expect(JSON.parse(body)).toMatchObject({ response: { uid: sent.request.uid, patchType: 'JSONPatch' } });
  });
});
