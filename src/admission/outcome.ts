// What a handler decided. The unions are closed after the manner of kubewebhook (pkg/model/response.go): a
// validating answer has no place for a patch, so a wrong answer cannot be written down. `completeReview` turns an
// outcome into the wire form.
//
// | case                              | HTTP | allowed | status.code | status.reason    | patch + patchType |
// |-----------------------------------|------|---------|-------------|------------------|-------------------|
// | allowed()                         | 200  | true    | no status   |                  | absent            |
// | patched([])                       | 200  | true    | no status   |                  | absent            |
// | patched(operations)               | 200  | true    | no status   |                  | present           |
// | denied({...})                     | 200  | false   | 422         | Invalid          | absent            |
// | denied({ code, reason, ... })     | 200  | false   | as given    | as given         | absent            |
// | a review that is wrong, uid known | 200  | false   | 400         | BadRequest       | absent            |
// | the handler threw                 | 200  | false   | 500         | InternalError    | absent            |
// | the handler is too late           | 200  | false   | 504         | Timeout          | absent            |
//
// HTTP other than 200 is left for requests without a uid (server/admission-route.ts): the API server counts any
// other code as a failed call and lets failurePolicy decide, whatever the body says (client-go request.go).
import type { StatusCause } from './review.ts';

/** RFC 6902, the three operations this project writes. */
export type JsonPatchOperation =
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

interface Extras {
  /** A word for log and metric (a skip reason, a rule); never sent. It is a metric label: take it from a fixed list. */
  readonly reason?: string;
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface Allowed extends Extras {
  readonly kind: 'allowed';
}

export interface Patched extends Extras {
  readonly kind: 'patched';
  readonly operations: readonly JsonPatchOperation[];
}

export interface Denied extends Extras {
  readonly kind: 'denied';
  readonly status: DenialStatus;
}

export interface DenialStatus {
  /** HTTP code the API server hands to its client; below 400 it would turn it into 400 or 403 itself. */
  readonly code: number;
  /** metav1.StatusReason. */
  readonly reason: string;
  /** The whole story: events and controllers show only this. */
  readonly message: string;
  /** One per field. With reason Invalid kubectl shows these instead of the message, so each tells what and how to mend. */
  readonly causes: readonly StatusCause[];
  /** Kind and name of the object, for kubectl's `The Pod "p" is invalid`. */
  readonly objectKind: string;
  readonly objectName: string;
}

export type MutatingOutcome = Allowed | Patched | Denied;
export type ValidatingOutcome = Allowed | Denied;

export interface Denial {
  readonly message: string;
  /** Default 422. */
  readonly code?: number;
  /** Default `Invalid`. */
  readonly reason?: string;
  readonly causes?: readonly StatusCause[];
  readonly kind?: string;
  readonly name?: string;
}

/** Let the object pass as it is. `reason` says why for log and metric, e.g. a skip reason. */
export function allowed(reason?: string): Allowed {
  return reason === undefined ? { kind: 'allowed' } : { kind: 'allowed', reason };
}

/** Let the object pass, changed. Every operation must apply: a patch that does not is fatal even under Ignore. */
export function patched(operations: readonly JsonPatchOperation[], reason?: string): Patched {
  return reason === undefined ? { kind: 'patched', operations } : { kind: 'patched', operations, reason };
}

/** Refuse the object: 422 `Invalid` unless said otherwise, which makes kubectl list the causes by field. */
export function denied(denial: Denial): Denied {
  return {
    kind: 'denied',
    status: {
      code: denial.code ?? 422,
      reason: denial.reason ?? 'Invalid',
      message: denial.message,
      causes: denial.causes ?? [],
      objectKind: denial.kind ?? '',
      objectName: denial.name ?? '',
    },
  };
}

/** The same outcome with more warnings; they are made fit when the review is completed. */
export function warned<T extends MutatingOutcome>(outcome: T, warnings: readonly string[]): T {
  if (warnings.length === 0) return outcome;
  return { ...outcome, warnings: [...(outcome.warnings ?? []), ...warnings] };
}

/** The same outcome with more audit annotations; the API server puts `<webhook name>/` before each key. */
export function audited<T extends MutatingOutcome>(
  outcome: T,
  annotations: Readonly<Record<string, string>>,
): T {
  return { ...outcome, auditAnnotations: { ...outcome.auditAnnotations, ...annotations } };
}
