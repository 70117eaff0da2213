import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

import { pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { issueCertificateAuthority, issueServingCertificate } from '../../../certs-tool/issue.ts';
import type { PemPair } from '../../../certs-tool/issue.ts';
import { patched } from '../../../src/admission/outcome.ts';
import { runServer } from '../../../src/server/run-server.ts';
import type { RunningServer, RunServerOptions } from '../../../src/server/run-server.ts';
import type { Started } from '../../../src/server/reloadable.ts';

interface Word {
  readonly word: string;
}

let ca: PemPair;
let pairs: PemPair[];
beforeAll(async () => {
  const now = new Date();
  ca = await issueCertificateAuthority({ commonName: 'test CA', now, validDays: 1 });
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], now, validDays: 1 };
  pairs = await Promise.all([1, 2, 3].map(() => issueServingCertificate({ ca, ...names })));
});

let folder: string;
let running: RunningServer[];
let blockers: Server[];
let now: Date;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
  [running, blockers, now] = [[], [], new Date()];
  putPair(0);
  putWord('one');
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  for (const blocker of blockers) blocker.close();
  rmSync(folder, { recursive: true });
});

const putWord = (word: string): void => writeFileSync(join(folder, 'settings.yaml'), word);

function putPair(index: number): void {
  writeFileSync(join(folder, 'tls.crt'), pairs[index]?.certificatePem ?? '');
  writeFileSync(join(folder, 'tls.key'), pairs[index]?.keyPem ?? '');
}

async function start(change: Partial<RunServerOptions<Word>> = {}): Promise<Started<RunningServer>> {
  const address = { host: '127.0.0.1', port: 0, option: '--port', command: 'npm start --' };
  const started = await runServer<Word>({
    listen: address,
    metrics: { ...address, option: '--metrics-port' },
    tls: { certificateFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') },
    settings: {
      file: join(folder, 'settings.yaml'),
      parse: parseWord,
      defaults: () => ({ word: 'default' }),
    },
    buildHandlers: ({ settings }) => ({
      mutate: () => patched([{ op: 'add', path: '/metadata/labels', value: { word: settings().word } }]),
      validate: () => ({ kind: 'allowed' }),
    }),
    drain: { announceMs: 0, deadlineMs: 1000 },
    version: { version: '1.2.3' },
    logger: pino({ level: 'silent' }),
    readFile: (file) => readFile(file),
    now: () => now,
    pollMs: 20,
    ...change,
  });
  if (started.ok) running.push(started.source);
  return started;
}

const parseWord: RunServerOptions<Word>['settings']['parse'] = (text, file) => {
  if (!text.startsWith('bad')) return { ok: true, settings: { word: text } };
  const problem = {
    code: 'word-bad',
    level: 'deny',
    path: 'word',
    message: 'is bad',
    hint: 'Mend it',
  } as const;
  return { ok: false, problems: [{ ...problem, position: { file, line: 1, column: 1 } }] };
};

async function startGood(change: Partial<RunServerOptions<Word>> = {}): Promise<RunningServer> {
  const started = await start(change);
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  return started.source;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly serial: string;
}

function send(url: string, method: 'GET' | 'POST', agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const sent = request(
      url,
      { method, headers, ca: ca.certificatePem, agent: agent ?? false },
      (response) => {
        const { serialNumber: serial } = (response.socket as TLSSocket).getPeerCertificate();
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, body, serial }));
      },
    );
    sent.once('error', reject);
    sent.end(method === 'POST' ? REVIEW : undefined);
  });
}

const REVIEW = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    operation: 'CREATE',
    userInfo: {},
    object: { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { containers: [] } },
    oldObject: null,
    dryRun: false,
    options: null,
  },
});

async function wordOf(server: RunningServer): Promise<string> {
  const { body } = await send(`${server.url}/mutate`, 'POST');
  const { response } = JSON.parse(body) as { response: { patch: string } };
  const [operation] = JSON.parse(Buffer.from(response.patch, 'base64').toString()) as [{ value: Word }];
  return operation.value.word;
}

/** A port that somebody else has. */
async function busyPort(): Promise<number> {
  const blocker = createServer();
  blockers.push(blocker);
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
  return (blocker.address() as AddressInfo).port;
}

