// The answers to a request whose handler has failed, and the check that finds an answer the API server would refuse.
import { denied } from '../admission/outcome.ts';
import type { Denied, MutatingOutcome } from '../admission/outcome.ts';
import type { AdmissionRequest } from '../admission/review.ts';
import type { Endpoint } from './metrics.ts';

/**
 * Throws for two answers that the API server refuses whatever the failurePolicy is (apiserver
 * webhook/request/admissionreview.go, webhook/mutating/dispatcher.go): a patch from a validating handler, and a patch
 * where there is no object. Both are bugs of a handler and answered as such.
 */
export function assertSendable(endpoint: Endpoint, review: AdmissionRequest, outcome: MutatingOutcome): void {
  if (outcome.kind !== 'patched') return;
  if (endpoint === 'validate') throw new Error('a validating handler has answered with a patch');
  if (review.object === null) throw new Error(`a patch for a ${review.operation} that carries no object`);
}

/** 500 InternalError: the handler threw. The error itself stays in the log: its text may hold parts of the object. */
export function failed(review: AdmissionRequest): Denied {
  const message =
    `media-stack failed while it looked at this ${clip(review.kind.kind)}: a bug in media-stack, not in the manifest. ` +
    `Its log has the details under uid ${review.uid}; please report them. To go on without cloud mounts meanwhile: ` +
    'label media-stack/cloud-mounts: "false" on the pod template.';
  return denied({ code: 500, reason: 'InternalError', message });
}

/** 504 Timeout: the handler took longer than the API server would wait. */
export function tooLate(review: AdmissionRequest, withinMs: number): Denied {
  const message =
    `media-stack could not decide about this ${clip(review.kind.kind)} within ${Math.round(withinMs)} ms and gave up ` +
    'before the API server would. Try again; if it stays, look at the CPU limit of media-stack and at timeoutSeconds of the webhook.';
  return denied({ code: 504, reason: 'Timeout', message });
}

/** Names of Kubernetes end at 253 characters; a request that did not come from an API server may hold anything. */
export function clip(text: string): string {
  return text.length > 253 ? `${text.slice(0, 252)}…` : text;
}
