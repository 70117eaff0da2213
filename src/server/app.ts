// The HTTP side of the webhook: routes, limits and errors. What is decided about a pod comes in as `handlers`;
// listening, signals and files are the business of the caller.
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { MutatingOutcome, ValidatingOutcome } from '../admission/outcome.ts';
import type { AdmissionRequest } from '../admission/review.ts';
import { createAdmissionRoute } from './admission-route.ts';
import type { AdmissionHandler, RouteDeps, Timing } from './admission-route.ts';
import { sendError, sendJson } from './answer.ts';
import type { DrainState } from './answer.ts';
import { answerWithinMs, parseGoDurationMs } from './deadline.ts';
import { describeError } from './describe-error.ts';
import type { BuildVersion, Endpoint } from './metrics.ts';
import { isJsonMediaType, readBody } from './request-body.ts';
import * as limits from './server-limits.ts';

export interface AdmissionHandlers {
  mutate(request: AdmissionRequest): MutatingOutcome | Promise<MutatingOutcome>;
  validate(request: AdmissionRequest): ValidatingOutcome | Promise<ValidatingOutcome>;
}

export interface Readiness {
  readonly ready: boolean;
  /** Why not, for people; empty when ready. */
  readonly reasons: readonly string[];
}

export interface AppDeps extends RouteDeps {
  readonly handlers: AdmissionHandlers;
  /** PEM texts; `null` serves plain HTTP, for tests with `inject`. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Certificate, settings: draining is added here. */
  readonly readiness: () => Readiness;
  readonly version: BuildVersion;
}

declare module 'fastify' {
  interface FastifyRequest {
    timing: Timing | null;
  }
}

// Go clients speak at least TLS 1.2 by default; a swap of the certificate forgets what is not repeated.
const MIN_TLS_VERSION = 'TLSv1.2' as const;

const METHODS: Readonly<Record<string, string>> = {
  '/mutate': 'POST',
  '/validate': 'POST',
  '/healthz': 'GET',
  '/readyz': 'GET',
  '/version': 'GET',
};
const ROUTES_HINT = `this server answers ${Object.entries(METHODS)
  .map(([path, method]) => `${method} ${path}`)
  .join(', ')}`;

/** The app, ready for `listen` or `inject`. */
export function buildApp(deps: AppDeps): FastifyInstance {
  const { handlers, drain, readiness, version } = deps;
  const app = createFastify(deps);
  // All media types go to our reader, which alone knows limits; the routes refuse what is not JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request, payload, done) => {
    const withinMs = request.timing?.withinMs ?? answerWithinMs(limits.DEFAULT_ADMISSION_TIMEOUT_MS);
    const { MAX_BODY_BYTES: maxBytes, MAX_DISCARDED_BYTES: maxDiscardedBytes } = limits;
    readBody(payload, { maxBytes, maxDiscardedBytes, withinMs }, (body) => done(null, body));
  });
  app.decorateRequest('timing', null);
  addAdmissionRoute(app, 'mutate', (request) => handlers.mutate(request), deps);
  addAdmissionRoute(app, 'validate', (request) => handlers.validate(request), deps);
  app.get('/healthz', (_request, reply) => sendJson(reply, drain, 200, '{"healthy":true}'));
  app.get('/readyz', (_request, reply) => {
    const { ready, reasons } = readiness();
    const all = drain.isDraining() ? [...reasons, 'the server is draining: it is about to stop'] : reasons;
    const json = JSON.stringify({ ready: ready && all.length === 0, reasons: all });
    return sendJson(reply, drain, ready && all.length === 0 ? 200 : 503, json);
  });
  const versionJson = JSON.stringify(version);
  app.get('/version', (_request, reply) => sendJson(reply, drain, 200, versionJson));
  app.setNotFoundHandler((request, reply) => sendNotFound(request, reply, drain));
  app.setErrorHandler((error, _request, reply) => {
    // Nothing of ours throws up to here: a bug of the routes themselves.
    deps.logger.error({ error: describeError(error) }, 'request failed');
    return sendError(reply, drain, 500, {
      error: 'the server failed on this request: a bug in media-stack',
      hint: 'the log of the server has the details; please report them',
    });
  });
  return app;
}

