import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';

import { beforeAll, describe, expect, it } from 'vitest';

import { issueCertificateAuthority, issueServingCertificate } from '../../../certs-tool/issue.ts';
import type { PemPair } from '../../../certs-tool/issue.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const DNS_NAMES = ['media-stack.media-stack-system.svc', 'media-stack.media-stack-system.svc.cluster.local'];

let ca: PemPair;
let serving: PemPair;
beforeAll(async () => {
  ca = await issueCertificateAuthority({ commonName: 'media-stack CA Zürich', now: NOW, validDays: 3650 });
  serving = await issueServingCertificate({
    ca,
    dnsNames: DNS_NAMES,
    ipAddresses: ['127.0.0.1', '::1'],
    now: NOW,
    validDays: 90,
  });
});

describe('the certificate authority', () => {
  it('signs itself and is valid from five minutes ago', () => {
    const certificate = new X509Certificate(ca.certificatePem);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.validFromDate).toEqual(new Date('2026-11-23T11:55:00Z'));
    expect(certificate.validToDate).toEqual(new Date('2036-11-20T12:00:00Z'));
  });

  it('has another key and another serial each time', async () => {
    const other = await issueCertificateAuthority({ commonName: 'media-stack CA', now: NOW, validDays: 1 });
    const serials = [ca, other].map((pair) => new X509Certificate(pair.certificatePem).serialNumber);
    expect(new Set(serials).size).toBe(2);
    expect(other.keyPem).not.toBe(ca.keyPem);
  });
});

describe('the serving certificate', () => {
  it('is signed by the CA, whatever letters the name of the CA holds', () => {
    const [leaf, authority] = [serving, ca].map((pair) => new X509Certificate(pair.certificatePem));
    expect(leaf?.checkIssued(authority as X509Certificate)).toBe(true);
    expect(leaf?.verify((authority as X509Certificate).publicKey)).toBe(true);
    expect(leaf?.ca).toBe(false);
    expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('is valid for every name and address and for no other', () => {
    const leaf = new X509Certificate(serving.certificatePem);
    for (const name of DNS_NAMES) expect(leaf.checkHost(name, { subject: 'never' })).toBe(name);
    expect(leaf.checkHost('media-stack', { subject: 'never' })).toBeUndefined();
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.checkIP('::1')).toBe('::1');
    expect(leaf.checkIP('127.0.0.2')).toBeUndefined();
  });

  it('has a positive serial of 128 bits', () => {
    expect(new X509Certificate(serving.certificatePem).serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('has a PKCS#8 key of 2048 bits that belongs to it', () => {
    expect(serving.keyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^\r]*\n-----END PRIVATE KEY-----\n$/);
    const key = createPrivateKey(serving.keyPem);
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(new X509Certificate(serving.certificatePem).checkPrivateKey(key)).toBe(true);
  });

  it('never outlives the CA', async () => {
    const shortCa = await issueCertificateAuthority({ commonName: 'short', now: NOW, validDays: 10 });
    const pair = await issueServingCertificate({
      ca: shortCa,
      dnsNames: ['a.b.svc'],
      ipAddresses: [],
      now: NOW,
      validDays: 90,
    });
    expect(new X509Certificate(pair.certificatePem).validToDate).toEqual(new Date('2026-12-03T12:00:00Z'));
  });

  it('leaves a name that is too long for a subject to the alternative names', async () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.svc`;
    const pair = await issueServingCertificate({
      ca,
      dnsNames: [long],
      ipAddresses: [],
      now: NOW,
      validDays: 1,
    });
    const leaf = new X509Certificate(pair.certificatePem);
    expect(leaf.subject).toBe('CN=media-stack');
    expect(leaf.checkHost(long)).toBe(long);
  });

  it.each([
    { dnsNames: [], ipAddresses: [], message: /at least one DNS name/ },
    { dnsNames: [], ipAddresses: ['localhost'], message: /Not an IP address: "localhost"/ },
  ])('is refused for $dnsNames and $ipAddresses', async ({ dnsNames, ipAddresses, message }) => {
    const options = { ca, dnsNames, ipAddresses, now: NOW, validDays: 1 };
    await expect(issueServingCertificate(options)).rejects.toThrow(message);
  });

  it('carries a TLS 1.3 connection that verifies it', async () => {
    const today = new Date();
    const liveCa = await issueCertificateAuthority({ commonName: 'live', now: today, validDays: 1 });
    const live = await issueServingCertificate({
      ca: liveCa,
      dnsNames: ['localhost'],
      ipAddresses: [],
      now: today,
      validDays: 1,
    });
    const server = createServer({ cert: live.certificatePem, key: live.keyPem }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const authorized = await new Promise<boolean>((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: liveCa.certificatePem });
      socket.once('error', reject).once('secureConnect', () => {
        resolve(socket.authorized && socket.getProtocol() === 'TLSv1.3');
        socket.destroy();
      });
    });
    server.close();
    expect(authorized).toBe(true);
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(hasOpenssl)('in the eyes of openssl', () => {
  it('the chain is good by the strict rules of RFC 5280, for a TLS server of this name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'media-stack-test-'));
    try {
      writeFileSync(join(folder, 'ca.crt'), ca.certificatePem);
      writeFileSync(join(folder, 'tls.crt'), serving.certificatePem);
      const at = String(NOW.getTime() / 1000);
      const [caFile, file] = [join(folder, 'ca.crt'), join(folder, 'tls.crt')];
      const options = `-x509_strict -purpose sslserver -attime ${at} -verify_hostname ${DNS_NAMES[0]}`;
      const output = execFileSync('openssl', ['verify', ...options.split(' '), '-CAfile', caFile, file]);
      expect(output.toString()).toBe(`${join(folder, 'tls.crt')}: OK\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('the extensions are what the profile says, and the key identifiers meet', () => {
    const extensions = (pem: string): string => {
      const args = [
        'x509',
        '-noout',
        '-ext',
        'basicConstraints,keyUsage,subjectKeyIdentifier,authorityKeyIdentifier',
      ];
      return execFileSync('openssl', args, { input: pem }).toString();
    };
    const authority = extensions(ca.certificatePem);
    expect(authority).toMatch(/Basic Constraints: critical\n\s+CA:TRUE, pathlen:0/);
    expect(authority).toMatch(/Key Usage: critical\n\s+Certificate Sign, CRL Sign/);
    const leaf = extensions(serving.certificatePem);
    expect(leaf).toMatch(/Basic Constraints: critical\n\s+CA:FALSE/);
    expect(leaf).toMatch(/Key Usage: critical\n\s+Digital Signature, Key Encipherment/);
    const identifier = /Subject Key Identifier: \n\s+([0-9A-F:]+)/.exec(authority)?.[1];
    expect(/Authority Key Identifier: \n\s+(?:keyid:)?([0-9A-F:]+)/.exec(leaf)?.[1]).toBe(identifier);
  });
});
