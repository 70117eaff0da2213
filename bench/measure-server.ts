// One server, one input, one round: start, check, load, look at its memory, prove that it logged and counted, end.
import { ask } from './ask.ts';
import { checkAnswer } from './check-answer.ts';
import { trackProcess, untrackProcess } from './child-processes.ts';
import type { Contestant } from './contestants.ts';
import { findFreePort } from './free-port.ts';
import { forkLoad } from './load.ts';
import type { LoadPhase, LoadResult, PhaseResult } from './load.ts';
import { copyNumbered, uidOf, writeNumber } from './numbered-request.ts';
import type { PreparedInput, Preparation } from './prepare.ts';
import { readResidentMemory } from './proc.ts';
import { startServerProcess } from './server-process.ts';

export interface ServerMeasurement {
  /** From the start of the process to the whole of its first answer. */
  readonly startMs: number;
  readonly idleMb: number;
  readonly peakMb: number;
  /** One per phase. */
  readonly phases: readonly PhaseResult[];
}

export interface MeasureOptions {
  readonly contestant: Contestant;
  readonly prepared: PreparedInput;
  readonly preparation: Preparation;
  readonly phases: readonly LoadPhase[];
}

/** Rejects at the first wrong answer, and when a server that is to log and count has not. */
export async function measureServer(options: MeasureOptions): Promise<ServerMeasurement> {
  const { contestant, prepared, preparation, phases } = options;
  const { folder, certificateFolder, ca } = preparation;
  const { answerFile, answer, request } = prepared;
  const metricsPort = await findFreePort();
  const server = await startServerProcess(
    contestant.args({ certificateFolder, answerFile, metricsPort }),
    folder,
  );
  const { pid, host, port, startedAt } = server;
  let load: LoadResult;
  let measurement: ServerMeasurement;
  try {
    await checkFirstAnswer(prepared, { host, port, ca });
    const startMs = performance.now() - startedAt;
    const { nowMb: idleMb } = readResidentMemory(pid);
    load = await runLoad({ target: { host, port, ca, request, answer }, serverPid: pid, phases });
    measurement = { startMs, idleMb, peakMb: readResidentMemory(pid).peakMb, phases: load.phases };
    if (contestant.isObserved) await checkMetrics(metricsPort, load.answers + 1);
  } finally {
    await server.stop();
  }
  if (contestant.isObserved && server.logLines() < load.answers) {
    throw new Error(`${load.answers} answers, but only ${server.logLines()} log lines`);
  }
  return measurement;
}

/** Number 0, which the load does not use; also the proof that the answer differs in its uid alone. */
async function checkFirstAnswer(
  { input, review, body, answer }: PreparedInput,
  server: { readonly host: string; readonly port: number; readonly ca: string },
): Promise<void> {
  const request = copyNumbered({
    bytes: body,
    uidOffsets: [body.indexOf(review.request.uid)],
    nameOffsets: [],
  });
  const wanted = copyNumbered(answer);
  writeNumber(request, 0);
  writeNumber(wanted, 0);
  const first = await ask({ ...server, path: input.path, body: request.bytes });
  checkAnswer({ ...review, request: { ...review.request, uid: uidOf(0) } }, first, input.expected);
  if (first.body !== wanted.bytes.toString()) {
    throw new Error('another answer than at the beginning of this run: was the code changed meanwhile?');
  }
}

async function runLoad(order: Parameters<typeof forkLoad>[0]): Promise<LoadResult> {
  let clientPid: number | undefined;
  let load: LoadResult;
  try {
    load = await forkLoad(order, (pid) => {
      clientPid = pid;
      if (pid !== undefined) trackProcess(pid);
    });
  } finally {
    if (clientPid !== undefined) untrackProcess(clientPid);
  }
  const { failures, firstFailure } = load;
  if (firstFailure !== undefined) {
    const counts = Object.entries(failures).filter(([, count]) => count > 0);
    const told = counts.map(([kind, count]) => `${count} wrong in ${kind}`).join(', ');
    throw new Error(`wrong answers under load (${told}), the first: ${firstFailure}`);
  }
  return load;
}

async function checkMetrics(port: number, answers: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).split('\n');
  const counts = lines.filter((line) => line.startsWith('media_stack_admission_requests_total{'));
  const counted = counts.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  if (counted !== answers) throw new Error(`${answers} answers, but the metrics count ${counted}`);
}
