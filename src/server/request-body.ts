// The body of a request: read within limits of size and time, then parsed once. Nothing here throws.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

export type ReadBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** It did not arrive in time; the rest of it may still come, so the connection cannot be used again. */
  | { readonly kind: 'late' }
  /** The client went away. */
  | { readonly kind: 'aborted' };

export interface BodyLimits {
  readonly maxBytes: number;
  /** How much of an oversize body is read and thrown away before giving up on the connection. */
  readonly maxDiscardedBytes: number;
  readonly withinMs: number;
}

/**
 * Reads a body to its end. An oversize one too, without keeping it: an answer in the middle of an upload makes the
 * kernel reset the connection, and the client then reports `connection reset` in place of our 413.
 */
export function readBody(payload: Readable, limits: BodyLimits, done: (body: ReadBody) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => finish({ kind: 'late' }), limits.withinMs);
  const finish = (body: ReadBody): void => {
    clearTimeout(timer);
    payload.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort);
    // A stream that fails later still needs a listener, else the process ends.
    payload.on('error', ignore);
    done(body);
  };
  const onData = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= limits.maxBytes) chunks.push(chunk);
    else chunks = [];
    if (size > limits.maxDiscardedBytes) finish({ kind: 'too_large' });
  };
  const onEnd = (): void => {
    if (size > limits.maxBytes) finish({ kind: 'too_large' });
    else finish({ kind: 'read', bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size) });
  };
  const onAbort = (): void => finish({ kind: 'aborted' });
  payload.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort);
}

export interface BodyProblem {
  /** Stable: a log field and metric label. */
  readonly code: 'empty_body' | 'not_utf8' | 'not_json';
  readonly message: string;
  readonly hint: string;
}

export type ParsedBody =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: BodyProblem };

/**
 * Parses JSON. Of two equal keys the last wins, as in Go; `__proto__` becomes a plain key of its object and changes
 * no prototype; any depth is read (V8 does not recurse here). The problem text quotes nothing of the body.
 */
export function parseBody(bytes: Buffer): ParsedBody {
  if (bytes.length === 0) {
    return problem('empty_body', 'the body is empty', 'send an AdmissionReview as JSON');
  }
  if (!isUtf8(bytes)) {
    return problem(
      'not_utf8',
      'the body is not valid UTF-8',
      'send JSON in UTF-8, not compressed (RFC 8259 section 8.1)',
    );
  }
  const text = bytes.toString('utf8');
  try {
    return { kind: 'parsed', value: JSON.parse(text) };
  } catch (error) {
    return problem(
      'not_json',
      `the body is not JSON: ${whereJsonFails(error, text)}`,
      'send an AdmissionReview as JSON',
    );
  }
}

/** True for the one media type that is read here; parameters such as `charset` do not matter (RFC 8259 section 11). */
export function isJsonMediaType(contentType: string | undefined): boolean {
  return contentType !== undefined && JSON_MEDIA_TYPE.test(contentType);
}

/** The body of a Fastify request as `readBody` left it; a request without one has none to read. */
export function bodyOf(request: { readonly body: unknown; readonly raw: IncomingMessage }): ReadBody {
  return (request.body as ReadBody | undefined) ?? { kind: 'read', bytes: Buffer.alloc(0) };
}

const JSON_MEDIA_TYPE = /^application\/json\s*(?:;|$)/i;

function ignore(): void {}

function problem(code: BodyProblem['code'], message: string, hint: string): ParsedBody {
  return { kind: 'problem', problem: { code, message, hint } };
}

// V8's own message quotes the text around the error, which may be part of a Secret.
function whereJsonFails(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : '';
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
  if (message.startsWith('Unexpected end') || position >= text.length) {
    return `it breaks off after ${text.length} characters`;
  }
  return Number.isNaN(position)
    ? 'an unexpected character'
    : `an unexpected character at position ${position}`;
}
