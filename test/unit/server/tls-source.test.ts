import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { issueCertificateAuthority, issueServingCertificate } from '../../../certs-tool/issue.ts';
import type { PemPair } from '../../../certs-tool/issue.ts';
import type { Reloadable, Started } from '../../../src/server/reloadable.ts';
import { startTlsSource } from '../../../src/server/tls-source.ts';
import type { TlsPair } from '../../../src/server/tls-source.ts';

const DAY_MS = 24 * 3_600_000;
const START = new Date('2026-11-23T12:00:00Z');
const daysOn = (days: number): Date => new Date(START.getTime() + days * DAY_MS);

let ca: PemPair;
let day0: PemPair;
let day50: PemPair;
let otherKey: string;
beforeAll(async () => {
  ca = await issueCertificateAuthority({ commonName: 'media-stack CA', now: START, validDays: 3650 });
  const issue = (now: Date): Promise<PemPair> =>
    issueServingCertificate({ ca, dnsNames: ['media-stack.apps.svc'], ipAddresses: [], now, validDays: 90 });
  day0 = await issue(START);
  day50 = await issue(daysOn(50));
  otherKey = (await issue(START)).keyPem;
});

let files: Map<string, string>;
let now: Date;
let logged: { level: string; fields: Record<string, unknown>; message: string }[];
let given: TlsPair[];
let results: string[];
const sources: Reloadable<TlsPair>[] = [];
beforeEach(() => {
  files = new Map();
  now = START;
  [logged, given, results] = [[], [], []];
});

afterEach(() => {
  for (const source of sources.splice(0)) source.stop();
});

function put(pair: PemPair): void {
  files.set('/tls/tls.crt', pair.certificatePem).set('/tls/tls.key', pair.keyPem);
}

async function start(caFile?: string): Promise<Started<Reloadable<TlsPair>>> {
  const note =
    (level: string) =>
    (fields: object, message: string): number =>
      logged.push({ level, fields: { ...fields }, message });
  const started = await startTlsSource({
    certificateFile: '/tls/tls.crt',
    keyFile: '/tls/tls.key',
    caFile,
    readFile: async (file) => {
      const text = files.get(file);
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return Buffer.from(text);
    },
    now: () => now,
    onChange: (pair) => given.push(pair),
    onReload: (result) => results.push(result),
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    pollMs: 3_600_000,
    watch: () => ({ rearm: async () => {}, stop: () => {} }),
  });
  if (started.ok) sources.push(started.source);
  return started;
}

/** A source in use with `pair`, whose poll and watch are off: the test says when it looks. */
async function startWith(pair: PemPair): Promise<Reloadable<TlsPair>> {
  put(pair);
  const started = await start();
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  logged = [];
  results = [];
  return started.source;
}

describe('at the start', () => {
  it('gives the pair and its expiry', async () => {
    const source = await startWith(day0);
    expect(source.current().certificatePem).toBe(day0.certificatePem);
    expect(source.current().facts.notAfter).toEqual(daysOn(90));
  });

  it('names what is wrong by the names of the files', async () => {
    put({ certificatePem: 'nonsense', keyPem: '' });
    const started = await start();
    expect(!started.ok && started.problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
      '/tls/tls.crt certificate-unreadable',
      '/tls/tls.key certificate-key-unreadable',
    ]);
  });

  it('refuses a key that belongs to another certificate', async () => {
    put({ ...day0, keyPem: otherKey });
    expect(await start()).toMatchObject({ ok: false, problems: [{ code: 'certificate-key-mismatch' }] });
  });

  it('takes an expired pair, because the next rotation mends it, and says so', async () => {
    now = daysOn(91);
    put(day0);
    const started = await start();
    expect(started.ok).toBe(true);
    expect(logged).toMatchObject([{ level: 'warn', message: 'in use, with problems' }]);
    expect(String(logged[0]?.fields['problems'])).toMatch(/certificate-expired \/tls\/tls\.crt/);
  });

  it('takes a pair that the given CA did not sign, and says so', async () => {
    const stranger = await issueCertificateAuthority({ commonName: 'stranger', now: START, validDays: 1 });
    put(day0);
    files.set('/tls/ca.crt', stranger.certificatePem);
    const started = await start('/tls/ca.crt');
    expect(started.ok).toBe(true);
    expect(String(logged[0]?.fields['problems'])).toMatch(/certificate-not-signed-by-ca/);
  });
});

describe('a pair that is put in the place of another', () => {
  it('is given to the server, and the log names it without its key', async () => {
    const source = await startWith(day0);
    now = daysOn(51);
    put(day50);
    await source.check();
    expect(source.current().certificatePem).toBe(day50.certificatePem);
    expect(given).toEqual([source.current()]);
    expect(results).toEqual(['success']);
    expect(logged.map(({ message }) => message)).toEqual(['serving certificate replaced', 'reloaded']);
    expect(JSON.stringify(logged)).not.toContain('PRIVATE');
  });

  interface Row {
    readonly name: string;
    readonly inUse: () => PemPair;
    readonly next: () => PemPair;
    readonly day: number;
    readonly taken: boolean;
  }
  const ROWS: readonly Row[] = [
    { name: 'valid after valid', inUse: () => day0, next: () => day50, day: 60, taken: true },
    { name: 'valid after expired', inUse: () => day0, next: () => day50, day: 100, taken: true },
    { name: 'expired after expired', inUse: () => day0, next: () => day50, day: 150, taken: true },
    { name: 'expired after valid', inUse: () => day50, next: () => day0, day: 100, taken: false },
    { name: 'not yet valid after valid', inUse: () => day0, next: () => day50, day: 10, taken: false },
    {
      name: 'mismatched after valid',
      inUse: () => day0,
      next: () => ({ ...day50, keyPem: otherKey }),
      day: 60,
      taken: false,
    },
    {
      name: 'mismatched after expired',
      inUse: () => day0,
      next: () => ({ ...day50, keyPem: otherKey }),
      day: 100,
      taken: false,
    },
  ];
  it.each(ROWS)('$name: taken $taken', async ({ inUse, next, day, taken }) => {
    const source = await startWith(inUse());
    now = daysOn(day);
    put(next());
    await source.check();
    await source.check();
    expect(source.current().certificatePem).toBe((taken ? next() : inUse()).certificatePem);
    expect(results).toEqual([taken ? 'success' : 'failure']);
  });

  it('that was from the future is taken when its time has come', async () => {
    const source = await startWith(day0);
    put(day50);
    await source.check();
    now = daysOn(49);
    await source.check();
    expect(results).toEqual(['failure']);
    now = daysOn(51);
    await source.check();
    expect(source.current().certificatePem).toBe(day50.certificatePem);
    expect(results).toEqual(['failure', 'success']);
    expect(source.problems()).toEqual([]);
  });
});
