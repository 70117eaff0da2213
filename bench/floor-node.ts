// The floor: the least that any webhook on Node must do. Bare `node:https` that reads a review, parses it once, and
// answers with prepared bytes in which only the uid of the request changes.
//
// FIXED. Every ratio that was ever published is a ratio to this file, so it stays as it was in the first commit of the
// benchmark. It must never be made slower, which would flatter us, and a change that makes it faster breaks the
// comparison with older results just as well: put another floor beside it instead.
//
// Usage: node floor-node.ts CERTIFICATE KEY ANSWER UID. ANSWER is a file with an AdmissionReview in JSON, and UID the
// text in it that stands for the uid. The first line on stdout is {"url":"https://127.0.0.1:PORT"}.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const [certificateFile = '', keyFile = '', answerFile = '', uidInAnswer = ''] = process.argv.slice(2);
const [beforeUid = '', afterUid = ''] = readFileSync(answerFile, 'utf8').split(uidInAnswer);
const bytesWithoutUid = Buffer.byteLength(beforeUid) + Buffer.byteLength(afterUid);

const server = createServer(
  {
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    minVersion: 'TLSv1.2',
    // As our server: longer than the 90 s for which the API server keeps a connection.
    keepAliveTimeout: 100_000,
  },
  answer,
);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`{"url":"https://127.0.0.1:${port}"}\n`);
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const review = JSON.parse(bytes.toString()) as { readonly request: { readonly uid: string } };
    const { uid } = review.request;
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytesWithoutUid + Buffer.byteLength(uid),
    });
    response.end(beforeUid + uid + afterUid);
  });
}
