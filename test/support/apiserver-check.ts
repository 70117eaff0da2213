// The API server's side of the wire: what it does with an answer, rule by rule (the numbers are those of the table in
// knowledge/libraries-and-protocol.md 3.2). Written from kubernetes/apiserver: webhook/request/admissionreview.go,
// webhook/mutating/dispatcher.go, webhook/validating/dispatcher.go, endpoints/filters/warning.go, and client-go
// rest/request.go. It shares no code with src/admission, so that a mistake there is not repeated here.
import fastJsonPatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { decodePodTypes } from './pod-types.ts';

export interface Decision {
  readonly allowed: boolean;
  /** The object after the patch; the one of the request where there is none. */
  readonly object: unknown;
  readonly operations: readonly Operation[];
  /** As the client gets it; only for a denial. */
  readonly status:
    | { readonly code: number; readonly reason: string; readonly message: string; readonly details?: unknown }
    | undefined;
  /** The texts that reach the client as Warning headers. */
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

export type Verdict =
  | { readonly verdict: 'OK'; readonly decision: Decision }
  /** The answer counts, but parts of it were ignored. */
  | { readonly verdict: 'DROP'; readonly decision: Decision; readonly dropped: readonly string[] }
  /** A failed call: failurePolicy decides. */
  | { readonly verdict: 'CALL'; readonly rule: number; readonly why: string }
  /** The request is rejected whatever failurePolicy says. */
  | { readonly verdict: 'REJECT'; readonly rule: number; readonly why: string };

export interface SentReview {
  readonly apiVersion: string;
  readonly request: { readonly uid: string; readonly object?: unknown };
}

interface WireResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: { code?: number; status?: string; reason?: string; message?: string; details?: unknown };
  readonly patch?: string | null;
  readonly patchType?: string | null;
  readonly warnings?: readonly string[] | null;
  readonly auditAnnotations?: Readonly<Record<string, string>> | null;
}

const WEBHOOK_NAME = 'pods.media-stack.example.org';

/** What the API server makes of an answer to `sent`. Rules 19 (timeout) and 20 (closed socket) are the caller's. */
export function acceptResponse(
  kind: 'mutating' | 'validating',
  sent: SentReview,
  httpStatus: number,
  contentType: string | undefined,
  bodyText: string,
): Verdict {
  if (httpStatus < 200 || httpStatus > 206) return call(1, `HTTP status ${httpStatus}`);
  if (contentType !== undefined && contentType !== '' && !parsesAsMediaType(contentType)) {
    return call(2, `content-type ${JSON.stringify(contentType)} is no media type`);
  }
  if (bodyText === '') return call(3, '0-length response');
  const review = parseReview(bodyText);
  if (review === undefined) return call(3, 'the body is not a JSON object');
  const response = review['response'] as WireResponse | null | undefined;
  if (response === undefined || response === null) return call(5, 'webhook response was absent');
  const typeError = wireTypeError(response);
  if (typeError !== undefined) return call(3, typeError);
  const patchBytes = decodeGoBase64(response.patch);
  if (patchBytes === undefined) return call(9, 'illegal base64 data in response.patch');

  let patchType = patchBytes.length > 0 ? 'JSONPatch' : '';
  if (sent.apiVersion === 'admission.k8s.io/v1') {
    if (response.uid !== sent.request.uid) {
      return call(
        6,
        `expected response.uid=${JSON.stringify(sent.request.uid)}, got ${JSON.stringify(response.uid)}`,
      );
    }
    if (review['apiVersion'] !== sent.apiVersion || review['kind'] !== 'AdmissionReview') {
      return call(
        4,
        `expected ${sent.apiVersion}, AdmissionReview, got ${String(review['apiVersion'])}, ${String(review['kind'])}`,
      );
    }
    const hasType = response.patchType !== undefined && response.patchType !== null;
    if (kind === 'validating') {
      if (patchBytes.length > 0 || hasType)
        return call(13, 'validating webhook may not return response.patch or patchType');
    } else {
      if (patchBytes.length > 0 && !hasType) return call(7, 'response.patch but not response.patchType');
      if (patchBytes.length === 0 && hasType) return call(7, 'response.patchType but not response.patch');
      if (response.patchType === '') return call(7, 'invalid response.patchType of ""');
      patchType = response.patchType ?? '';
    }
  } else if (typeof review['apiVersion'] !== 'string' || typeof review['kind'] !== 'string') {
    // Rule 21: the values are not looked at, but a decoder without a kind does not know what it decodes.
    return call(3, 'apiVersion and kind are needed to decode the body');
  }

  const dropped: string[] = [];
  const warnings = recordWarnings(response.warnings ?? [], dropped);
  const auditAnnotations = recordAnnotations(response.auditAnnotations ?? {}, dropped);
  const object = sent.request.object ?? null;
  const base = { object, operations: [], status: undefined, warnings, auditAnnotations };
  if (response.allowed !== true) {
    if (patchBytes.length > 0) dropped.push('14: a patch on allowed: false');
    return accept({ ...base, allowed: false, status: normaliseStatus(response.status) }, dropped);
  }
  if (response.status !== undefined) dropped.push('16: a status on allowed: true');
  if (kind === 'validating' || patchBytes.length === 0) return accept({ ...base, allowed: true }, dropped);

  const operations = parsePatch(patchBytes);
  if (operations === undefined) return call(9, 'undecodable patch: not a JSON array of operations');
  if (operations.length === 0) return accept({ ...base, allowed: true }, dropped);
  if (object === null)
    return reject(12, 'attempted to modify the object, which is not supported for this operation');
  if (patchType !== 'JSONPatch') return call(8, `unsupported patch type ${JSON.stringify(patchType)}`);
  let changed: unknown;
  try {
    // On a copy, with every operation checked: missing parents, keys and failed tests are errors there too.
    changed = fastJsonPatch.applyPatch(
      structuredClone(object),
      structuredClone(operations),
      true,
    ).newDocument;
  } catch (error) {
    return reject(10, `the patch does not apply: ${error instanceof Error ? error.name : 'error'}`);
  }
  if (isPod(changed)) {
    const before = new Set(decodePodTypes(object).unknownFields);
    const { typeErrors, unknownFields } = decodePodTypes(changed);
    if (typeErrors.length > 0) return reject(11, typeErrors.join('; '));
    for (const field of unknownFields) if (!before.has(field)) dropped.push(`11: unknown field ${field}`);
  }
  return accept({ ...base, object: changed, operations, allowed: true }, dropped);
}

