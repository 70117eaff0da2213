// A new certificate under load: no request fails, connections that are open stay open, new ones get the new one.
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { swapCertificate } from '../../src/server/app.ts';
import { reviewOf } from '../support/admission-review.ts';
import { post, startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

function servedSerial(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: server.port,
      ca: server.authority.ca,
      servername: 'localhost',
    });
    socket.on('error', reject).once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
  });
}

it('a certificate is swapped under load without a failed request', async () => {
  const load = { isOn: true };
  const statuses: number[] = [];
  // Half of the clients keep their connection, half make a new one for each request.
  const clients = Array.from({ length: 6 }, async (_, client) => {
    const agent = new Agent({ keepAlive: client % 2 === 0, ca: server.authority.ca, maxSockets: 1 });
    while (load.isOn) statuses.push((await post(server, '/mutate', reviewOf(), { agent })).status);
    agent.destroy();
  });
  expect(await servedSerial()).toBe('0A');
  for (const serial of ['0b', '0c', '0d', '0e', '0f']) {
    swapCertificate(server.app, server.authority.issue(serial));
    expect(await servedSerial()).toBe(serial.toUpperCase());
  }
  load.isOn = false;
  await Promise.all(clients);
  expect(statuses.length).toBeGreaterThan(5);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it('a pair that cannot be served is refused, and the old one stays', async () => {
  const before = await servedSerial();
  const { key } = server.authority.issue('10');
  expect(() => swapCertificate(server.app, { cert: 'no PEM', key })).toThrow(/PEM/);
  expect(await servedSerial()).toBe(before);
});
