// The client: N keep-alive TLS connections, each with one request under way at any time. Runs as a process of its own
// (`forkLoad`), so that neither the log of the server nor the bookkeeping of the run is in its way.
import { fork } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { openLoadConnection } from './load-connection.ts';
import type { FailureKind, LoadTarget } from './load-connection.ts';
import { readCpuSeconds } from './proc.ts';
import { percentile } from './statistics.ts';

export interface LoadPhase {
  readonly connections: number;
  /** Load before the measurement: connections are opened and code is compiled meanwhile. */
  readonly warmupSeconds: number;
  readonly seconds: number;
}

export interface LoadOrder {
  readonly target: LoadTarget;
  /** The process whose CPU time is taken. */
  readonly serverPid: number;
  /** One after the other. */
  readonly phases: readonly LoadPhase[];
}

export interface PhaseResult {
  readonly connections: number;
  readonly seconds: number;
  /** Right answers within the measured time. */
  readonly answers: number;
  readonly requestsPerSecond: number;
  readonly serverCpuSeconds: number;
  /** CPU of the client in cores: near 1 means that the client, not the server, set the rate. */
  readonly clientCores: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LoadResult {
  readonly phases: readonly PhaseResult[];
  /** Right answers in all, warm-up included. */
  readonly answers: number;
  /** Anything but a right answer, warm-up included. */
  readonly failures: Readonly<Record<FailureKind, number>>;
  /** The first failure in words. */
  readonly firstFailure: string | undefined;
}

/** Applies the phases to a server, one after the other, and ends early at a failure. */
export async function applyLoad({ target, serverPid, phases }: LoadOrder): Promise<LoadResult> {
  const failures = { status: 0, uid: 0, bytes: 0, connection: 0 };
  let firstFailure: string | undefined;
  let requests = 0;
  let answers = 0;
  let latencies: number[] | undefined;
  const failed = new AbortController();
  const events = {
    nextNumber: () => (requests += 1),
    onAnswer: (ms: number) => {
      answers += 1;
      latencies?.push(ms);
    },
    onFailure: (kind: FailureKind, text: string) => {
      failures[kind] += 1;
      firstFailure ??= text;
      failed.abort();
    },
  };
  const results: PhaseResult[] = [];
  for (const { connections, warmupSeconds, seconds } of phases) {
    const opening = Array.from({ length: connections }, () => openLoadConnection(target, events));
    const open = await Promise.all(opening);
    await pause(warmupSeconds, failed.signal);

    const measured: number[] = [];
    latencies = measured;
    const [startedAt, serverCpu, clientCpu] = [
      performance.now(),
      readCpuSeconds(serverPid),
      process.cpuUsage(),
    ];
    await pause(seconds, failed.signal);
    const elapsed = (performance.now() - startedAt) / 1_000;
    const serverCpuSeconds = readCpuSeconds(serverPid) - serverCpu;
    const { user, system } = process.cpuUsage(clientCpu);
    latencies = undefined;
    await Promise.all(open.map((connection) => connection.finish()));

    measured.sort((a, b) => a - b);
    results.push({
      connections,
      seconds: elapsed,
      answers: measured.length,
      requestsPerSecond: measured.length / elapsed,
      serverCpuSeconds,
      clientCores: (user + system) / 1e6 / elapsed,
      p50Ms: percentile(measured, 0.5),
      p99Ms: percentile(measured, 0.99),
      maxMs: measured.at(-1) ?? Number.NaN,
    });
    if (firstFailure !== undefined) break;
  }
  return { phases: results, answers, failures, firstFailure };
}

/** `applyLoad` in a process of its own; `onStart` is told its pid. */
export function forkLoad(order: LoadOrder, onStart: (pid: number | undefined) => void): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [], {
      // Buffers stay buffers on the way.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    onStart(child.pid);
    let result: LoadResult | undefined;
    child.once('message', (message) => {
      result = message as LoadResult;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (result) resolve(result);
      else reject(new Error(`the load client ended without a result (${signal ?? `exit code ${code}`})`));
    });
    child.send(order);
  });
}

/** Waits, and no longer than until the signal. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return setTimeout(seconds * 1_000, undefined, { signal }).catch(() => {});
}

if (import.meta.main) {
  process.once('message', (order) => {
    // Whoever ordered this is gone: so is the reason to go on.
    process.once('disconnect', () => process.exit(1));
    void applyLoad(order as LoadOrder).then((result) => process.send?.(result, () => process.exit(0)));
  });
}
