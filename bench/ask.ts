// One request to a server and its answer, on a connection of its own: for the checks before the load.
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

import type { Answer } from './check-answer.ts';

export interface Question {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  /** With the query. */
  readonly path: string;
  readonly body: Uint8Array;
}

/** POSTs a review and reads the whole answer. */
export async function ask({ host, port, ca, path, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const options = { method: 'POST', host, port, ca, path, headers, agent: false, timeout: 10_000 } as const;
    const request = httpsRequest(options, (response) => {
      const { statusCode: status = 0 } = response;
      text(response).then(
        (body) => resolve({ status, contentType: response.headers['content-type'], body }),
        reject,
      );
    });
    request.on('timeout', () => request.destroy(new Error('no answer for 10 s')));
    request.on('error', reject);
    request.end(body);
  });
}
