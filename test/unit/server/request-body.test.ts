import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isJsonMediaType, parseBody, readBody } from '../../../src/server/request-body.ts';
import type { BodyLimits, ReadBody } from '../../../src/server/request-body.ts';

const limits: BodyLimits = { maxBytes: 10, maxDiscardedBytes: 100, withinMs: 10_000 };

function read(payload: PassThrough, changed: Partial<BodyLimits> = {}): Promise<ReadBody> {
  return new Promise((resolve) => readBody(payload, { ...limits, ...changed }, resolve));
}

describe('reading a body', () => {
  it('joins its pieces', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.write('ab');
    payload.end('cd');
    expect(await body).toEqual({ kind: 'read', bytes: Buffer.from('abcd') });
  });

  it('takes one of exactly the limit', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.end('0123456789');
    expect(await body).toMatchObject({ kind: 'read' });
  });

  it('takes an empty one', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.end();
    expect(await body).toEqual({ kind: 'read', bytes: Buffer.alloc(0) });
  });

  it('reads an oversize one to its end before it says so', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.write('0123456789a');
    payload.end('b');
    expect(await body).toEqual({ kind: 'too_large' });
    expect(payload.readableEnded).toBe(true);
  });

  it('gives up on one that does not end', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.write('x'.repeat(101));
    expect(await body).toEqual({ kind: 'too_large' });
  });

  it('gives up on one that does not come in time', async () => {
    const payload = new PassThrough();
    payload.write('ab');
    expect(await read(payload, { withinMs: 1 })).toEqual({ kind: 'late' });
  });

  it('notices a client that goes away', async () => {
    const payload = new PassThrough();
    const body = read(payload);
    payload.write('ab');
    payload.destroy(new Error('aborted'));
    expect(await body).toEqual({ kind: 'aborted' });
  });
});

describe('parsing a body', () => {
  const problems: readonly [bytes: Buffer, code: string, message: string][] = [
    [Buffer.alloc(0), 'empty_body', 'the body is empty'],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'not_utf8', 'the body is not valid UTF-8'],
    [Buffer.from('{"a": 1'), 'not_json', 'the body is not JSON: it breaks off after 7 characters'],
    [Buffer.from('{"a": "sec'), 'not_json', 'the body is not JSON: it breaks off after 10 characters'],
    [Buffer.from('{"a": 1]'), 'not_json', 'the body is not JSON: an unexpected character at position 7'],
    [Buffer.from('secret: yes'), 'not_json', 'the body is not JSON: an unexpected character'],
  ];
  it.each(problems)('%s is %s', (bytes, code, message) => {
    expect(parseBody(bytes)).toMatchObject({ kind: 'problem', problem: { code, message } });
  });

  it('lets the last of two equal keys win, as Go does', () => {
    expect(parseBody(Buffer.from('{"a":1,"a":2}'))).toEqual({ kind: 'parsed', value: { a: 2 } });
  });

  it('makes __proto__ a plain key and changes no prototype', () => {
    const parsed = parseBody(Buffer.from('{"__proto__":{"polluted":true}}'));
    const value = parsed.kind === 'parsed' ? (parsed.value as Record<string, unknown>) : {};
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(value['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the media type', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON; charset=utf-8', true],
    ['application/json ;charset=utf-8', true],
    [undefined, false],
    ['', false],
    ['text/plain', false],
    ['application/jsonp', false],
    ['application/yaml', false],
  ])('%j counts as JSON: %s', (contentType, isJson) => {
    expect(isJsonMediaType(contentType)).toBe(isJson);
  });
});
