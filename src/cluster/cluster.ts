// A connection to one cluster. Objects come as raw JSON: client-node's own models drop the fields they do not know.
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError, answerError, connectionError } from './cluster-error.ts';
import { loadKubeconfig } from './load-kubeconfig.ts';
import type { KubeconfigFlags } from './load-kubeconfig.ts';

export interface Cluster {
  readonly kubeConfig: KubeConfig;
  /** `https://HOST:PORT`, without a path behind it unless the kubeconfig has one. */
  readonly server: string;
  readonly context: string;
  /** Of the context; `default` where it names none. */
  readonly namespace: string;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `/api/v1/namespaces/media/pods?limit=500`. */
  readonly path: string;
  readonly body?: unknown;
  /** Of the body; for PATCH the kind of patch. */
  readonly contentType?: string;
  readonly timeoutMs?: number;
  /** Ends the request; the promise then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Is told what the server warns of (RFC 9111, code 299), as kubectl prints it behind `Warning:`. */
  readonly onWarning?: (text: string) => void;
}

const TIMEOUT_MS = 15_000;
const JSON_TYPE = 'application/json';

/** Reads the kubeconfig; no connection is made yet. Throws a ClusterError `kubeconfig`. */
export function connectCluster(flags: KubeconfigFlags): Cluster {
  const kubeConfig = loadKubeconfig(flags);
  const context = kubeConfig.getCurrentContext();
  return {
    kubeConfig,
    server: kubeConfig.getCurrentCluster()?.server.replace(/\/+$/, '') ?? '',
    context,
    namespace: kubeConfig.getContextObject(context)?.namespace || 'default',
  };
}

/** The text of a successful answer. Rejects with a ClusterError. */
export async function requestText(cluster: Cluster, request: ApiRequest): Promise<string> {
  const {
    method = 'GET',
    path,
    body,
    contentType = JSON_TYPE,
    timeoutMs = TIMEOUT_MS,
    signal,
    onWarning,
  } = request;
  const options = await authenticate(cluster);
  const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const url = new URL(cluster.server + path);
  const { request: open } = url.protocol === 'http:' ? http : https;
  return new Promise((resolve, reject) => {
    const sent = open(
      url,
      {
        ...options,
        method,
        headers: {
          ...(options.headers as http.OutgoingHttpHeaders | undefined),
          accept: JSON_TYPE,
          ...(payload === undefined ? {} : { 'content-type': contentType, 'content-length': payload.length }),
        },
        ...(signal === undefined ? {} : { signal }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => reject(connectionError(error, cluster.server)));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { statusCode = 0 } = response;
          for (const warning of response.headersDistinct['warning'] ?? []) onWarning?.(warningText(warning));
          if (statusCode >= 200 && statusCode < 300) resolve(text);
          else reject(answerError(statusCode, text, method, path));
        });
      },
    );
    // Not of the socket, which knows only silence.
    const timer = setTimeout(() => sent.destroy(timeoutError(cluster.server, timeoutMs)), timeoutMs);
    sent.on('close', () => clearTimeout(timer));
    sent.on('error', (error) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else reject(error instanceof ClusterError ? error : connectionError(error, cluster.server));
    });
    sent.end(payload);
  });
}

/** `299 - "text"`, quotes and backslashes escaped (k8s.io/apimachinery/pkg/util/net/http.go, NewWarningHeader). */
function warningText(header: string): string {
  const [, text = header] = /^\d{3} \S+ "((?:[^"\\]|\\.)*)"/.exec(header) ?? [];
  return text.replaceAll(/\\(.)/g, '$1');
}

/** Agent and headers with the credentials of the context, those of a credential plugin too. Rejects with `credentials`. */
export async function authenticate(cluster: Cluster): Promise<https.RequestOptions> {
  const options: https.RequestOptions = {};
  try {
    await cluster.kubeConfig.applyToHTTPSOptions(options);
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ClusterError(
      'credentials',
      `the credentials of the context ${cluster.context} cannot be had: ${said}`,
      'Log in again, or look at the user of the context: kubectl config view --minify',
    );
  }
  return options;
}

/** The JSON of a successful answer. Rejects with a ClusterError. */
export async function requestJson(cluster: Cluster, request: ApiRequest): Promise<unknown> {
  const text = await requestText(cluster, request);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ClusterError(
      'server',
      `${cluster.server} does not answer as an API server: ${JSON.stringify(text.slice(0, 80))}`,
      'Check the server of the context: a proxy or a login page may stand in between.',
    );
  }
}

function timeoutError(server: string, timeoutMs: number): ClusterError {
  return new ClusterError(
    'timeout',
    `the API server ${server} did not answer within ${timeoutMs / 1000} s`,
    'Check the network and the load of the API server, and try again.',
  );
}
