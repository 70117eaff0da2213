// The server as a test sees it: real TLS on a loopback port, its log lines and metrics at hand, stub handlers.
import { request as httpsRequest, Agent } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { allowed } from '../../src/admission/outcome.ts';
import { buildApp } from '../../src/server/app.ts';
import type { AdmissionHandlers, AppDeps } from '../../src/server/app.ts';
import { createDrain } from '../../src/server/drain.ts';
import type { Drain } from '../../src/server/drain.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import type { Metrics } from '../../src/server/metrics.ts';
import { makeTestAuthority } from './test-certificate.ts';
import type { TestAuthority } from './test-certificate.ts';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly drain: Drain;
  readonly metrics: Metrics;
  /** The log lines so far, parsed. */
  readonly logLines: Record<string, unknown>[];
}

export interface TestServer extends TestApp {
  readonly port: number;
  readonly authority: TestAuthority;
  /** Trusts the server and keeps connections, as the API server does. */
  readonly agent: Agent;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export const ALLOW_ALL: AdmissionHandlers = { mutate: () => allowed(), validate: () => allowed() };

let sharedAuthority: TestAuthority | undefined;

/** The app with stub handlers, not listening; for `app.inject`. */
export function buildTestApp(
  handlers: Partial<AdmissionHandlers> = {},
  deps: Partial<AppDeps> = {},
): TestApp {
  const logLines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logLines.push(JSON.parse(chunk.toString('utf8')) as Record<string, unknown>);
      done();
    },
  });
  const drain = createDrain();
  const metrics = createMetrics({ version: '0.0.0-test' }, { processMetrics: false });
  const app = buildApp({
    handlers: { ...ALLOW_ALL, ...handlers },
    tls: null,
    logger: pino({ base: null }, stream),
    metrics,
    readiness: () => ({ ready: true, reasons: [] }),
    drain,
    version: { version: '0.0.0-test' },
    now: () => performance.now(),
    ...deps,
  });
  drain.track(app);
  return { app, drain, metrics, logLines };
}

/** The same, listening with TLS on a free loopback port. Call `stop` at the end. */
export async function startTestServer(
  handlers: Partial<AdmissionHandlers> = {},
  deps: Partial<AppDeps> = {},
): Promise<TestServer> {
  const authority = (sharedAuthority ??= makeTestAuthority());
  const test = buildTestApp(handlers, { tls: authority.issue('0a'), ...deps });
  await test.app.listen({ port: 0, host: '127.0.0.1' });
  const agent = new Agent({ keepAlive: true, ca: authority.ca });
  return {
    ...test,
    port: (test.app.server.address() as AddressInfo).port,
    authority,
    agent,
    async stop() {
      agent.destroy();
      test.app.server.closeAllConnections();
      await test.app.close();
    },
  };
}

/** POSTs a body (an object as JSON) over TLS and reads the whole answer. */
export async function post(
  server: TestServer,
  path: string,
  body: unknown,
  options: RequestOptions = {},
): Promise<Answer> {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return send(server, { method: 'POST', path, ...options }, bytes);
}

/** Set on the error of a request that failed: were its bytes written, on a connection the server had accepted? */
export interface FailedRequest extends NodeJS.ErrnoException {
  readonly written: boolean;
}

/** Sends any request over TLS; a header that is undefined is left out. Rejects with a `FailedRequest`. */
export async function send(
  server: TestServer,
  options: RequestOptions,
  body?: string | Buffer,
): Promise<Answer> {
  const defaults =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const headers = Object.fromEntries(
    Object.entries({ ...defaults, ...(options.headers as OutgoingHttpHeaders | undefined) }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpsRequest({
      host: '127.0.0.1',
      port: server.port,
      agent: server.agent,
      ...options,
      headers,
    });
    request.on('response', resolve).on('error', (error) => {
      // The client writes once the handshake is over, and a handshake needs a server that has accepted.
      const written =
        (request.socket as (TLSSocket & { secureConnecting?: boolean }) | null)?.secureConnecting === false;
      reject(Object.assign(error, { written }));
    });
    request.end(body);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
