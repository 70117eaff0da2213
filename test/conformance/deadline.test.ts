// Row 19: an answer after the timeout is a failed call. `?timeout=` says how long the API server waits.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed } from '../../src/admission/outcome.ts';
import { reviewOf } from '../support/admission-review.ts';
import { acceptResponse } from '../support/apiserver-check.ts';
import { post, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
let fail: (error: Error) => void = () => undefined;
beforeAll(async () => {
  server = await startTestServer({
    mutate: () => new Promise<never>((_resolve, reject) => (fail = reject)),
    validate: async () => allowed(),
  });
});
afterAll(() => server.stop());

describe('a handler that does not end', () => {
  it('is answered with 504 before ?timeout=1s has passed', async () => {
    const sent = reviewOf();
    const startedAt = performance.now();
    const { status, headers, body } = await post(server, '/mutate?timeout=1s', sent);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(acceptResponse('mutating', sent, status, headers['content-type'], body)).toMatchObject({
      verdict: 'OK',
      decision: { allowed: false, status: { code: 504, reason: 'Timeout' } },
    });
    expect(headers).not.toHaveProperty('retry-after');
    expect(server.logLines.at(-1)).toMatchObject({
      msg: 'admission',
      outcome: 'timeout',
      uid: sent.request.uid,
    });
    expect(await server.metrics.registry.metrics()).toContain('outcome="timeout",reason="Timeout"} 1');
  });

  it('and fails later is logged, answered once, and ends nothing', async () => {
    const sent = reviewOf();
    await post(server, '/mutate?timeout=100ms', sent);
    fail(new Error('too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.logLines.at(-1)).toMatchObject({ msg: 'admission handler failed', uid: sent.request.uid });
    expect((await post(server, '/validate', reviewOf())).status).toBe(200);
  });
});