/**
 * Serves another certificate from the next handshake on; open connections stay as they are. For an app with TLS.
 * Throws when OpenSSL does not take the pair, and the old one stays.
 */
export function swapCertificate(app: FastifyInstance, { cert, key }: NonNullable<AppDeps['tls']>): void {
  (app.server as unknown as Server).setSecureContext({ cert, key, minVersion: MIN_TLS_VERSION });
}

function addAdmissionRoute(
  app: FastifyInstance,
  endpoint: Endpoint,
  handle: AdmissionHandler,
  deps: RouteDeps,
): void {
  const route = createAdmissionRoute(endpoint, handle, deps);
  app.post(
    `/${endpoint}`,
    {
      onRequest(request, reply, done) {
        const startedAt = deps.now();
        // Said twice, it is a list here; its text holds a comma then, which is no duration.
        const { timeout } = request.query as { timeout?: string | string[] };
        const timeoutMs =
          timeout === undefined ? limits.DEFAULT_ADMISSION_TIMEOUT_MS : parseGoDurationMs(timeout.toString());
        const timing = { startedAt, withinMs: answerWithinMs(timeoutMs ?? 0) };
        request.timing = timing;
        const contentType = request.headers['content-type'];
        if (!isJsonMediaType(contentType)) {
          const message = `content-type is ${contentType === undefined ? 'missing' : JSON.stringify(contentType)}`;
          const hint = 'send content-type: application/json';
          route.refuse(reply, timing, 415, { code: 'not_json_media_type', message, hint });
        } else if (timeoutMs === undefined) {
          const message = `timeout is ${JSON.stringify(timeout)}, which is no duration above zero`;
          const hint = 'write it as the API server does: ?timeout=10s';
          route.refuse(reply, timing, 400, { code: 'bad_timeout', message, hint });
        } else {
          done();
        }
      },
    },
    (request, reply) => route.answer(request, reply, request.timing as Timing),
  );
}

function createFastify({ tls, drain }: AppDeps): FastifyInstance {
  const server = {
    headersTimeout: limits.HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: limits.CONNECTION_CHECK_MS,
  };
  const options = {
    // Fastify would make a child logger per request; the routes write their one line themselves.
    logger: false,
    keepAliveTimeout: limits.KEEP_ALIVE_TIMEOUT_MS,
    requestTimeout: limits.REQUEST_TIMEOUT_MS,
    // A request on a connection that was accepted is answered, also after close() has been called (drain.ts).
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      void sendNotFound(request, reply, drain),
  };
  if (tls === null) return fastify({ ...options, http: server });
  const https = {
    ...server,
    ...tls,
    minVersion: MIN_TLS_VERSION,
    handshakeTimeout: limits.HANDSHAKE_TIMEOUT_MS,
  };
  // Fastify types an https server apart, though all its routes are the same.
  return fastify({ ...options, https });
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply, drain: DrainState): FastifyReply {
  const [path = ''] = request.url.split('?', 1);
  const method = Object.hasOwn(METHODS, path) ? METHODS[path] : undefined;
  const error = `there is no ${request.method} ${path.length > 200 ? `${path.slice(0, 200)}…` : path}`;
  if (method === undefined) return sendError(reply, drain, 404, { error, hint: ROUTES_HINT });
  return sendError(reply.header('allow', method), drain, 405, { error, hint: ROUTES_HINT });
}

// Bytes that are no HTTP request, or headers that do not end in time.
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    {
      ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
      HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
    }[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify({ error: 'this is not an HTTP/1.1 request that ends', hint: ROUTES_HINT });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
