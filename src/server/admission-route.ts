// One admission: body -> review -> handler -> answer, one log line and one count. The handler is the only part that
// may fail, and its failure is caught here, once, and answered with the uid.
//
// | what came                          | HTTP | body                                         | outcome in log, metric |
// |------------------------------------|------|----------------------------------------------|------------------------|
// | no JSON media type                 | 415  | { error, hint }                              | refused                |
// | a timeout that is no duration      | 400  | { error, hint }                              | refused                |
// | body too large / not in time       | 413 / 408 | { error, hint }                         | refused                |
// | no JSON, no AdmissionReview, no uid| 400  | { error, hint }                              | refused                |
// | a wrong field, uid known           | 200  | allowed: false, 400 BadRequest               | refused                |
// | handler throws or rejects          | 200  | allowed: false, 500 InternalError            | error                  |
// | handler is later than the deadline | 200  | allowed: false, 504 Timeout                  | timeout                |
// | else                               | 200  | what the handler decided                     | its kind               |
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { completeReview } from '../admission/complete.ts';
import { decodeReview } from '../admission/decode.ts';
import { denied } from '../admission/outcome.ts';
import type { MutatingOutcome } from '../admission/outcome.ts';
import type { AdmissionRequest } from '../admission/review.ts';
import { assertSendable, clip, failed, tooLate } from './admission-failures.ts';
import { sendError, sendJson } from './answer.ts';
import type { DrainState } from './answer.ts';
import { LATE, raceDeadline } from './deadline.ts';
import { describeError } from './describe-error.ts';
import type { AdmissionResult, Endpoint, Metrics } from './metrics.ts';
import { bodyOf, parseBody } from './request-body.ts';
import { MAX_BODY_BYTES } from './server-limits.ts';

export type AdmissionHandler = (request: AdmissionRequest) => MutatingOutcome | Promise<MutatingOutcome>;

export interface RouteDeps {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly metrics: Pick<Metrics, 'countAdmission'>;
  readonly drain: DrainState;
  /** Milliseconds on a clock that does not jump. */
  readonly now: () => number;
}

/** What is known of a request before its body is: set on every request to the endpoint. */
export interface Timing {
  readonly startedAt: number;
  readonly withinMs: number;
}

export interface AdmissionRoute {
  answer(request: FastifyRequest, reply: FastifyReply, timing: Timing): FastifyReply | Promise<FastifyReply>;
  /** Answers a request of which no uid is known. `code` is the word for log and metric. */
  refuse(reply: FastifyReply, timing: Timing, status: number, refusal: Refusal): FastifyReply;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** The route of one endpoint. */
export function createAdmissionRoute(
  endpoint: Endpoint,
  handle: AdmissionHandler,
  deps: RouteDeps,
): AdmissionRoute {
  const { logger, metrics, drain, now } = deps;

  function refuse(reply: FastifyReply, timing: Timing, status: number, refusal: Refusal): FastifyReply {
    const durationMs = now() - timing.startedAt;
    metrics.countAdmission(endpoint, 'refused', refusal.code, durationMs / 1_000);
    logger.warn({ endpoint, status, reason: refusal.code, durationMs }, 'admission request refused');
    return sendError(reply, drain, status, { error: refusal.message, hint: refusal.hint });
  }

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    timing: Timing,
  ): FastifyReply | Promise<FastifyReply> {
    const body = bodyOf(request);
    if (body.kind !== 'read') return refuseBody(reply, timing, body.kind);
    const parsed = parseBody(body.bytes);
    if (parsed.kind === 'problem') return refuse(reply, timing, 400, parsed.problem);
    const decoded = decodeReview(parsed.value);
    if (decoded.kind === 'unanswerable') return refuse(reply, timing, 400, decoded.problem);
    if (decoded.kind === 'answerable') return answerBadReview(reply, timing, decoded);
    const review = decoded.request;
    try {
      const outcome = handle(review);
      if (!(outcome instanceof Promise)) return conclude(reply, timing, review, outcome, resultOf(outcome));
      const waitMs = timing.withinMs - (now() - timing.startedAt);
      return raceDeadline(outcome, waitMs, (error) => logFailure(review, error)).then(
        (first) =>
          first === LATE
            ? conclude(reply, timing, review, tooLate(review, timing.withinMs), 'timeout')
            : conclude(reply, timing, review, first, resultOf(first)),
        (error: unknown) => fail(reply, timing, review, error),
      );
    } catch (error) {
      return fail(reply, timing, review, error);
    }
  }

