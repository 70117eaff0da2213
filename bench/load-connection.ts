// One keep-alive TLS connection that sends request after request and checks each answer byte for byte. Written on the
// bare socket: an HTTP client would cost as much CPU as the server, on cores that both share.
import { connect } from 'node:tls';

import { copyNumbered, writeNumber } from './numbered-request.ts';
import type { NumberedBytes } from './numbered-request.ts';

export interface LoadTarget {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  /** Head and body. */
  readonly request: NumberedBytes;
  /** The body of the right answer. */
  readonly answer: NumberedBytes;
}

export type FailureKind = 'status' | 'uid' | 'bytes' | 'connection';

export interface ConnectionEvents {
  /** The number of the next request; never the same twice. */
  readonly nextNumber: () => number;
  readonly onAnswer: (ms: number) => void;
  /** The answer counted as failed, or the connection ended. `text` is for people. */
  readonly onFailure: (kind: FailureKind, text: string) => void;
}

export interface LoadConnection {
  /** Waits for the answer that is under way, then closes: a lost request shows, however short the load was. */
  finish(): Promise<void>;
}

/** No server needs as long for an answer as this; a connection that is quiet for longer has lost its request. */
const STALLED_AFTER_MS = 10_000;
const NO_BYTES = Buffer.alloc(0);

/** Connects, resolves after the handshake, and from then on always has one request under way until it is finished. */
export async function openLoadConnection(
  target: LoadTarget,
  events: ConnectionEvents,
): Promise<LoadConnection> {
  const { host, port, ca } = target;
  const socket = connect({ host, port, ca, servername: 'localhost' });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));

  const request = copyNumbered(target.request);
  const expected = copyNumbered(target.answer);
  let sentAt = 0;
  let received = NO_BYTES;
  let isClosed = false;
  let isLast = false;

  const sendNext = (): void => {
    const number = events.nextNumber();
    // The bytes may change here: the answer to the request before is proof that they have left.
    writeNumber(request, number);
    writeNumber(expected, number);
    received = NO_BYTES;
    sentAt = performance.now();
    socket.write(request.bytes);
  };
  const fail = (kind: FailureKind, text: string): void => {
    if (!isClosed) events.onFailure(kind, text);
  };
  const end = (text: string): void => {
    fail('connection', text);
    isClosed = true;
  };
  const close = (): void => {
    isClosed = true;
    socket.destroy();
  };
  socket.on('data', (chunk) => {
    if (isClosed) return;
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const bodyAt = received.indexOf('\r\n\r\n') + 4;
    // The right answer needs no look at its length; any other is read to its end first.
    if (bodyAt === 3 || (received.length - bodyAt < expected.bytes.length && !isComplete(received, bodyAt))) {
      return;
    }
    const failure = judge(received, bodyAt, expected);
    if (failure) fail(...failure);
    else events.onAnswer(performance.now() - sentAt);
    if (isLast) close();
    else sendNext();
  });
  socket.on('error', (error) => end(error.message));
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      end('the server closed the connection');
      resolve();
    });
  });
  socket.setTimeout(STALLED_AFTER_MS, () =>
    socket.destroy(new Error(`no answer for ${STALLED_AFTER_MS} ms`)),
  );
  sendNext();
  return {
    finish() {
      isLast = true;
      return closed;
    },
  };
}

function isComplete(received: Buffer, bodyAt: number): boolean {
  const head = received.toString('latin1', 0, bodyAt);
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  // Without a length (chunked) the end is not looked for: the bytes so far fail, which is what such an answer is to do.
  return length === undefined || received.length - bodyAt >= Number(length);
}

function judge(
  received: Buffer,
  bodyAt: number,
  expected: { readonly bytes: Buffer; readonly uidOffsets: readonly number[] },
): [FailureKind, string] | undefined {
  const status = received.toString('latin1', 9, 12);
  const body = received.subarray(bodyAt);
  if (!status.startsWith('2')) return ['status', `HTTP ${status}: ${excerpt(body)}`];
  if (body.equals(expected.bytes)) return undefined;
  const [uidAt = 0] = expected.uidOffsets;
  const uid = expected.bytes.toString('latin1', uidAt, uidAt + 36);
  if (!body.includes(uid)) return ['uid', `uid ${uid} is not in the answer: ${excerpt(body)}`];
  return ['bytes', `another answer than the expected one: ${excerpt(body)}`];
}

function excerpt(body: Buffer): string {
  return body.toString('utf8', 0, 300);
}
