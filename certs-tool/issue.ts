// Makes key pairs and certificates, and nothing else: node-forge generates here (RSA only: it has no ECDSA), every
// judgement about a certificate is made with node:crypto in inspect.ts. Profiles follow RFC 5280 section 4.2.
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';

// The default import is the only one that works: node-forge is CommonJS and named imports throw in real Node ESM.
import forge from 'node-forge';

export interface PemPair {
  readonly certificatePem: string;
  /** PKCS#8, not encrypted. */
  readonly keyPem: string;
}

export interface CertificateAuthorityOptions {
  readonly commonName: string;
  readonly now: Date;
  readonly validDays: number;
}

export interface ServingCertificateOptions {
  readonly ca: PemPair;
  /** Every name that a client may verify: `svc`, `svc.ns`, `svc.ns.svc`... The API server uses `svc.ns.svc`. */
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly now: Date;
  readonly validDays: number;
}

const RSA_BITS = 2048;
/** Clocks of API server and pod differ a little; a certificate from the future is refused. */
const BACKDATE_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;
/** ub-common-name, RFC 5280 appendix A.1. */
const MAX_COMMON_NAME = 64;
/** The types call the field a class; forge means the ASN.1 type of the string. */
const UTF8_STRING = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;

/** A self-signed CA that may sign serving certificates only (pathlen 0: no CA below it). */
export async function issueCertificateAuthority(options: CertificateAuthorityOptions): Promise<PemPair> {
  const keys = await generateRsaKeyPair();
  const certificate = draftCertificate(keys.publicKey, options.now, options.validDays);
  const name = commonName(options.commonName);
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  return signedPair(certificate, keys.privateKey, keys.privateKey);
}

/**
 * A certificate for a TLS server, signed by `ca`. It never outlives the CA, whatever `validDays` says, since no
 * client would take it then. Throws when neither a name nor an address is given, or when the CA's key is not RSA.
 */
export async function issueServingCertificate(options: ServingCertificateOptions): Promise<PemPair> {
  const { ca, dnsNames, ipAddresses, now, validDays } = options;
  if (dnsNames.length + ipAddresses.length === 0) {
    throw new Error(
      'A serving certificate needs at least one DNS name or IP address: clients ignore the subject.',
    );
  }
  const notAnAddress = ipAddresses.find((address) => isIP(address) === 0);
  if (notAnAddress !== undefined) throw new Error(`Not an IP address: ${JSON.stringify(notAnAddress)}`);

  const issuer = forge.pki.certificateFromPem(ca.certificatePem);
  const signingKey = forge.pki.privateKeyFromPem(ca.keyPem);
  const keys = await generateRsaKeyPair();
  const certificate = draftCertificate(keys.publicKey, now, validDays);
  if (certificate.validity.notAfter > issuer.validity.notAfter) {
    certificate.validity.notAfter = issuer.validity.notAfter;
  }
  certificate.setSubject(
    commonName(dnsNames.find((name) => name.length <= MAX_COMMON_NAME) ?? 'media-stack'),
  );
  certificate.setIssuer(issuer.subject.attributes.map(decodedField));
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: alternativeNames(dnsNames, ipAddresses) },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: subjectKeyIdentifier(issuer) },
  ]);
  return signedPair(certificate, keys.privateKey, signingKey);
}

function draftCertificate(
  publicKey: forge.pki.rsa.PublicKey,
  now: Date,
  validDays: number,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = randomSerial();
  certificate.validity.notBefore = new Date(now.getTime() - BACKDATE_MS);
  certificate.validity.notAfter = new Date(now.getTime() + validDays * DAY_MS);
  return certificate;
}

/**
 * 128 bits: random, so that two CAs with the same name never issue the same serial (clients refuse that pair);
 * top bit clear, so that DER reads it as positive; next bit set, so that it is never zero and never shorter.
 */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function commonName(value: string): forge.pki.CertificateField[] {
  // forge writes PrintableString by default, which has no `_`, `*` or umlaut (RFC 5280 section 4.1.2.4: UTF8String).
  return [{ name: 'commonName', value, valueTagClass: UTF8_STRING }];
}

/** forge reads UTF8String as bytes and writes it as text: unless decoded, a name that is not ASCII is encoded twice. */
function decodedField(field: forge.pki.CertificateField): forge.pki.CertificateField {
  const isUtf8 = field.valueTagClass === UTF8_STRING;
  return isUtf8 && typeof field.value === 'string'
    ? { ...field, value: forge.util.decodeUtf8(field.value) }
    : field;
}

function alternativeNames(dnsNames: readonly string[], ipAddresses: readonly string[]): object[] {
  // GeneralName tags, RFC 5280 section 4.2.1.6: dNSName [2], iPAddress [7].
  return [...dnsNames.map((value) => ({ type: 2, value })), ...ipAddresses.map((ip) => ({ type: 7, ip }))];
}

/** The CA's own identifier, which need not be the one that forge would compute, as the raw bytes that forge wants. */
function subjectKeyIdentifier(issuer: forge.pki.Certificate): string {
  const extension: { subjectKeyIdentifier?: string } | undefined =
    issuer.getExtension('subjectKeyIdentifier');
  return extension?.subjectKeyIdentifier === undefined
    ? issuer.generateSubjectKeyIdentifier().getBytes()
    : forge.util.hexToBytes(extension.subjectKeyIdentifier);
}

/** With a callback forge asks node:crypto for the key, off the main thread; without one it computes in JavaScript. */
function generateRsaKeyPair(): Promise<forge.pki.rsa.KeyPair> {
  return new Promise((resolve, reject) => {
    forge.pki.rsa.generateKeyPair({ bits: RSA_BITS }, (error: Error | null, keys) => {
      if (error) reject(error);
      else resolve(keys);
    });
  });
}

function signedPair(
  certificate: forge.pki.Certificate,
  privateKey: forge.pki.rsa.PrivateKey,
  signingKey: forge.pki.rsa.PrivateKey,
): PemPair {
  certificate.sign(signingKey, forge.md.sha256.create());
  const pkcs8 = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(privateKey));
  return {
    certificatePem: unixLines(forge.pki.certificateToPem(certificate)),
    keyPem: unixLines(forge.pki.privateKeyInfoToPem(pkcs8)),
  };
}

/** forge ends lines with CRLF, which shows as noise in a Secret and in a diff. */
function unixLines(pem: string): string {
  return pem.replaceAll('\r\n', '\n');
}
