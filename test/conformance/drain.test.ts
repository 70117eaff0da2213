// Stopping: knowledge/libraries-and-protocol.md 0, findings 7 and 8.
import { Agent } from 'node:https';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { allowed } from '../../src/admission/outcome.ts';
import { PRODUCTION_DRAIN } from '../../src/server/drain.ts';
import { reviewOf } from '../support/admission-review.ts';
import { post, send, startTestServer } from '../support/test-server.ts';
import type { FailedRequest, TestServer } from '../support/test-server.ts';

const servers: TestServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach((socket) => socket.destroy());
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(...args: Parameters<typeof startTestServer>): Promise<TestServer> {
  const server = await startTestServer(...args);
  servers.push(server);
  return server;
}

function countConnections(server: TestServer): Promise<number> {
  return new Promise((resolve) =>
    server.app.server.getConnections((_error, connections) => resolve(connections)),
  );
}

describe('draining', () => {
  it('loses no request under load and ends within 5 s, with the production times', async () => {
    // A handler that takes its time, so that requests are under way at every moment of the drain.
    const server = await start({ mutate: () => wait(20, allowed()) });
    const answered: number[] = [];
    const lost: unknown[] = [];
    // Clients that keep their connection and go on until nobody listens any more. A request that was written, on a
    // connection the server had accepted, must be answered; one that found no server may look for another.
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true, ca: server.authority.ca, maxSockets: 1 });
      for (let refused = false; !refused;) {
        try {
          const { status } = await post(server, '/mutate', reviewOf(), { agent });
          if (status === 200) answered.push(status);
          else lost.push(status);
        } catch (error) {
          if ((error as FailedRequest).written) lost.push(error);
          refused = (error as FailedRequest).code === 'ECONNREFUSED';
        }
      }
      agent.destroy();
    };
    const load = Promise.all(Array.from({ length: 8 }, client));
    while (answered.length < 20) await new Promise((resolve) => setImmediate(resolve));
    const before = answered.length;
    const startedAt = performance.now();
    const result = await server.drain.run(server.app, PRODUCTION_DRAIN);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await load;
    expect(lost).toEqual([]);
    expect(answered.length).toBeGreaterThan(before);
    expect(result).toEqual({ cutConnections: 0 });
  });

  it('turns readiness off and tells clients to close at once, while the listener is still open', async () => {
    const server = await start();
    const ended = server.drain.run(server.app, { announceMs: 200, deadlineMs: 2_000 });
    expect((await send(server, { path: '/readyz' })).status).toBe(503);
    const answer = await post(server, '/mutate', reviewOf());
    expect(answer.status).toBe(200);
    expect(answer.headers.connection).toBe('close');
    await ended;
    await expect(post(server, '/mutate', reviewOf())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('waits for a request that is under way, and answers it', async () => {
    const { promise: decision, resolve: decide } = Promise.withResolvers<ReturnType<typeof allowed>>();
    const { promise: asked, resolve: notice } = Promise.withResolvers<void>();
    const server = await start({
      mutate() {
        notice();
        return decision;
      },
    });
    const answer = post(server, '/mutate', reviewOf());
    await asked;
    let ended = false;
    const draining = server.drain.run(server.app, { announceMs: 0, deadlineMs: 4_000 }).then((result) => {
      ended = true;
      return result;
    });
    while (server.app.server.listening) await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(false);
    decide(allowed());
    expect((await answer).status).toBe(200);
    expect(await draining).toEqual({ cutConnections: 0 });
  });

  it('answers a request that comes on an accepted connection after the listener has closed', async () => {
    const server = await start();
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    sockets.push(socket);
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    while ((await countConnections(server)) < 1) await new Promise((resolve) => setImmediate(resolve));
    const draining = server.drain.run(server.app, { announceMs: 0, deadlineMs: 4_000 });
    while (server.app.server.listening) await new Promise((resolve) => setImmediate(resolve));
    const body = JSON.stringify(reviewOf());
    const headers = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.write(`POST /mutate HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(await draining).toEqual({ cutConnections: 0 });
  });

  it('does not wait for idle connections, although they may live for 100 s', async () => {
    const server = await start();
    await post(server, '/mutate', reviewOf());
    expect(Object.values(server.agent.freeSockets)).toHaveLength(1);
    expect(await server.drain.run(server.app, { announceMs: 0, deadlineMs: 4_000 })).toEqual({
      cutConnections: 0,
    });
  });

  it('cuts what is left at the deadline: a handler without end, a connection never used, a handshake never made', async () => {
    const { promise: asked, resolve: notice } = Promise.withResolvers<void>();
    const server = await start({
      mutate() {
        notice();
        return new Promise<never>(() => undefined);
      },
    });
    const lost = post(server, '/mutate', reviewOf()).catch((error: unknown) => error);
    await asked;
    const silent = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    const handshakeless = connectTcp(server.port, '127.0.0.1');
    sockets.push(silent, handshakeless);
    await Promise.all([
      new Promise((resolve) => silent.once('secureConnect', resolve)),
      new Promise((resolve) => handshakeless.once('connect', resolve)),
    ]);
    // All three are accepted once the server counts them.
    while ((await countConnections(server)) < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(await server.drain.run(server.app, { announceMs: 0, deadlineMs: 300 })).toEqual({
      cutConnections: 3,
    });
    expect(await lost).toMatchObject({ code: 'ECONNRESET' });
  });

  it('asked for twice happens once', async () => {
    const server = await start();
    const options = { announceMs: 0, deadlineMs: 1_000 };
    expect(server.drain.run(server.app, options)).toBe(server.drain.run(server.app, options));
    await server.drain.run(server.app, options);
  });
});
