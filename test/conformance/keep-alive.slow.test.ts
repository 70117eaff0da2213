// The API server keeps an idle connection for 90 s (apimachinery util/net/http.go). If we close first, the POST it is
// just writing is lost, and not sent again. Real time: there is no other proof.
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reviewOf } from '../support/admission-review.ts';
import { startTestServer } from '../support/test-server.ts';
import type { TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function open(): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port: server.port,
    ca: server.authority.ca,
    servername: 'localhost',
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function ask(socket: TLSSocket): Promise<string> {
  const body = JSON.stringify(reviewOf());
  socket.write(
    `POST /mutate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('utf8');
}

it('a connection answers after 91 idle seconds: one that was used, and one that never was', async () => {
  const used = await open();
  const unused = await open();
  expect(await ask(used)).toMatch(/^HTTP\/1\.1 200 /);
  await wait(91_000);
  expect(await ask(used)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await ask(unused)).toMatch(/^HTTP\/1\.1 200 /);
  used.destroy();
  unused.destroy();
});
