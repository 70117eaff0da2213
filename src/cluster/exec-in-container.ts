// Runs a command in a container, within a deadline. Its stdin stays open until then: a command that watches it can end
// itself when nobody listens any more, since closing the connection ends no process (measured: containerd 1.6).
import type https from 'node:https';
import { WebSocket } from 'ws';
import { isJsonObject } from '../pod/json.ts';
import { ClusterError, answerError, connectionError } from './cluster-error.ts';
import { authenticate } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { resourcePath } from './resource-path.ts';

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Program and arguments; no shell stands in between. */
  readonly command: readonly string[];
  /** For all of it, the connection included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export type ExecResult =
  | { readonly outcome: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** The program is not there, or the container does not run; `message` is the runtime's own. */
  | { readonly outcome: 'not_started'; readonly message: string }
  /** What it had written by then. */
  | { readonly outcome: 'timeout'; readonly stdout: string; readonly stderr: string };

// v5 (Kubernetes 1.30) and v4 have the same channels; of v5 only the half-close is new, which is not used.
// k8s.io/apimachinery/pkg/util/remotecommand/constants.go
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** A probe writes a few lines; a container that floods us is cut off. */
const MAX_OUTPUT_BYTES = 1 << 20;

/** Rejects with a ClusterError (`forbidden`, `not_found`, `unreachable`), or with the reason of the signal. */
export async function execInContainer(cluster: Cluster, request: ExecRequest): Promise<ExecResult> {
  const { namespace, pod, container, command, timeoutMs, signal } = request;
  signal?.throwIfAborted();
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const path = `${resourcePath('Pod', namespace, pod)}/exec?${query.toString()}`;
  const options = await authenticate(cluster);
  const output = { [STDOUT]: [] as Buffer[], [STDERR]: [] as Buffer[] };
  const text = (channel: typeof STDOUT | typeof STDERR): string =>
    Buffer.concat(output[channel]).toString('utf8');

  return new Promise((resolve, reject) => {
    const socket = new WebSocket(cluster.server.replace(/^http/, 'ws') + path, PROTOCOLS, {
      agent: options.agent as https.Agent,
      headers: options.headers as Record<string, string>,
    });
    let size = 0;
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.close();
      // A server that does not answer the close holds nobody up.
      setTimeout(() => socket.terminate(), CLOSE_MS).unref();
      settle();
    };
    const timer = setTimeout(
      () => finish(() => resolve({ outcome: 'timeout', stdout: text(STDOUT), stderr: text(STDERR) })),
      timeoutMs,
    );
    const abort = (): void => finish(() => reject(signal?.reason as Error));
    signal?.addEventListener('abort', abort);
    socket.on('unexpected-response', (_request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const error = answerError(response.statusCode ?? 0, body, 'POST', path);
        // A container that is not there or does not run yet: 400 or 500 with the words of the kubelet.
        if (error.reason === 'server')
          finish(() => resolve({ outcome: 'not_started', message: error.message }));
        else finish(() => reject(error));
      });
    });
    socket.on('error', (error) => finish(() => reject(connectionError(error, cluster.server))));
    socket.on('close', () =>
      finish(() =>
        reject(
          new ClusterError(
            'unreachable',
            `the connection into ${container} of pod ${namespace}/${pod} broke`,
            'Look whether the container was restarted, and try again.',
          ),
        ),
      ),
    );
    socket.on('message', (frame: Buffer) => {
      const channel = frame[0];
      const payload = frame.subarray(1);
      if (channel === STDOUT || channel === STDERR) {
        size += payload.length;
        if (size <= MAX_OUTPUT_BYTES) output[channel].push(payload);
      } else if (channel === STATUS) {
        const status = parseStatus(payload.toString('utf8'));
        finish(() =>
          resolve(
            typeof status === 'number'
              ? { outcome: 'ended', exitCode: status, stdout: text(STDOUT), stderr: text(STDERR) }
              : { outcome: 'not_started', message: status },
          ),
        );
      }
    });
  });
}

const CLOSE_MS = 1000;

/** The exit code, or why there is none (k8s.io/client-go/tools/remotecommand/v4.go). */
function parseStatus(text: string): number | string {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isJsonObject(status)) return text;
  if (status['status'] === 'Success') return 0;
  const details = isJsonObject(status['details']) ? status['details'] : {};
  const causes = Array.isArray(details['causes']) ? (details['causes'] as unknown[]) : [];
  for (const cause of causes) {
    if (isJsonObject(cause) && cause['reason'] === 'ExitCode') return Number(cause['message']);
  }
  return typeof status['message'] === 'string' ? status['message'] : text;
}
