// One object through our handlers and back, as the API server sees it.
import { completeReview } from '../../src/admission/complete.ts';
import type { AdmissionRequest } from '../../src/admission/review.ts';
import { decodeReview } from '../../src/admission/decode.ts';
import { buildHandlers } from '../../src/server/handlers.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { reviewOf } from './admission-review.ts';
import { acceptResponse } from './apiserver-check.ts';
import type { Decision } from './apiserver-check.ts';

export interface Reviewed extends Decision {
  /** The word for log and metric. */
  readonly reason: string | undefined;
}

const PLURALS: Readonly<Record<string, string>> = { Pod: 'pods' };

/** Sends an object to one of the endpoints; throws unless the API server takes the answer as it is. */
export async function throughWebhook(
  endpoint: 'mutate' | 'validate',
  object: Readonly<Record<string, unknown>>,
  settings: Settings,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Reviewed> {
  const handlers = buildHandlers({ settings: () => settings });
  const sent = JSON.parse(JSON.stringify(reviewOf({ ...typeOf(object), object, ...fields }))) as ReturnType<
    typeof reviewOf
  >;
  const decoded = decodeReview(structuredClone(sent));
  if (decoded.kind !== 'request') throw new Error(JSON.stringify(decoded.problem));
  const request: AdmissionRequest = decoded.request;
  const outcome = await handlers[endpoint](request);
  const answer = completeReview(request, outcome, (text) => Buffer.from(text).toString('base64'));
  const kind = endpoint === 'mutate' ? 'mutating' : 'validating';
  const accepted = acceptResponse(kind, sent, 200, 'application/json', JSON.stringify(answer));
  if (accepted.verdict !== 'OK') throw new Error(JSON.stringify(accepted));
  return { ...accepted.decision, reason: outcome.reason };
}

function typeOf(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  const [version, group = ''] = apiVersion.split('/').toReversed();
  const resource = PLURALS[kind] ?? `${kind.toLowerCase()}s`;
  return { kind: { group, version, kind }, resource: { group, version, resource } };
}
