import { createPrivateKey, generateKeyPairSync } from 'node:crypto';

import forge from 'node-forge';
import { beforeAll, describe, expect, it } from 'vitest';

import { inspectCertificatePair } from '../../../certs-tool/inspect.ts';
import type { CertificatePairInput } from '../../../certs-tool/inspect.ts';
import { issueCertificateAuthority, issueServingCertificate } from '../../../certs-tool/issue.ts';
import type { PemPair } from '../../../certs-tool/issue.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const LATER = new Date('2027-06-01T00:00:00Z');
const HOST = 'media-stack.media-stack-system.svc';

let ca: PemPair;
let otherCa: PemPair;
let serving: PemPair;
let other: PemPair;
beforeAll(async () => {
  ca = await issueCertificateAuthority({ commonName: 'media-stack CA', now: NOW, validDays: 365 });
  otherCa = await issueCertificateAuthority({ commonName: 'media-stack CA', now: NOW, validDays: 365 });
  const names = { dnsNames: [HOST], ipAddresses: ['127.0.0.1'], now: NOW, validDays: 90 };
  serving = await issueServingCertificate({ ca, ...names });
  other = await issueServingCertificate({ ca, ...names });
});

const good = (): CertificatePairInput => ({
  ...serving,
  caPem: ca.certificatePem,
  hostnames: [HOST, '127.0.0.1'],
  now: NOW,
});

describe('a good pair', () => {
  it('has no problems, and its facts are told', () => {
    const inspection = inspectCertificatePair(good());
    expect(inspection.problems).toEqual([]);
    expect(inspection.usable).toBe(true);
    expect(inspection.facts).toEqual({
      subject: `CN=${HOST}`,
      issuer: 'CN=media-stack CA',
      serial: expect.stringMatching(/^[0-9A-F]{32}$/),
      dnsNames: [HOST],
      ipAddresses: ['127.0.0.1'],
      notBefore: new Date('2026-11-23T11:55:00Z'),
      notAfter: new Date('2027-02-21T12:00:00Z'),
      daysLeft: 90,
      fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    });
  });

  it('may come with a bundle of CAs in which only one signed it', () => {
    const bundle = `# rotation\n${otherCa.certificatePem}\n${ca.certificatePem}`;
    expect(inspectCertificatePair({ ...good(), caPem: bundle }).problems).toEqual([]);
  });

  it('may carry the certificates between itself and the CA', () => {
    const chain = `${serving.certificatePem}${ca.certificatePem}`;
    expect(inspectCertificatePair({ ...good(), certificatePem: chain }).problems).toEqual([]);
  });
});

