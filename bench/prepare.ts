// What all rounds share: certificates, the requests as bytes, and to each the one right answer, taken from our server
// and judged. The floors are given that answer, so that all servers send the same bytes.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { issueCertificateAuthority, issueServingCertificate } from '../certs-tool/issue.ts';
import { ask } from './ask.ts';
import { checkAnswer } from './check-answer.ts';
import { MEDIA_STACK } from './contestants.ts';
import type { ServerFiles } from './contestants.ts';
import { findFreePort } from './free-port.ts';
import { BENCH_INPUTS, readOrdinaryReview, renderReview } from './inputs.ts';
import type { BenchInput, Review } from './inputs.ts';
import { findPlaceholders } from './numbered-request.ts';
import type { NumberedBytes } from './numbered-request.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

export interface PreparedInput {
  readonly input: BenchInput;
  readonly review: Review;
  readonly body: Buffer;
  /** Head and body, as the load client sends them. */
  readonly request: NumberedBytes;
  /** The body of the answer. */
  readonly answer: NumberedBytes;
  readonly answerFile: string;
}

export interface Preparation {
  /** Private and of this run; whoever called removes it. */
  readonly folder: string;
  readonly certificateFolder: string;
  /** PEM. */
  readonly ca: string;
  readonly inputs: readonly PreparedInput[];
}

/** A private folder for the files of one run of the benchmark. */
export function makeRunFolder(): string {
  return mkdtempSync(join(tmpdir(), 'media-stack-bench-'));
}

/** Prepares the inputs named; throws when our server gives a wrong answer to one. */
export async function prepareBench(
  folder: string,
  names: readonly string[],
  now: Date,
): Promise<Preparation> {
  const certificateFolder = join(folder, 'certificates');
  const ca = await writeCertificates(certificateFolder, now);
  const files: ServerFiles = { certificateFolder, answerFile: '', metricsPort: await findFreePort() };
  const server = await startServerProcess(MEDIA_STACK.args(files), folder);
  try {
    const inputs = await prepareInputs(server, ca, folder);
    return {
      folder,
      certificateFolder,
      ca,
      inputs: inputs.filter(({ input }) => names.includes(input.name)),
    };
  } finally {
    await server.stop();
  }
}

async function prepareInputs(
  { host, port }: ServerProcess,
  ca: string,
  folder: string,
): Promise<PreparedInput[]> {
  const ordinary = readOrdinaryReview();
  let ordinaryPod: unknown;
  const prepared: PreparedInput[] = [];
  for (const input of BENCH_INPUTS) {
    const review = input.makeReview(ordinary, () => ordinaryPod);
    const body = renderReview(review);
    const answer = await ask({ host, port, ca, path: input.path, body });
    const pod = checkAnswer(review, answer, input.expected);
    ordinaryPod ??= pod;
    const answerBytes = findPlaceholders(Buffer.from(answer.body));
    if (answerBytes.nameOffsets.length > 0) {
      throw new Error(`the answer to ${input.name} holds the pod's name, and the floors change the uid only`);
    }
    const answerFile = join(folder, `${input.name}.json`);
    writeFileSync(answerFile, answerBytes.bytes);
    const request = findPlaceholders(Buffer.concat([renderHead(input.path, body.length), body]));
    prepared.push({ input, review, body, request, answer: answerBytes, answerFile });
  }
  return prepared;
}

/** The head that the API server sends (Go's net/http, in its order). */
function renderHead(path: string, bodyBytes: number): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: media-stack.media-stack.svc:443',
    'User-Agent: kube-apiserver-admission',
    `Content-Length: ${bodyBytes}`,
    'Accept: application/json, */*',
    'Content-Type: application/json',
    'Accept-Encoding: gzip',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
}

async function writeCertificates(folder: string, now: Date): Promise<string> {
  const ca = await issueCertificateAuthority({ commonName: 'media-stack bench CA', now, validDays: 2 });
  const serving = await issueServingCertificate({
    ca,
    dnsNames: ['localhost'],
    ipAddresses: ['127.0.0.1'],
    now,
    validDays: 2,
  });
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'tls.crt'), serving.certificatePem);
  writeFileSync(join(folder, 'tls.key'), serving.keyPem, { mode: 0o600 });
  return ca.certificatePem;
}
