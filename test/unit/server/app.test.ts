import { describe, expect, it } from 'vitest';
import { allowed, denied, patched } from '../../../src/admission/outcome.ts';
import type { AdmissionRequest } from '../../../src/admission/review.ts';
import type { AdmissionReviewAnswer } from '../../../src/admission/review.ts';
import { reviewOf } from '../../support/admission-review.ts';
import { buildTestApp } from '../../support/test-server.ts';

function ask(review: unknown): { method: 'POST'; headers: Record<string, string>; payload: string } {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, payload: JSON.stringify(review) };
}

describe('POST /mutate and /validate', () => {
  it('hand the decoded request to the handler and send what it decides', async () => {
    const asked: AdmissionRequest[] = [];
    const { app } = buildTestApp({
      validate(request) {
        asked.push(request);
        return denied({ message: 'no' });
      },
    });
    const review = reviewOf({ namespace: 'plex' });
    const response = await app.inject({ url: '/validate', ...ask(review) });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json<AdmissionReviewAnswer>().response).toMatchObject({
      uid: review.request.uid,
      allowed: false,
    });
    expect(asked).toMatchObject([{ uid: review.request.uid, namespace: 'plex', operation: 'CREATE' }]);
  });

  it('take a handler that promises its decision', async () => {
    const { app } = buildTestApp({
      mutate: () => Promise.resolve(patched([{ op: 'remove', path: '/spec' }])),
    });
    const response = await app.inject({ url: '/mutate', ...ask(reviewOf()) });
    expect(response.json<AdmissionReviewAnswer>().response).toMatchObject({
      allowed: true,
      patchType: 'JSONPatch',
    });
  });

  it('answer a review with a wrong field by its uid', async () => {
    const { app } = buildTestApp();
    const response = await app.inject({
      url: '/mutate',
      ...ask(reviewOf({ operation: 'PATCH', uid: 'u7' })),
    });
    expect(response.statusCode).toBe(200);
    expect(response.json<AdmissionReviewAnswer>().response).toEqual({
      uid: 'u7',
      allowed: false,
      status: {
        status: 'Failure',
        code: 400,
        reason: 'BadRequest',
        message:
          'media-stack cannot read this AdmissionReview: request.operation is "PATCH"; it should be one of CREATE, UPDATE, DELETE, CONNECT',
      },
    });
  });

  it.each([
    ['bogus', 'timeout is "bogus", which is no duration above zero'],
    ['0s', 'timeout is "0s", which is no duration above zero'],
  ])('refuse ?timeout=%s', async (timeout, error) => {
    const { app } = buildTestApp();
    const response = await app.inject({ url: `/mutate?timeout=${timeout}`, ...ask(reviewOf()) });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toEqual({ error, hint: 'write it as the API server does: ?timeout=10s' });
  });
});

describe('the log and the metric of an admission', () => {
  it('are one line and one count, with the reason and without the object', async () => {
    const { app, logLines, metrics } = buildTestApp({ mutate: () => allowed('label_absent') });
    const review = reviewOf({ dryRun: true, name: 'n'.repeat(300) });
    await app.inject({ url: '/mutate', ...ask(review) });
    expect(logLines).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        endpoint: 'mutate',
        uid: review.request.uid,
        namespace: 'media',
        name: `${'n'.repeat(252)}…`,
        kind: 'Pod',
        operation: 'CREATE',
        dryRun: true,
        outcome: 'allowed',
        reason: 'label_absent',
        durationMs: expect.any(Number),
        msg: 'admission',
      },
    ]);
    expect(await metrics.registry.metrics()).toContain(
      'requests_total{endpoint="mutate",outcome="allowed",reason="label_absent"} 1',
    );
  });

  it.each([
    ['denied with its status reason', () => denied({ message: 'no' }), 'denied', 'Invalid'],
    ['a patch without operations as allowed', () => patched([]), 'allowed', ''],
    ['a patch', () => patched([{ op: 'remove', path: '/spec' }], 'injected'), 'patched', 'injected'],
  ])('say: %s', async (_name, mutate, outcome, reason) => {
    const { app, logLines } = buildTestApp({ mutate });
    await app.inject({ url: '/mutate', ...ask(reviewOf()) });
    expect(logLines).toMatchObject([{ msg: 'admission', outcome, reason }]);
  });

  it('of a refused request hold the code of the problem, not its text', async () => {
    const { app, logLines, metrics } = buildTestApp();
    await app.inject({ url: '/mutate', ...ask({ kind: 'hunter2' }) });
    expect(logLines).toMatchObject([
      { msg: 'admission request refused', status: 400, reason: 'not_a_review' },
    ]);
    expect(JSON.stringify(logLines)).not.toContain('hunter2');
    expect(await metrics.registry.metrics()).toContain('outcome="refused",reason="not_a_review"} 1');
  });
});

