// Stopping without losing a request, although the API server holds its connections open for 90 s.
//
// | time                    | what happens                                                                        |
// |-------------------------|-------------------------------------------------------------------------------------|
// | 0                       | readiness turns off; every answer says `connection: close`; the listener stays open |
// | announceMs              | the endpoint is gone from the Service by now: no new connections, idle ones closed  |
// | each request that ends  | its connection closes                                                               |
// | deadlineMs              | what is still open is cut                                                           |
//
// Idle connections are left alone at first: closing one while the API server writes a POST to it loses that POST,
// and the API server does not send it again. Each request that still comes ends its connection at a safe moment.
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { DrainState } from './answer.ts';

export interface DrainOptions {
  /** How long the listener stays open: the time until every node knows that this endpoint is gone. */
  readonly announceMs: number;
  /** When everything ends, counted from the beginning. */
  readonly deadlineMs: number;
}

/** 3 s for kube-proxy and API server to learn of it, 1.8 s for the last answers: 4.8 s, below the 5 s we promise. */
export const PRODUCTION_DRAIN: DrainOptions = { announceMs: 3_000, deadlineMs: 4_800 };

export interface DrainResult {
  /** Connections cut at the deadline; 0 is a clean end. */
  readonly cutConnections: number;
}

export interface Drain extends DrainState {
  /** Learns of every connection of a server; call it before `listen`. */
  track(app: FastifyInstance): void;
  /** Drains the app and closes it; a second call gives the promise of the first. Never rejects. */
  run(app: FastifyInstance, options: DrainOptions): Promise<DrainResult>;
}

/** The state of one server's end. Hand it to `buildApp`, `track` the app, and `run` it on SIGTERM. */
export function createDrain(): Drain {
  const sockets = new Set<Socket>();
  let running: Promise<DrainResult> | undefined;
  return {
    isDraining: () => running !== undefined,
    track(app) {
      // On an https server these are the TCP sockets below TLS, those in a handshake included; Node's own
      // closeAllConnections knows only connections whose handshake has ended, and close() waits for all.
      app.server.on('connection', (socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
    },
    run(app, options) {
      running ??= drain(app, options, sockets);
      return running;
    },
  };
}

// How often connections that have become idle are closed after the listener is.
const IDLE_CHECK_MS = 50;

async function drain(
  app: FastifyInstance,
  { announceMs, deadlineMs }: DrainOptions,
  sockets: ReadonlySet<Socket>,
): Promise<DrainResult> {
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, announceMs));
  const closeIdle = setInterval(() => app.server.closeIdleConnections(), IDLE_CHECK_MS);
  let cutConnections = 0;
  const cut = setTimeout(
    () => {
      cutConnections = sockets.size;
      for (const socket of sockets) socket.destroy();
    },
    Math.max(deadlineMs - (performance.now() - startedAt), 0),
  );
  try {
    // close() of the server ends idle connections itself and waits for the others.
    await app.close();
  } catch {
    // A close hook that failed: there is nothing left to do but to end.
  } finally {
    clearInterval(closeIdle);
    clearTimeout(cut);
  }
  return { cutConnections };
}
