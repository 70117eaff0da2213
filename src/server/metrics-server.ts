// Metrics on a port of their own, without TLS: Prometheus reaches it inside the cluster, the API server never does.
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { Registry } from '@prometheus-io/client';
import { describeError } from './describe-error.ts';
import type { ErrorDescription } from './describe-error.ts';

/** A plain HTTP server that answers `GET /metrics` and nothing else; the caller listens and closes. */
export function createMetricsServer(
  registry: Pick<Registry, 'metrics' | 'contentType'>,
  onError: (error: ErrorDescription) => void,
): Server {
  return createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (path !== '/metrics') {
      sendError(response, 404, `there is no ${path}`);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendError(response, 405, `there is no ${request.method} /metrics`);
    } else {
      registry.metrics().then(
        (text) => {
          response.writeHead(200, { 'content-type': registry.contentType }).end(text);
        },
        (error: unknown) => {
          onError(describeError(error));
          sendError(response, 500, 'the metrics could not be collected; the log says why');
        },
      );
    }
  });
}

function sendError(response: ServerResponse, status: number, error: string): void {
  const body = JSON.stringify({ error, hint: 'this port answers GET /metrics' });
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}
