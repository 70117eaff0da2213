// Asks an admission webhook what the API server would ask it, over HTTPS with its own CA.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import type { AdmissionReviewAnswer } from '../admission/review.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Problem } from '../problem/problem.ts';
import { fileErrorText } from './file-error.ts';

export type AdmissionResponse = AdmissionReviewAnswer['response'];

/** An object that says what it is, as on the wire. */
export type TypedObject = JsonObject & { readonly apiVersion: string; readonly kind: string };

export interface AdmissionClient {
  /** Without the endpoint. */
  readonly url: string;
  /** The answer about the creation of an object. Rejects with `ServerFailure`. */
  review(endpoint: 'mutate' | 'validate', object: TypedObject): Promise<AdmissionResponse>;
  close(): void;
}

/** The server could not be asked, or its answer is none. */
export class ServerFailure extends Error {
  readonly problem: Problem;
  constructor(message: string, hint: string) {
    super(message);
    this.problem = { code: 'server', level: 'deny', path: '--server', message, hint };
  }
}

/** The API server waits 10 s by default (admissionregistration v1, timeoutSeconds). */
const TIMEOUT_MS = 10_000;

/** A client for this base URL; `caFile` holds the CA as PEM, undefined for those that Node trusts. Throws `ServerFailure`. */
export async function openAdmissionClient(
  given: string,
  caFile: string | undefined,
  timeoutMs: number = TIMEOUT_MS,
): Promise<AdmissionClient> {
  const base = URL.canParse(given) ? new URL(given) : null;
  if (base?.protocol !== 'https:')
    throw new ServerFailure(
      `${JSON.stringify(given)} is no https:// URL`,
      'Write for example --server https://127.0.0.1:8443; a webhook is only ever served with TLS.',
    );
  const url = `${base.origin}${base.pathname.replace(/\/(validate|mutate)?\/*$/, '')}`;
  const ca = caFile === undefined ? undefined : await readCa(caFile);
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...(ca === undefined ? {} : { ca }) });
  return {
    url,
    async review(endpoint, object) {
      const uid = randomUUID();
      const answer = await post(`${url}/${endpoint}`, agent, timeoutMs, reviewOf(uid, object));
      return responseOf(answer, `${url}/${endpoint}`, uid);
    },
    close: () => agent.destroy(),
  };
}

async function readCa(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ServerFailure(
      `the CA file ${file} cannot be read: ${fileErrorText(error)}`,
      'Check the path after --ca.',
    );
  });
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new ServerFailure(
    `the CA file ${file} holds no certificate in PEM`,
    'It must begin with -----BEGIN CERTIFICATE-----; a caBundle is that in base64: base64 -d.',
  );
}

function reviewOf(uid: string, object: TypedObject): object {
  const [version = '', group = ''] = object.apiVersion.split('/').toReversed();
  const kind = { group, version, kind: object.kind };
  const resource = { group, version, resource: `${kind.kind.toLowerCase()}s` };
  const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {};
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: typeof metadata['name'] === 'string' ? metadata['name'] : '',
      namespace: typeof metadata['namespace'] === 'string' ? metadata['namespace'] : 'default',
      operation: 'CREATE',
      userInfo: { username: 'media-stack lint' },
      object,
      oldObject: null,
      dryRun: true,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  };
}

interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

async function post(url: string, agent: Agent, timeoutMs: number, body: object): Promise<HttpAnswer> {
  const bytes = Buffer.from(JSON.stringify(body));
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
      request(url, { method: 'POST', agent, headers, signal: AbortSignal.timeout(timeoutMs) })
        .on('response', resolve)
        .on('error', reject)
        .end(bytes);
    });
    return { status: response.statusCode ?? 0, body: await readText(response) };
  } catch (error) {
    throw unreachable(url, error, timeoutMs);
  }
}

const TRUST = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

function unreachable(url: string, error: unknown, timeoutMs: number): ServerFailure {
  const { code = '', name, message } = error as NodeJS.ErrnoException;
  if (name === 'AbortError' || name === 'TimeoutError')
    return new ServerFailure(
      `${url} did not answer within ${timeoutMs / 1_000} s`,
      'Look at the log of the server.',
    );
  if (TRUST.has(code))
    return new ServerFailure(
      `the certificate of ${url} is not trusted (${code})`,
      'Name the CA that signed it: --ca FILE (the caBundle of the webhook configuration, base64 -d).',
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return new ServerFailure(
      `the certificate of ${url} is for another name`,
      'Use a name or address that stands in the certificate, or forward the port to localhost.',
    );
  return new ServerFailure(
    `${url} cannot be reached: ${code === '' ? message : code}`,
    'Is it running there? From outside of the cluster: kubectl port-forward service/media-stack 8443:443.',
  );
}

function responseOf({ status, body }: HttpAnswer, url: string, uid: string): AdmissionResponse {
  const strange = (what: string) =>
    new ServerFailure(`${url} ${what}`, 'Is this the webhook of media-stack, with no path behind the port?');
  if (status !== 200) throw strange(`answered ${status}: ${body.slice(0, 200)}`);
  let review: unknown;
  try {
    review = JSON.parse(body);
  } catch {
    throw strange('answered with what is no JSON');
  }
  const response = isJsonObject(review) ? review['response'] : undefined;
  if (!isJsonObject(response) || typeof response['allowed'] !== 'boolean' || response['uid'] !== uid)
    throw strange('answered with what is no AdmissionReview of this request');
  return response as unknown as AdmissionResponse;
}
