// Looks at the mounts of one pod from inside: asks each server past its mount first, then looks at the mounts as the app
// sees them. A mount whose server does not answer is not listed: the process that does so could be ended by no signal.
import { describeContainerState, describePodState, describeRestarts } from '../check/container-state.ts';
import type { ExpectedMount, ExpectedMounts } from '../check/expected-mounts.ts';
import type { MountEvidence } from '../check/judge-mount.ts';
import { parseBackendReading, parseContainerReading } from '../check/parse-reading.ts';
import type { BackendReading, ContainerReading } from '../check/parse-reading.ts';
import { ASK_BACKEND_SCRIPT, CHECK_MOUNTS_SCRIPT } from '../check/scripts/shell-scripts.ts';
import type { JsonObject } from '../pod/json.ts';
import { owningWorkload } from '../pod/owning-workload.ts';
import { isClusterError } from './cluster-error.ts';
import type { Cluster } from './cluster.ts';
import { execInContainer } from './exec-in-container.ts';
import type { ExecResult } from './exec-in-container.ts';

export interface ProbeOptions {
  /** For one question, to a mount or to the server behind it. */
  readonly seconds: number;
  /** Counting stops behind it. */
  readonly maxCount: number;
  /** For all of the pod. */
  readonly podTimeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface PodToProbe {
  readonly namespace: string;
  readonly name: string;
  /** As the API has it. */
  readonly object: JsonObject;
  readonly expected: ExpectedMounts;
}

/** What an exec costs beside what it runs. */
const EXEC_MS = 3000;

/** The evidence for each mount of the pod, in their order. Rejects when the signal ends it or the API server is gone. */
export async function probeMounts(
  cluster: Cluster,
  pod: PodToProbe,
  options: ProbeOptions,
): Promise<MountEvidence[]> {
  const { namespace, name, object, expected } = pod;
  const podState = describePodState(object);
  const base = {
    pod: { namespace, name, workload: owningWorkload(object['metadata'] as JsonObject | undefined) },
    podState,
    backend: null,
    seen: null,
    unseen: null,
  };
  const sidecarStates = expected.mounts.map(({ sidecar }) =>
    sidecar === null ? null : describeContainerState(object, sidecar.container),
  );
  const plain = expected.mounts.map(({ sidecar }, index): MountEvidence => ({
    ...base,
    sidecarState: sidecarStates[index] ?? null,
    restarts: sidecar === null ? null : describeRestarts(object, sidecar.container),
  }));
  const asked = expected.mounts.map(
    (mount, index) => mount.sidecar !== null && sidecarStates[index] === null,
  );
  if (podState !== null || !asked.includes(true)) return plain;

  const until = performance.now() + options.podTimeoutMs;
  const run: Run = (container, command, timeoutMs) =>
    execInContainer(cluster, {
      namespace,
      pod: name,
      container,
      command,
      timeoutMs: Math.max(1, Math.min(timeoutMs, until - performance.now())),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  try {
    const backends = await Promise.all(
      expected.mounts.map(async (mount, index) =>
        asked[index] ? askBackend(mount, expected, run, options.seconds) : null,
      ),
    );
    const seen = await lookInside(pod, backends, asked, run, options);
    return plain.map((evidence, index) => {
      const backend = backends[index] ?? null;
      if (!asked[index]) return evidence;
      if (typeof seen === 'string') return { ...evidence, backend, unseen: unseenBecause(seen) };
      const reading = seen.reading.mounts[index] ?? { statfs: null, listing: null };
      return {
        ...evidence,
        backend,
        seen: { container: seen.container, table: seen.reading.table, reading },
      };
    });
  } catch (error) {
    if (isClusterError(error, 'forbidden')) {
      const unseen = { reason: 'not_allowed' as const, message: error.message };
      return plain.map((evidence) => ({ ...evidence, unseen }));
    }
    // The pod went away in between, or its container was restarted under us.
    if (isClusterError(error, 'not_found')) {
      return plain.map((evidence) => ({ ...evidence, podState: 'the pod is gone' }));
    }
    if (!isClusterError(error) || error.reason === 'credentials') throw error;
    const unseen = { reason: 'no_answer' as const, message: error.message };
    return plain.map((evidence) => ({ ...evidence, unseen }));
  }
}

type Run = (container: string, command: readonly string[], timeoutMs: number) => Promise<ExecResult>;

async function askBackend(
  { sidecar }: ExpectedMount,
  { mediaPath }: ExpectedMounts,
  run: Run,
  seconds: number,
): Promise<BackendReading | null> {
  if (sidecar === null || sidecar.source === null || sidecar.isSmall) return null;
  const words = [String(seconds), mediaPath, sidecar.source, ...sidecar.configFlags];
  const command = ['/bin/sh', '-c', ASK_BACKEND_SCRIPT, 'media-stack-ask', ...words];
  const result = await run(sidecar.container, command, seconds * 1000 + EXEC_MS);
  if (result.outcome === 'not_started') return null;
  const reading = parseBackendReading(result.stdout);
  return result.outcome === 'timeout' && reading.answer === null
    ? { ...reading, answer: { outcome: 'timeout' } }
    : reading;
}

interface Seen {
  readonly container: string;
  readonly reading: ContainerReading;
}

type Unseen = 'no_tools' | 'no_answer';

function unseenBecause(reason: Unseen): NonNullable<MountEvidence['unseen']> {
  return reason === 'no_tools'
    ? { reason, message: 'neither the app nor a sidecar has a shell with stat, ls and timeout' }
    : { reason, message: 'the node did not answer within the time limit of the pod' };
}

/** From the first app that runs and has the tools; else from a sidecar. */
async function lookInside(
  { object, expected }: PodToProbe,
  backends: readonly (BackendReading | null)[],
  asked: readonly boolean[],
  run: Run,
  { seconds, maxCount }: ProbeOptions,
): Promise<Seen | Unseen> {
  const { apps, mediaPath, mounts } = expected;
  const sidecars = mounts.flatMap(({ sidecar }, index) =>
    sidecar && asked[index] ? [sidecar.container] : [],
  );
  const running = apps.filter((name) => describeContainerState(object, name) === null);
  const modes = mounts.map((mount, index) =>
    asked[index] ? modeFor(mount, backends[index] ?? null) : 'table',
  );
  const commandFor = (isSidecar: boolean): string[] => [
    '/bin/sh',
    '-c',
    CHECK_MOUNTS_SCRIPT,
    'media-stack-check',
    String(seconds),
    // One more than is counted, to know that there are more.
    String(maxCount + 1),
    mediaPath,
    ...mounts.flatMap(({ mountedAt, point, listed }, index) => [
      modes[index] ?? 'table',
      mountedAt,
      // With private mounts the link that the app reads through is in no sidecar.
      isSidecar ? mountedAt + listed.slice(point.length) : listed,
    ]),
  ];
  let outcome: Unseen = 'no_tools';
  for (const container of new Set([...running, ...sidecars])) {
    const result = await run(
      container,
      commandFor(!running.includes(container)),
      2 * seconds * 1000 + EXEC_MS,
    );
    if (result.outcome === 'not_started') continue;
    const reading = parseContainerReading(result.stdout, mounts.length);
    if (result.outcome === 'timeout' && reading.table.length === 0) outcome = 'no_answer';
    else if (reading.hasTools) return { container, reading };
  }
  return outcome;
}

function modeFor({ sidecar }: ExpectedMount, backend: BackendReading | null): 'list' | 'statfs' | 'table' {
  const { outcome } = backend?.answer ?? { outcome: 'ok' };
  if (outcome === 'ok') return 'list';
  return sidecar?.answersStatfs ? 'statfs' : 'table';
}
