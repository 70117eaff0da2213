// Every answer of the server leaves through here, so that none goes out without the connection header of a drain
// and none carries Retry-After (client-go would wait for it inside the webhook's timeout: rest/with_retry.go).
import type { FastifyReply } from 'fastify';

export interface DrainState {
  isDraining(): boolean;
}

/** What a person sees who sent something this server cannot take. */
export interface ErrorAnswer {
  readonly error: string;
  readonly hint: string;
}

/** Sends a JSON text. While draining the client is told to close the connection, so it opens its next one elsewhere. */
export function sendJson(reply: FastifyReply, drain: DrainState, status: number, json: string): FastifyReply {
  if (drain.isDraining()) void reply.header('connection', 'close');
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(json);
}

/** Sends `{ error, hint }` with a 4xx or 5xx. */
export function sendError(
  reply: FastifyReply,
  drain: DrainState,
  status: number,
  { error, hint }: ErrorAnswer,
): FastifyReply {
  return sendJson(reply, drain, status, JSON.stringify({ error, hint }));
}
