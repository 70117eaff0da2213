// Judges a certificate and its key with node:crypto alone (node-forge only makes them). Two questions are kept
// apart: can a TLS server present this pair at all (`usable`), and would a client take it (`problems`).
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { Problem } from '../src/problem/problem.ts';
import { judgeCertificate } from './judge-certificate.ts';
import { judgeChain } from './judge-chain.ts';

export interface CertificatePairInput {
  /** The serving certificate, with intermediate certificates after it where there are any. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** The CAs that a client trusts; without them the signature is not judged. */
  readonly caPem?: string | undefined;
  /** Every name or address that a client will verify. */
  readonly hostnames?: readonly string[] | undefined;
  readonly now: Date;
}

export interface CertificateFacts {
  /** `CN=media-stack.media-stack-system.svc`, several parts separated by `, `. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, upper case. */
  readonly serial: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whole days until `notAfter`, rounded down; negative once expired. */
  readonly daysLeft: number;
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint: string;
}

export interface CertificateInspection {
  /** Absent where the certificate cannot be read. */
  readonly facts?: CertificateFacts;
  /** True when both parts can be read and belong together: a TLS server can start with them. */
  readonly usable: boolean;
  /** `path` is the name in the Secret: `tls.crt`, `tls.key` or `ca.crt`. Empty for a pair that every client takes. */
  readonly problems: readonly Problem[];
}

const DAY_MS = 24 * 3_600_000;

/** All that can be said about the pair at `now`; never throws, whatever the text holds. */
export function inspectCertificatePair(input: CertificatePairInput): CertificateInspection {
  const problems: Problem[] = [];
  const chain = readCertificates(input.certificatePem, 'tls.crt', problems);
  const key = readPrivateKey(input.keyPem, problems);
  const authorities =
    input.caPem === undefined ? undefined : readCertificates(input.caPem, 'ca.crt', problems);
  const leaf = chain?.[0];
  if (!chain || !leaf) return { usable: false, problems };

  const matches = key !== undefined && leaf.checkPrivateKey(key);
  if (key && !matches) {
    problems.push({
      code: 'certificate-key-mismatch',
      level: 'deny',
      path: 'tls.key',
      message: `the private key does not belong to the certificate "${oneLine(leaf.subject)}" (serial ${leaf.serialNumber})`,
      hint: 'Put the certificate and the key of one issuance into the same Secret: kubectl create secret tls NAME --cert=tls.crt --key=tls.key',
    });
  }
  const facts = describeCertificate(leaf, input.now);
  problems.push(...judgeCertificate(leaf, facts, input.hostnames ?? [], input.now));
  if (authorities) problems.push(...judgeChain(chain, authorities, input.now));
  return { facts, usable: matches, problems };
}

/** The facts of one certificate, without any judgement. */
export function describeCertificate(certificate: X509Certificate, now: Date): CertificateFacts {
  const names = alternativeNames(certificate.subjectAltName ?? '');
  const notAfter = certificate.validToDate;
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    dnsNames: names.filter((name) => name.kind === 'DNS').map((name) => name.value),
    ipAddresses: names.filter((name) => name.kind === 'IP Address').map((name) => name.value),
    notBefore: certificate.validFromDate,
    notAfter,
    daysLeft: Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS),
    fingerprint: certificate.fingerprint256,
  };
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function readCertificates(pem: string, path: string, problems: Problem[]): X509Certificate[] | undefined {
  const blocks = pem.match(PEM_CERTIFICATE);
  if (!blocks) {
    problems.push(unreadableCertificate(path, `holds no certificate but ${describeText(pem)}`));
    return undefined;
  }
  const certificates: X509Certificate[] = [];
  for (const [index, block] of blocks.entries()) {
    try {
      certificates.push(new X509Certificate(block));
    } catch (error) {
      const what = `certificate ${index + 1} of ${blocks.length} cannot be read: ${(error as Error).message}`;
      problems.push(unreadableCertificate(path, what));
      return undefined;
    }
  }
  return certificates;
}

function unreadableCertificate(path: string, message: string): Problem {
  return {
    code: 'certificate-unreadable',
    level: 'deny',
    path,
    message,
    hint: 'Expected is PEM text that starts with -----BEGIN CERTIFICATE-----; see what is there: openssl x509 -noout -text -in FILE',
  };
}

function readPrivateKey(pem: string, problems: Problem[]): KeyObject | undefined {
  // A reader that is given text without a key answers in OpenSSL's words; ours say what the text is instead.
  const isEncrypted = /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(pem);
  let message = isEncrypted
    ? 'the private key is encrypted'
    : `holds no private key but ${describeText(pem)}`;
  if (!isEncrypted && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    try {
      return createPrivateKey(pem);
    } catch (error) {
      message = `the private key cannot be read: ${(error as Error).message}`;
    }
  }
  const hint = isEncrypted
    ? 'A server has nobody to ask for the passphrase; take it off: openssl pkey -in tls.key -out tls.key'
    : 'Expected is PEM text that starts with -----BEGIN PRIVATE KEY-----; to try it out: media-stack serve --dev makes a pair';
  problems.push({ code: 'certificate-key-unreadable', level: 'deny', path: 'tls.key', message, hint });
  return undefined;
}

/** What a text is, without a byte of it: it may be a key. */
function describeText(text: string): string {
  if (text.trim() === '') return 'nothing';
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text)?.[1];
  return label === undefined ? `${text.length} characters that are not PEM` : `a ${label}`;
}

/** Node writes the parts of a name on lines of their own. */
function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

/** Reads `DNS:a.b, IP Address:127.0.0.1`; Node quotes a value as JSON where it holds a comma (CVE-2021-44532). */
function alternativeNames(text: string): { kind: string; value: string }[] {
  const names: { kind: string; value: string }[] = [];
  for (const [, kind = '', quoted, plain = ''] of text.matchAll(
    /([A-Za-z ]+):(?:("(?:[^"\\]|\\.)*")|([^,]*))(?:, |$)/g,
  )) {
    names.push({ kind, value: quoted === undefined ? plain : String(JSON.parse(quoted)) });
  }
  return names;
}