function call(rule: number, why: string): Verdict {
  return { verdict: 'CALL', rule, why };
}

function reject(rule: number, why: string): Verdict {
  return { verdict: 'REJECT', rule, why };
}

function accept(decision: Decision, dropped: readonly string[]): Verdict {
  return dropped.length === 0 ? { verdict: 'OK', decision } : { verdict: 'DROP', decision, dropped };
}

function parsesAsMediaType(contentType: string): boolean {
  // Go's mime.ParseMediaType: token/token, then parameters with a value each.
  return /^[\w!#$%&'*+.^`|~-]+(?:\/[\w!#$%&'*+.^`|~-]+)?\s*(?:;\s*[\w!#$%&'*+.^`|~-]+=(?:"[^"]*"|[^\s";]+)\s*)*;?\s*$/.test(
    contentType,
  );
}

function parseReview(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

// Go refuses a field of a wrong JSON type while it decodes.
function wireTypeError(response: WireResponse): string | undefined {
  const fields = response as Readonly<Record<string, unknown>>;
  if (typeof response !== 'object' || Array.isArray(response)) return 'response is not an object';
  for (const key of ['uid', 'patch', 'patchType']) {
    if (fields[key] !== undefined && fields[key] !== null && typeof fields[key] !== 'string')
      return `response.${key} is not a string`;
  }
  if (fields['allowed'] !== undefined && typeof fields['allowed'] !== 'boolean')
    return 'response.allowed is not a boolean';
  const warnings = response.warnings ?? [];
  if (!Array.isArray(warnings) || warnings.some((item) => typeof item !== 'string'))
    return 'response.warnings is not a list of strings';
  if (Object.values(response.auditAnnotations ?? {}).some((value) => typeof value !== 'string'))
    return 'response.auditAnnotations is not a map of strings';
  const code = response.status?.code;
  return code === undefined || Number.isInteger(code) ? undefined : 'response.status.code is not an integer';
}

// Go's StdEncoding is strict about padding and alphabet (line ends are let through).
function decodeGoBase64(patch: string | null | undefined): Buffer | undefined {
  const text = (patch ?? '').replaceAll(/[\r\n]/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

function parsePatch(bytes: Buffer): Operation[] | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null)
      ? (value as Operation[])
      : undefined;
  } catch {
    return undefined;
  }
}

// Rule 15, webhook/errors/statuserror.go.
function normaliseStatus(status: WireResponse['status']): NonNullable<Decision['status']> {
  const code = status?.code ?? 0;
  const reason = status?.reason ?? '';
  const deniedBy = `admission webhook "${WEBHOOK_NAME}" denied the request`;
  const message = status?.message ? `: ${status.message}` : reason ? `: ${reason}` : ' without explanation';
  return {
    code: code < 400 ? 400 : code,
    reason,
    message: `${deniedBy}${message}`,
    ...(status?.details === undefined ? {} : { details: status.details }),
  };
}

// Rule 17, endpoints/filters/warning.go with truncateAtTotalRunes = 4096 and truncateItemRunes = 256.
function recordWarnings(warnings: readonly string[], dropped: string[]): string[] {
  const valid: string[] = [];
  for (const text of warnings) {
    if (text === '' || valid.includes(text)) continue;
    if (/\p{Cc}/u.test(text)) dropped.push(`17: a warning with a control character: ${JSON.stringify(text)}`);
    else valid.push(text);
  }
  const runes = (text: string): number => Array.from(text).length;
  if (valid.reduce((sum, text) => sum + runes(text), 0) <= 4096) return valid;
  const kept: string[] = [];
  let written = 0;
  for (const text of valid) {
    if (written >= 4096) {
      dropped.push('17: a warning beyond 4096 runes');
      continue;
    }
    if (runes(text) > 256) dropped.push('17: a warning cut to 256 runes');
    kept.push(Array.from(text).slice(0, 256).join(''));
    written += Math.min(runes(text), 256);
  }
  return kept;
}

// Rule 18, admission/attributes.go checkKeyFormat: "<webhook name>/<key>" must be a qualified name.
function recordAnnotations(
  annotations: Readonly<Record<string, string>>,
  dropped: string[],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(annotations)) {
    if (/^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(key)) kept[`${WEBHOOK_NAME}/${key}`] = value;
    else dropped.push(`18: audit annotation key ${JSON.stringify(key)}`);
  }
  return kept;
}

function isPod(object: unknown): boolean {
  const fields = object as { kind?: unknown; apiVersion?: unknown } | null;
  return fields?.kind === 'Pod' && fields.apiVersion === 'v1';
}
