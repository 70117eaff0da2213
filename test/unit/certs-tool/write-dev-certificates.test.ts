import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { inspectCertificatePair } from '../../../certs-tool/inspect.ts';
import { writeDevCertificates } from '../../../certs-tool/write-dev-certificates.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes a pair that a client of this machine takes, and no key of the CA', async () => {
  const files = await writeDevCertificates({ folder, dnsNames: ['media-stack.apps.svc'], now: NOW });
  const { problems, usable } = inspectCertificatePair({
    certificatePem: readFileSync(files.certificateFile, 'utf8'),
    keyPem: readFileSync(files.keyFile, 'utf8'),
    caPem: readFileSync(files.caFile, 'utf8'),
    hostnames: ['localhost', '127.0.0.1', '::1', 'media-stack.apps.svc'],
    now: NOW,
  });
  expect(problems).toEqual([]);
  expect(usable).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(['ca.crt', 'tls.crt', 'tls.key']);
  expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
});

it('never writes through a link that somebody has put there', async () => {
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'tls.key'));
  await expect(writeDevCertificates({ folder, now: NOW })).rejects.toThrow(/EEXIST/);
  expect(readdirSync(folder)).toEqual(['tls.key']);
});