describe('a running server', () => {
  it('answers on the ports that it names', async () => {
    const server = await startGood();
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse((await send(`${server.url}/readyz`, 'GET')).body)).toEqual({
      ready: true,
      reasons: [],
    });
    expect(await send(`${server.url}/version`, 'GET')).toMatchObject({ body: '{"version":"1.2.3"}' });
    expect(await wordOf(server)).toBe('one');
    const metrics = await (await fetch(server.metricsUrl ?? '')).text();
    expect(metrics).toMatch(/media_stack_last_reload_successful\{what="certificate"\} 1/);
    expect(metrics).toMatch(/media_stack_certificate_expiry_timestamp_seconds \d{10}/);
  });

  it('listens on every address when none is named', async () => {
    const server = await startGood({
      listen: { host: null, port: 0, option: '--port', command: '' },
      metrics: null,
    });
    const { port } = new URL(server.url);
    expect(await send(`https://127.0.0.1:${port}/healthz`, 'GET')).toMatchObject({ status: 200 });
    expect(server.metricsUrl).toBeUndefined();
  });

  it('goes on with the default settings where there is no file', async () => {
    const defaults = (): Word => ({ word: 'default' });
    const server = await startGood({ settings: { file: null, parse: parseWord, defaults } });
    expect(await wordOf(server)).toBe('default');
  });

  it('takes settings that change, keeps them when bad ones follow, and counts it', async () => {
    const server = await startGood();
    putWord('two');
    await vi.waitFor(async () => expect(await wordOf(server)).toBe('two'), { timeout: 5000 });
    putWord('bad');
    const metrics = async (): Promise<string> => (await fetch(server.metricsUrl ?? '')).text();
    const failed = /media_stack_last_reload_successful\{what="settings"\} 0/;
    await vi.waitFor(async () => expect(await metrics()).toMatch(failed), { timeout: 5000 });
    expect(await wordOf(server)).toBe('two');
    expect(await send(`${server.url}/readyz`, 'GET')).toMatchObject({ status: 200 });
  });

  it('swaps its certificate under load without a failed request', async () => {
    const server = await startGood();
    const agent = new Agent({ keepAlive: true });
    const serials = new Set<string>();
    const ending = new AbortController();
    const load = [agent, undefined].map(async (connection) => {
      while (!ending.signal.aborted) {
        const answer = await send(`${server.url}/mutate`, 'POST', connection);
        expect(answer.status).toBe(200);
        if (!connection) serials.add(answer.serial);
      }
    });
    try {
      for (const index of [1, 2]) {
        putPair(index);
        await vi.waitFor(() => expect(serials.size).toBe(index + 1), { timeout: 10_000 });
      }
    } finally {
      ending.abort();
      await Promise.all(load);
      agent.destroy();
    }
  });

  it('is not ready once its certificate has expired', async () => {
    const server = await startGood();
    now = new Date(now.getTime() + 2 * 24 * 3_600_000);
    const { status, body } = await send(`${server.url}/readyz`, 'GET');
    expect(status).toBe(503);
    expect(body).toMatch(/the serving certificate expired 20/);
  });

  it('stops once, and gives its ports back', async () => {
    const server = await startGood();
    const [first, second] = [server.stop(), server.stop()];
    expect(first).toBe(second);
    expect(await first).toEqual({ cutConnections: 0 });
    await expect(send(`${server.url}/healthz`, 'GET')).rejects.toThrow(/ECONNREFUSED/);
    await expect(fetch(server.metricsUrl ?? '')).rejects.toThrow();
  });
});

describe('a server that cannot start', () => {
  it('names everything that is wrong with certificate and settings', async () => {
    writeFileSync(join(folder, 'tls.key'), 'nonsense');
    putWord('bad');
    const started = await start();
    expect(!started.ok && started.problems.map(({ code }) => code)).toEqual([
      'certificate-key-unreadable',
      'word-bad',
    ]);
  });

  it('says which port is in use and how to take another', async () => {
    const port = await busyPort();
    const listen = { host: '127.0.0.1', port, option: '--port', command: 'npm start --' };
    const other = port + 1000 <= 65_535 ? port + 1000 : port - 1000;
    expect(await start({ listen })).toEqual({
      ok: false,
      problems: [
        {
          code: 'port-in-use',
          level: 'deny',
          path: '--port',
          message: `port ${port} of 127.0.0.1 is in use already`,
          hint: `Take another one: npm start -- --port ${other}`,
        },
      ],
    });
  });

  it('says which address the machine does not have', async () => {
    const listen = { host: '192.0.2.1', port: 0, option: '--port', command: 'npm start --' };
    expect(await start({ listen })).toMatchObject({
      ok: false,
      problems: [{ code: 'host-not-available', hint: 'Name one of its own: npm start -- --host 127.0.0.1' }],
    });
  });

  it('refuses a metrics port in use, unless it may do without', async () => {
    const metrics = { host: '127.0.0.1', port: await busyPort(), option: '--metrics-port', command: '' };
    expect(await start({ metrics })).toMatchObject({ ok: false, problems: [{ path: '--metrics-port' }] });
    const server = await startGood({ metrics: { ...metrics, mayFail: true } });
    expect(server.metricsUrl).toBeUndefined();
  });
});