describe('a handler that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('bug\nhunter2');
      },
    ],
    ['rejects', () => Promise.reject(new Error('bug\nhunter2'))],
    ['answers nothing', () => undefined as never],
    ['answers what cannot be written', () => patched([{ op: 'add', path: '/a', value: 1n }])],
  ])('and %s is answered by its uid with 500, and logged once', async (_name, mutate) => {
    const { app, logLines, metrics } = buildTestApp({ mutate });
    const response = await app.inject({ url: '/mutate', ...ask(reviewOf({ uid: 'u9' })) });
    expect(response.statusCode).toBe(200);
    const answer = response.json<AdmissionReviewAnswer>().response;
    expect(answer).toMatchObject({
      uid: 'u9',
      allowed: false,
      status: { code: 500, reason: 'InternalError' },
    });
    expect(answer.status?.message).toMatch(
      /^media-stack failed while it looked at this Pod: a bug in media-stack, .*under uid u9/,
    );
    expect(logLines.map((line) => line['msg'])).toEqual(['admission handler failed', 'admission']);
    expect(logLines[0]).toMatchObject({ level: 50, uid: 'u9', error: { frames: expect.any(Array) } });
    expect(JSON.stringify(logLines)).not.toContain('hunter2');
    expect(await metrics.registry.metrics()).toContain('outcome="error",reason="InternalError"} 1');
  });
});

describe('the other routes', () => {
  it('GET /healthz answers while the process lives', async () => {
    const { app } = buildTestApp();
    expect((await app.inject('/healthz')).json()).toEqual({ healthy: true });
  });

  it('GET /version tells version and commit', async () => {
    const { app } = buildTestApp({}, { version: { version: '1.2.3', gitCommit: 'abc' } });
    expect((await app.inject('/version')).json()).toEqual({ version: '1.2.3', gitCommit: 'abc' });
  });

  it('GET /readyz is 200 when everything is there', async () => {
    const { app } = buildTestApp();
    const response = await app.inject('/readyz');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ ready: true, reasons: [] });
  });

  it('GET /readyz is 503 with the reasons, and without Retry-After', async () => {
    const { app } = buildTestApp(
      {},
      { readiness: () => ({ ready: false, reasons: ['no certificate yet'] }) },
    );
    const response = await app.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.headers).not.toHaveProperty('retry-after');
    expect(response.json()).toEqual({ ready: false, reasons: ['no certificate yet'] });
  });

  it('GET /readyz turns to 503 while draining, and answers tell the client to close', async () => {
    const { app } = buildTestApp({}, { drain: { isDraining: () => true } });
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ ready: false, reasons: ['the server is draining: it is about to stop'] });
    const admission = await app.inject({ url: '/mutate', ...ask(reviewOf()) });
    expect(admission.headers['connection']).toBe('close');
  });

  it.each([
    ['GET', '/mutate', 405, 'there is no GET /mutate'],
    ['POST', '/readyz', 405, 'there is no POST /readyz'],
    ['GET', '/metrics', 404, 'there is no GET /metrics'],
    ['POST', '/mutate/', 404, 'there is no POST /mutate/'],
    ['GET', '/toString', 404, 'there is no GET /toString'],
    ['GET', '/%ZZ', 404, 'there is no GET /%ZZ'],
  ] as const)('%s %s is %d and tells what there is', async (method, url, status, error) => {
    const { app } = buildTestApp();
    const response = await app.inject({ method, url });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({
      error,
      hint: 'this server answers POST /mutate, POST /validate, GET /healthz, GET /readyz, GET /version',
    });
    expect(response.headers['allow']).toBe(status === 405 ? (method === 'GET' ? 'POST' : 'GET') : undefined);
  });
});
