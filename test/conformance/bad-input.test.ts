// Whatever is sent: a clear answer, and the server goes on serving.
import { connect } from 'node:tls';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowed } from '../../src/admission/outcome.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { reviewOf } from '../support/admission-review.ts';
import { acceptResponse } from '../support/apiserver-check.ts';
import { post, send, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

const asked: AdmissionRequest[] = [];
let server: TestServer;
beforeAll(async () => {
  const handle = (request: AdmissionRequest): ReturnType<typeof allowed> => {
    asked.push(request);
    return allowed();
  };
  server = await startTestServer({ mutate: handle, validate: handle });
});
afterAll(() => server.stop());

async function expectStillServing(): Promise<void> {
  const sent = reviewOf();
  const { status, headers, body } = await post(server, '/mutate', sent);
  expect(acceptResponse('mutating', sent, status, headers['content-type'], body)).toMatchObject({
    verdict: 'OK',
  });
}

const LIMIT = 7 * 1024 * 1024;
const padded = (size: number): string => {
  const start = JSON.stringify(reviewOf({ object: { pad: '' } }));
  return start.replace('"pad":""', `"pad":"${'x'.repeat(size - start.length)}"`);
};
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a body without a uid gets a 4xx that says what is wrong and what would be right', () => {
  const cases: readonly [name: string, body: string | Buffer, status: number, error: string, hint: RegExp][] =
    [
      ['empty', '', 400, 'the body is empty', /^send an AdmissionReview as JSON$/],
      [
        'truncated',
        JSON.stringify(reviewOf()).slice(0, 100),
        400,
        'the body is not JSON: it breaks off after 100 characters',
        /^send an AdmissionReview/,
      ],
      [
        'not JSON',
        'kind: AdmissionReview',
        400,
        'the body is not JSON: an unexpected character',
        /^send an AdmissionReview/,
      ],
      ['a pod', '{"kind":"Pod","apiVersion":"v1"}', 400, 'kind is "Pod"', /media-stack inject/],
      [
        'without uid',
        JSON.stringify(reviewOf({ uid: undefined })),
        400,
        'request.uid is missing',
        /1 to 256 characters/,
      ],
      ['100,000 levels deep', nested(100_000), 400, 'the body is a list', /^send an AdmissionReview/],
      [
        '__proto__ instead of fields',
        '{"__proto__":{"kind":"AdmissionReview"}}',
        400,
        'kind is missing',
        /^send kind/,
      ],
      [
        'invalid UTF-8',
        Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
        400,
        'the body is not valid UTF-8',
        /UTF-8/,
      ],
      ['10 MiB', padded(10 * 1024 * 1024), 413, `the body is larger than ${LIMIT} bytes`, /7 MiB/],
      ['one byte over the limit', padded(LIMIT + 1), 413, `the body is larger than ${LIMIT} bytes`, /7 MiB/],
    ];
  it.each(cases)('%s', async (_name, body, status, error, hint) => {
    const answer = await post(server, '/mutate', body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ error, hint: expect.stringMatching(hint) });
    expect(answer.headers).not.toHaveProperty('retry-after');
    await expectStillServing();
  });

  it.each([undefined, 'text/plain', 'application/yaml', 'application/x-www-form-urlencoded'])(
    'content type %s',
    async (contentType) => {
      const body = JSON.stringify(reviewOf());
      const answer = await send(
        server,
        {
          method: 'POST',
          path: '/mutate',
          headers: { 'content-type': contentType, 'content-length': body.length },
        },
        body,
      );
      expect(answer.status).toBe(415);
      expect(JSON.parse(answer.body)).toEqual({
        error: `content-type is ${contentType === undefined ? 'missing' : JSON.stringify(contentType)}`,
        hint: 'send content-type: application/json',
      });
      await expectStillServing();
    },
  );

  it('a body sent in pieces without a length is held to the same limit', async () => {
    const body = padded(8 * 1024 * 1024);
    const answer = await post(server, '/mutate', body, {
      headers: { 'content-length': undefined, 'transfer-encoding': 'chunked' },
    });
    expect(answer.status).toBe(413);
    await expectStillServing();
  });
});

describe('odd content of a review is no reason to fail', () => {
  it.each([
    ['7 MiB', padded(LIMIT)],
    [
      '100,000 levels in the object',
      JSON.stringify(reviewOf({ object: { deep: 'DEEP' } })).replace('"DEEP"', nested(100_000)),
    ],
    ['a huge number', JSON.stringify(reviewOf({ object: { n: 'N' } })).replace('"N"', `1e400`)],
    [
      '__proto__ in the object',
      JSON.stringify(reviewOf({ object: { p: 'P' } })).replace('"p":"P"', '"__proto__":{"polluted":true}'),
    ],
  ])('%s', async (_name, body) => {
    const answer = await post(server, '/mutate', body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ response: { allowed: true } });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    await expectStillServing();
  });

  it('the last of two equal keys wins, as in Go', async () => {
    const body = JSON.stringify(reviewOf({ namespace: 'first' })).replace(
      '"namespace":"first"',
      '"namespace":"first","namespace":"second"',
    );
    await post(server, '/mutate', body);
    expect(asked.at(-1)?.namespace).toBe('second');
  });

  it.each([
    ['DELETE without an object', { operation: 'DELETE', object: null, oldObject: { kind: 'Pod' } }],
    [
      'CONNECT to a subresource',
      { operation: 'CONNECT', subResource: 'exec', object: { kind: 'PodExecOptions' } },
    ],
    ['a dry run', { dryRun: true }],
    [
      'an object converted to another version',
      { requestKind: { group: 'extensions', version: 'v1beta1', kind: 'Deployment' } },
    ],
    ['a cluster-wide object', { namespace: undefined }],
  ])('%s reaches the handler', async (_name, request) => {
    const sent = reviewOf(request);
    expect((await post(server, '/validate', sent)).status).toBe(200);
    expect(asked.at(-1)?.uid).toBe(sent.request.uid);
  });
});

describe('bytes that are no HTTP request', () => {
  it('get a 400 that says so', async () => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    socket.write('EHLO media-stack\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('"error":"this is not an HTTP/1.1 request that ends"');
    await expectStillServing();
  });

  it('of a client that goes away in the middle of its body end nothing', async () => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    socket.write(
      'POST /mutate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"',
    );
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
    await expectStillServing();
  });

  it('of a client that does not send the rest of its body get a 408 within ?timeout=', async () => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    socket.write(
      'POST /mutate?timeout=200ms HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a"',
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).toContain('"error":"the body did not arrive within 100 ms"');
    await expectStillServing();
  });
});

it('TLS 1.1 is refused, HTTP/1.1 is spoken', async () => {
  const options = { host: '127.0.0.1', port: server.port, ca: server.authority.ca, servername: 'localhost' };
  const old = connect({
    ...options,
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  const refusal = await new Promise<Error>((resolve) => old.once('error', resolve));
  expect(refusal.message).toMatch(/protocol version|unsupported protocol|no protocols available/);
  const both = connect({ ...options, ALPNProtocols: ['h2', 'http/1.1'] });
  await new Promise((resolve) => both.once('secureConnect', resolve));
  expect(both.alpnProtocol).toBe('http/1.1');
  both.destroy();
});