interface Case {
  readonly name: string;
  readonly change: () => Partial<CertificatePairInput>;
  readonly usable: boolean;
  readonly problems: readonly string[];
  readonly message: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'an empty certificate file',
    change: () => ({ certificatePem: '' }),
    usable: false,
    problems: ['tls.crt certificate-unreadable'],
    message: /holds no certificate but nothing/,
  },
  {
    name: 'a key in the place of the certificate',
    change: () => ({ certificatePem: serving.keyPem }),
    usable: false,
    problems: ['tls.crt certificate-unreadable'],
    message: /but a PRIVATE KEY/,
  },
  {
    name: 'a certificate with damaged content',
    change: () => ({ certificatePem: serving.certificatePem.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA') }),
    usable: false,
    problems: ['tls.crt certificate-unreadable'],
    message: /certificate 1 of 1 cannot be read/,
  },
  {
    name: 'a key file that is not PEM',
    change: () => ({ keyPem: 'secret' }),
    usable: false,
    problems: ['tls.key certificate-key-unreadable'],
    message: /holds no private key but 6 characters that are not PEM/,
  },
  {
    name: 'a key with damaged content',
    change: () => ({ keyPem: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }),
    usable: false,
    problems: ['tls.key certificate-key-unreadable'],
    message: /the private key cannot be read/,
  },
  {
    name: 'an encrypted key',
    change: () => ({
      keyPem: createPrivateKey(serving.keyPem)
        .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
    }),
    usable: false,
    problems: ['tls.key certificate-key-unreadable'],
    message: /the private key is encrypted/,
  },
  {
    name: 'the key of another certificate',
    change: () => ({ keyPem: other.keyPem }),
    usable: false,
    problems: ['tls.key certificate-key-mismatch'],
    message: /does not belong to the certificate "CN=media-stack\.media-stack-system\.svc"/,
  },
  {
    name: 'a certificate that has expired',
    change: () => ({ now: new Date('2027-03-01T00:00:00Z') }),
    usable: true,
    problems: ['tls.crt certificate-expired'],
    message: /expired 2027-02-21T12:00:00\.000Z \(it is 2027-03-01T00:00:00\.000Z\)/,
  },
  {
    name: 'a certificate and a CA from the future',
    change: () => ({ now: new Date('2026-11-01T00:00:00Z') }),
    usable: true,
    problems: ['tls.crt certificate-not-yet-valid', 'ca.crt ca-not-yet-valid'],
    message: /not valid before 2026-11-23T11:55:00\.000Z/,
  },
  {
    name: 'a name that it does not hold',
    change: () => ({ hostnames: ['media-stack.apps.svc', '10.0.0.1'] }),
    usable: true,
    problems: ['tls.crt certificate-name-missing', 'tls.crt certificate-name-missing'],
    message:
      /not valid for "media-stack\.apps\.svc", only for media-stack\.media-stack-system\.svc, 127\.0\.0\.1/,
  },
  {
    name: 'a CA of the same name with another key',
    change: () => ({ caPem: otherCa.certificatePem }),
    usable: true,
    problems: ['tls.crt certificate-not-signed-by-ca'],
    message: /issued by "CN=media-stack CA" and is not signed by any CA given: "CN=media-stack CA"/,
  },
  {
    name: 'a CA file without a certificate',
    change: () => ({ caPem: 'nothing here' }),
    usable: true,
    problems: ['ca.crt certificate-unreadable'],
    message: /holds no certificate but 12 characters/,
  },
  {
    name: 'the CA itself as serving certificate',
    change: () => ({ ...ca }),
    usable: true,
    problems: ['tls.crt certificate-without-names', 'tls.crt certificate-is-authority'],
    message: /holds no subject alternative name; clients ignore the subject "CN=media-stack CA"/,
  },
];

describe('a pair with a fault', () => {
  it.each(CASES)('$name', ({ change, usable, problems, message }) => {
    const inspection = inspectCertificatePair({ ...good(), ...change() });
    expect(inspection.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
    expect(inspection.usable).toBe(usable);
    expect(inspection.problems[0]?.message).toMatch(message);
    for (const problem of inspection.problems) expect(problem.hint).not.toBe('');
  });

  it('never shows the key', () => {
    const body = serving.keyPem.split('\n')[1] ?? '';
    const inspection = inspectCertificatePair({
      ...good(),
      certificatePem: serving.keyPem,
      keyPem: `${body}\n`,
    });
    expect(JSON.stringify(inspection)).not.toContain(body.slice(0, 16));
  });

  it('names an expired CA, and not when a renewed one with the same key is there too', async () => {
    const expired = await issueCertificateAuthority({ commonName: 'old', now: NOW, validDays: 30 });
    const pair = await issueServingCertificate({
      ca: expired,
      dnsNames: [HOST],
      ipAddresses: [],
      now: NOW,
      validDays: 30,
    });
    const inspect = (caPem: string): string[] =>
      inspectCertificatePair({ ...pair, caPem, now: LATER }).problems.map((problem) => problem.code);
    expect(inspect(expired.certificatePem)).toEqual(['certificate-expired', 'ca-expired']);
    const renewed = selfSigned({
      keyPem: expired.keyPem,
      commonName: 'old',
      ca: true,
      notAfter: '2030-01-01',
    });
    expect(inspect(expired.certificatePem + renewed)).toEqual(['certificate-expired']);
  });

  it('names a signer that is not an authority', () => {
    const keyPem = rsaKey(2048);
    const pem = selfSigned({ keyPem, commonName: HOST, ca: false, notAfter: '2030-01-01', dnsName: HOST });
    const { problems } = inspectCertificatePair({ certificatePem: pem, keyPem, caPem: pem, now: NOW });
    expect(problems.map((problem) => problem.code)).toEqual(['ca-not-an-authority']);
  });

  it('names a short key, a SHA-1 signature and a wrong purpose', () => {
    const keyPem = rsaKey(1024);
    const pem = selfSigned({
      keyPem,
      commonName: HOST,
      ca: false,
      notAfter: '2030-01-01',
      dnsName: HOST,
      sha1: true,
      clientOnly: true,
    });
    const { problems, usable } = inspectCertificatePair({ certificatePem: pem, keyPem, now: NOW });
    expect(problems.map((problem) => problem.code)).toEqual([
      'certificate-not-for-servers',
      'certificate-weak-signature',
      'certificate-weak-key',
    ]);
    expect(usable).toBe(true);
  });
});

function rsaKey(modulusLength: number): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

interface SelfSigned {
  readonly keyPem: string;
  readonly commonName: string;
  readonly ca: boolean;
  readonly notAfter: string;
  readonly dnsName?: string;
  readonly sha1?: boolean;
  readonly clientOnly?: boolean;
}

/** Certificates with the faults that issue.ts never makes. */
function selfSigned(options: SelfSigned): string {
  const privateKey = forge.pki.privateKeyFromPem(options.keyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date('2026-01-01');
  certificate.validity.notAfter = new Date(options.notAfter);
  const valueTagClass = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  const name = [{ name: 'commonName', value: options.commonName, valueTagClass }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: options.ca },
    ...(options.dnsName === undefined
      ? []
      : [{ name: 'subjectAltName', altNames: [{ type: 2, value: options.dnsName }] }]),
    ...(options.clientOnly ? [{ name: 'extKeyUsage', clientAuth: true }] : []),
  ]);
  certificate.sign(privateKey, options.sha1 ? forge.md.sha1.create() : forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}
