// What can go wrong between a command and an API server, in words for people. Light on purpose: main.ts knows it.
import { isJsonObject } from '../pod/json.ts';

/**
 * | reason | what happened |
 * | --- | --- |
 * | `kubeconfig` | there is none, it cannot be read, or it lacks the context |
 * | `credentials` | the credential plugin failed, or the server does not know the user (401) |
 * | `unreachable` | no connection: refused, no such host, a certificate that is not trusted |
 * | `timeout` | no answer in time |
 * | `forbidden` | RBAC says no (403) |
 * | `not_found`, `conflict`, `invalid` | 404, 409, 422 |
 * | `server` | anything else that the server answers |
 */
export type ClusterErrorReason =
  | 'kubeconfig'
  | 'credentials'
  | 'unreachable'
  | 'timeout'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'server';

/** Thrown by everything in this room: one line what is wrong (`message`), one line how to mend it (`hint`). */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly reason: ClusterErrorReason;
  readonly hint: string;

  constructor(reason: ClusterErrorReason, message: string, hint: string) {
    super(message);
    this.reason = reason;
    this.hint = hint;
  }
}

/** True for an error of this room, with this reason where one is named. */
export function isClusterError(error: unknown, reason?: ClusterErrorReason): error is ClusterError {
  return error instanceof ClusterError && (reason === undefined || error.reason === reason);
}

/** The error of an answer that is no success; `body` is what the server sent, as a rule a Status (meta/v1). */
export function answerError(status: number, body: string, method: string, path: string): ClusterError {
  const said = statusMessage(body);
  const namespace = /\/namespaces\/([^/?]+)\//.exec(path)?.[1];
  const asked = `${method} ${path.split('?', 1)[0] ?? path}`;
  switch (status) {
    case 400:
      return new ClusterError(
        'invalid',
        said || `${asked}: bad request`,
        'Mend what the message names: a selector or a name is not of the form it must have.',
      );
    case 401:
      return new ClusterError(
        'credentials',
        'the API server does not accept these credentials (401 Unauthorized)',
        'Log in again (oc login, or what your provider has), or look at the user of the context: kubectl config view --minify',
      );
    case 403:
      return new ClusterError(
        'forbidden',
        `not allowed: ${said || `${asked} is forbidden`}`,
        `Ask for a ${namespace === undefined ? 'ClusterRole' : 'Role'} with this verb and resource. What you may do: kubectl auth can-i --list${namespace === undefined ? '' : ` -n ${namespace}`}`,
      );
    case 404:
      return new ClusterError(
        'not_found',
        said || `${asked}: not found`,
        'Look at name, kind and namespace: kubectl get all --all-namespaces',
      );
    case 409:
      return new ClusterError(
        'conflict',
        said || `${asked}: conflict`,
        'It was changed in between: run the command again.',
      );
    case 422:
      return new ClusterError('invalid', said || `${asked}: invalid`, 'Mend what the message names.');
    default:
      return new ClusterError(
        'server',
        `the API server answers ${asked} with ${status}${said === '' ? '' : `: ${said}`}`,
        'Try again; if it stays so, look at the API server: kubectl get --raw /readyz?verbose',
      );
  }
}

/** The error of a connection that did not come about or broke. */
export function connectionError(error: unknown, server: string): ClusterError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new ClusterError(
      'unreachable',
      `the host name of the API server ${server} cannot be resolved`,
      'Check the VPN and the server of the context: kubectl config view --minify',
    );
  }
  if (CERTIFICATE_CODES.test(code)) {
    return new ClusterError(
      'unreachable',
      `the certificate of the API server ${server} is not trusted: ${said}`,
      'Check certificate-authority-data of the cluster in the kubeconfig, and whether the server is the right one',
    );
  }
  return new ClusterError(
    'unreachable',
    `the API server ${server} cannot be reached: ${code === 'ECONNREFUSED' ? 'connection refused' : said || code}`,
    'Check that the cluster runs and that the context is the right one: kubectl config current-context',
  );
}

// Names of OpenSSL's X509_V_ERR_* as Node gives them, and Node's own.
const CERTIFICATE_CODES = /CERT|SIGNATURE|ERR_TLS|ISSUER/;

/** The `message` of a Status, cut to what fits on a screen; '' where the body is none. */
function statusMessage(body: string): string {
  try {
    const status: unknown = JSON.parse(body);
    return isJsonObject(status) && typeof status['message'] === 'string' ? status['message'] : '';
  } catch {
    return body.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';
  }
}
