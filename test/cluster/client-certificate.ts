// A client certificate, which certs-tool has no use for: with it the API server shows the kubelet and etcd who it is.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import type { PemPair } from '../../certs-tool/issue.ts';

export interface ClientCertificateOptions {
  readonly ca: PemPair;
  /** The user name, and the group it is in. */
  readonly commonName: string;
  readonly organization: string;
  readonly now: Date;
}

const DAY_MS = 24 * 3_600_000;

/** Valid for a day. */
export function issueClientCertificate(options: ClientCertificateOptions): PemPair {
  const { ca, now } = options;
  const keyPem = newKeyPem();
  const privateKey = forge.pki.privateKeyFromPem(keyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.rsa.setPublicKey(privateKey.n, privateKey.e);
  certificate.serialNumber = `40${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(now.getTime() - 300_000);
  certificate.validity.notAfter = new Date(now.getTime() + DAY_MS);
  certificate.setSubject([
    { name: 'organizationName', value: options.organization },
    { name: 'commonName', value: options.commonName },
  ]);
  certificate.setIssuer(forge.pki.certificateFromPem(ca.certificatePem).subject.attributes);
  certificate.setExtensions([
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(ca.keyPem), forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem };
}

/** An RSA key in PKCS#8. */
export function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
