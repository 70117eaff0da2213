// The one place where an answer is made: uid and version echoed, the patch encoded, texts made fit. Called once
// per request (controller-runtime forgets its own `Complete` after a panic, and that answer has no uid).
import { fitAuditAnnotations, fitCauses, fitMessage, fitName, fitWarnings } from './limits.ts';
import type { Denied, MutatingOutcome } from './outcome.ts';
import type { AdmissionRequest, AdmissionReviewAnswer, Status } from './review.ts';

type Response = AdmissionReviewAnswer['response'];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * The AdmissionReview to send for an outcome. `patch` and `patchType` are both there, or both absent when there is
 * nothing to change (apiserver webhook/request/admissionreview.go refuses one without the other).
 * `encodeBase64` turns text into the base64 of its UTF-8 bytes; it is passed in because the platforms differ.
 */
export function completeReview(
  request: Pick<AdmissionRequest, 'uid' | 'apiVersion'>,
  outcome: MutatingOutcome,
  encodeBase64: (text: string) => string,
): AdmissionReviewAnswer {
  const response: Mutable<Response> = { uid: request.uid, allowed: outcome.kind !== 'denied' };
  if (outcome.kind === 'patched' && outcome.operations.length > 0) {
    response.patchType = 'JSONPatch';
    response.patch = encodeBase64(JSON.stringify(outcome.operations));
  }
  if (outcome.kind === 'denied') response.status = renderStatus(outcome);
  if (outcome.warnings !== undefined) {
    const warnings = fitWarnings(outcome.warnings);
    if (warnings.length > 0) response.warnings = warnings;
  }
  if (outcome.auditAnnotations !== undefined) {
    response.auditAnnotations = fitAuditAnnotations(outcome.auditAnnotations);
  }
  return { apiVersion: request.apiVersion, kind: 'AdmissionReview', response };
}

function renderStatus({ status }: Denied): Status {
  const details: Mutable<NonNullable<Status['details']>> = {};
  if (status.objectKind !== '') details.kind = status.objectKind;
  if (status.objectName !== '') details.name = fitName(status.objectName);
  if (status.causes.length > 0) details.causes = fitCauses(status.causes);
  const base: Status = {
    status: 'Failure',
    code: status.code,
    reason: status.reason,
    message: fitMessage(status.message),
  };
  return Object.keys(details).length === 0 ? base : { ...base, details };
}