  function conclude(
    reply: FastifyReply,
    timing: Timing,
    review: AdmissionRequest,
    outcome: MutatingOutcome,
    result: AdmissionResult,
  ): FastifyReply {
    let json: string;
    try {
      assertSendable(endpoint, review, outcome);
      json = JSON.stringify(completeReview(review, outcome, encodeBase64));
    } catch (error) {
      return fail(reply, timing, review, error);
    }
    const durationMs = now() - timing.startedAt;
    sendJson(reply, drain, 200, json);
    const reason = outcome.reason ?? (outcome.kind === 'denied' ? outcome.status.reason : '');
    metrics.countAdmission(endpoint, result, reason, durationMs / 1_000);
    logger.info(
      {
        endpoint,
        uid: review.uid,
        namespace: clip(review.namespace),
        name: clip(review.name),
        kind: clip(review.kind.kind),
        operation: review.operation,
        dryRun: review.dryRun,
        outcome: result,
        reason,
        durationMs,
      },
      'admission',
    );
    return reply;
  }

  function fail(reply: FastifyReply, timing: Timing, review: AdmissionRequest, error: unknown): FastifyReply {
    logFailure(review, error);
    return conclude(reply, timing, review, failed(review), 'error');
  }

  function logFailure(review: AdmissionRequest, error: unknown): void {
    logger.error({ endpoint, uid: review.uid, error: describeError(error) }, 'admission handler failed');
  }

  function refuseBody(
    reply: FastifyReply,
    timing: Timing,
    kind: 'too_large' | 'late' | 'aborted',
  ): FastifyReply {
    if (kind === 'too_large') {
      const message = `the body is larger than ${MAX_BODY_BYTES} bytes`;
      const hint =
        'an AdmissionReview of the API server holds at most two objects of 3 MiB; send no more than 7 MiB';
      return refuse(reply, timing, 413, { code: kind, message, hint });
    }
    // The rest of the body may still be on its way: this connection cannot carry another request.
    void reply.header('connection', 'close');
    const message = `the body did not arrive within ${Math.round(timing.withinMs)} ms`;
    return refuse(reply, timing, 408, {
      code: kind,
      message,
      hint: 'send the request again, or allow more: ?timeout=30s',
    });
  }

  function answerBadReview(
    reply: FastifyReply,
    timing: Timing,
    decoded: Extract<ReturnType<typeof decodeReview>, { kind: 'answerable' }>,
  ): FastifyReply {
    const { uid, apiVersion, problem } = decoded;
    const message = `media-stack cannot read this AdmissionReview: ${problem.message}; ${problem.hint}`;
    const outcome = denied({ code: 400, reason: 'BadRequest', message });
    const durationMs = now() - timing.startedAt;
    metrics.countAdmission(endpoint, 'refused', problem.code, durationMs / 1_000);
    logger.warn(
      { endpoint, uid, status: 200, reason: problem.code, durationMs },
      'admission request refused',
    );
    return sendJson(
      reply,
      drain,
      200,
      JSON.stringify(completeReview({ uid, apiVersion }, outcome, encodeBase64)),
    );
  }

  return { answer, refuse };
}

// A patch without operations is sent as none, and counted as none.
function resultOf(outcome: MutatingOutcome): AdmissionResult {
  return outcome.kind === 'patched' && outcome.operations.length === 0 ? 'allowed' : outcome.kind;
}

function encodeBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
