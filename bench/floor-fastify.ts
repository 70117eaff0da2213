// The floor with Fastify in place of bare `node:https`: the same answer to the same request, with static routes and a
// body parser that is one JSON.parse. What our server costs above this is ours alone.
//
// FIXED, for the reasons given in floor-node.ts. Usage: node floor-fastify.ts CERTIFICATE KEY ANSWER UID.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';

import fastify from 'fastify';

const [certificateFile = '', keyFile = '', answerFile = '', uidInAnswer = ''] = process.argv.slice(2);
const [beforeUid = '', afterUid = ''] = readFileSync(answerFile, 'utf8').split(uidInAnswer);

const app = fastify({
  logger: false,
  keepAliveTimeout: 100_000,
  // As much as our server takes.
  bodyLimit: 7 * 1024 * 1024,
  https: { cert: readFileSync(certificateFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' },
});
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, JSON.parse(body.toString()));
});
for (const path of ['/mutate', '/validate']) {
  // Returning the reply would make Fastify treat it as a promise.
  app.post<{ Body: { readonly request: { readonly uid: string } } }>(path, (request, reply) => {
    void reply
      .header('content-type', 'application/json; charset=utf-8')
      .send(beforeUid + request.body.request.uid + afterUid);
  });
}

await app.listen({ host: '127.0.0.1', port: 0 });
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`{"url":"https://127.0.0.1:${port}"}\n`);
