// From the parsed JSON of a request body to an AdmissionRequest, or to what is wrong with it. Never throws. The
// objects inside the review are left as they are: they are the business of the handler.
import { ADMISSION_API_VERSIONS, OPERATIONS } from './review.ts';
import type { AdmissionApiVersion, AdmissionRequest, Verb } from './review.ts';

/** What is wrong with a review. `code` is stable (a log field and metric label); the texts are for people. */
export interface ReviewProblem {
  readonly code: 'not_a_review' | 'unknown_version' | 'no_request' | 'no_uid' | 'bad_field';
  /** What is wrong, where, with the value found. */
  readonly message: string;
  /** What would be right. */
  readonly hint: string;
}

export type DecodedReview =
  | { readonly kind: 'request'; readonly request: AdmissionRequest }
  /** The uid is known: answer with HTTP 200, allowed false, code 400. */
  | {
      readonly kind: 'answerable';
      readonly uid: string;
      readonly apiVersion: AdmissionApiVersion;
      readonly problem: ReviewProblem;
    }
  /** Nobody to answer to: HTTP 400. */
  | { readonly kind: 'unanswerable'; readonly problem: ReviewProblem };

// The API server sends a UUID of 36 characters; the uid comes back in the answer and the log.
const MAX_UID_LENGTH = 256;

type Fields = Readonly<Record<string, unknown>>;

/** Decodes a review that `JSON.parse` has read. A field that may be absent gets the value `AdmissionRequest` names. */
export function decodeReview(value: unknown): DecodedReview {
  if (!isFields(value)) {
    return unanswerable(
      'not_a_review',
      `the body is ${show(value)}`,
      'send an AdmissionReview, a JSON object',
    );
  }
  if (value['kind'] !== 'AdmissionReview') {
    return unanswerable(
      'not_a_review',
      `kind is ${show(value['kind'])}`,
      'send kind: "AdmissionReview"; to look at a manifest without the API server use: media-stack inject (or explain) -f FILE',
    );
  }
  const apiVersion = ADMISSION_API_VERSIONS.find((known) => known === value['apiVersion']);
  if (apiVersion === undefined) {
    return unanswerable(
      'unknown_version',
      `apiVersion is ${show(value['apiVersion'])}`,
      `send one of ${ADMISSION_API_VERSIONS.join(', ')} (admissionReviewVersions: ["v1", "v1beta1"])`,
    );
  }
  const request = value['request'];
  if (!isFields(request)) {
    return unanswerable(
      'no_request',
      `request is ${show(request)}`,
      'send the question in "request", an object',
    );
  }
  const uid = request['uid'];
  if (typeof uid !== 'string' || uid === '' || uid.length > MAX_UID_LENGTH) {
    return unanswerable(
      'no_uid',
      `request.uid is ${show(uid)}`,
      `send a text of 1 to ${MAX_UID_LENGTH} characters; the answer carries it back`,
    );
  }
  return decodeRequest(uid, apiVersion, request);
}

function decodeRequest(uid: string, apiVersion: AdmissionApiVersion, request: Fields): DecodedReview {
  const operation = OPERATIONS.find((known) => known === request['operation']);
  const problem =
    checkType(request, 'kind', ['version', 'kind']) ??
    checkType(request, 'resource', ['version', 'resource']) ??
    (operation === undefined
      ? bad('request.operation', request['operation'], `one of ${OPERATIONS.join(', ')}`)
      : undefined) ??
    checkTexts(request, ['name', 'namespace', 'subResource']) ??
    checkDryRun(request) ??
    checkObject(request, 'object') ??
    checkObject(request, 'oldObject');
  if (problem !== undefined) return { kind: 'answerable', uid, apiVersion, problem };
  const kind = request['kind'] as Fields;
  const resource = request['resource'] as Fields;
  return {
    kind: 'request',
    request: {
      uid,
      apiVersion,
      kind: { group: text(kind, 'group'), version: text(kind, 'version'), kind: text(kind, 'kind') },
      resource: {
        group: text(resource, 'group'),
        version: text(resource, 'version'),
        resource: text(resource, 'resource'),
      },
      subResource: text(request, 'subResource'),
      name: text(request, 'name'),
      namespace: text(request, 'namespace'),
      operation: operation as Verb,
      dryRun: request['dryRun'] === true,
      object: request['object'] ?? null,
      oldObject: request['oldObject'] ?? null,
    },
  };
}

function checkType(request: Fields, field: string, required: readonly string[]): ReviewProblem | undefined {
  const value = request[field];
  if (!isFields(value))
    return bad(`request.${field}`, value, `an object with group, ${required.join(' and ')}`);
  for (const key of required) {
    if (typeof value[key] !== 'string' || value[key] === '') {
      return bad(`request.${field}.${key}`, value[key], 'a text');
    }
  }
  // The core group is the empty text, and some senders leave it out.
  const group = value['group'];
  if (group === undefined || typeof group === 'string') return undefined;
  return bad(`request.${field}.group`, group, 'a text, "" for the core group');
}

function checkTexts(request: Fields, fields: readonly string[]): ReviewProblem | undefined {
  const wrong = fields.find((field) => request[field] !== undefined && typeof request[field] !== 'string');
  return wrong === undefined ? undefined : bad(`request.${wrong}`, request[wrong], 'a text, or left out');
}

function checkDryRun(request: Fields): ReviewProblem | undefined {
  // A pointer in Go: absent or null is false.
  const value = request['dryRun'] ?? false;
  return typeof value === 'boolean' ? undefined : bad('request.dryRun', value, 'true or false');
}

function checkObject(request: Fields, field: string): ReviewProblem | undefined {
  const value = request[field] ?? null;
  return value === null || isFields(value)
    ? undefined
    : bad(`request.${field}`, value, 'a Kubernetes object, or null');
}

function bad(path: string, value: unknown, expected: string): ReviewProblem {
  return { code: 'bad_field', message: `${path} is ${show(value)}`, hint: `it should be ${expected}` };
}

function unanswerable(code: ReviewProblem['code'], message: string, hint: string): DecodedReview {
  return { kind: 'unanswerable', problem: { code, message, hint } };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(fields: Fields, key: string): string {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
}

// Only scalars are shown, and shortened: an object may hold what must not appear in an answer, and may be deep.
function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'an object';
}
