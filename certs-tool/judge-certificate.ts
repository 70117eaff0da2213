// Would the API server accept this certificate for these names at this moment? The rules are those of Go's
// crypto/x509 and of apiserver/pkg/util/webhook/client.go; who signed it is judged in judge-chain.ts.
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

import type { Problem } from '../src/problem/problem.ts';
import type { CertificateFacts } from './inspect.ts';

/** id-kp-serverAuth and anyExtendedKeyUsage, RFC 5280 section 4.2.1.12. */
const SERVER_USAGES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];
/** Below this OpenSSL's default security level refuses the key, and with it the server's start. */
const MIN_RSA_BITS = 2048;
const RENEW = 'Issue another one (with cert-manager: cmctl renew NAME)';

/** The problems of the certificate itself, in the order in which one would mend them. */
export function judgeCertificate(
  certificate: X509Certificate,
  facts: CertificateFacts,
  hostnames: readonly string[],
  now: Date,
): Problem[] {
  return [
    ...judgeValidity(facts, now),
    ...judgeNames(certificate, facts, hostnames),
    ...judgePurpose(certificate),
    ...judgeStrength(certificate),
  ];
}

function judgeValidity(facts: CertificateFacts, now: Date): Problem[] {
  if (now > facts.notAfter) {
    const message = `expired ${facts.notAfter.toISOString()} (it is ${now.toISOString()})`;
    return [problem('certificate-expired', message, RENEW)];
  }
  if (now < facts.notBefore) {
    const message = `not valid before ${facts.notBefore.toISOString()} (it is ${now.toISOString()})`;
    return [
      problem('certificate-not-yet-valid', message, 'Set the clock of this machine, or wait until then'),
    ];
  }
  return [];
}

function judgeNames(
  certificate: X509Certificate,
  facts: CertificateFacts,
  hostnames: readonly string[],
): Problem[] {
  const held = [...facts.dnsNames, ...facts.ipAddresses];
  if (held.length === 0) {
    const message = `holds no subject alternative name; clients ignore the subject "${facts.subject}"`;
    const hint = `Issue it with subjectAltName: DNS:${hostnames[0] ?? 'SERVICE.NAMESPACE.svc'}`;
    return [problem('certificate-without-names', message, hint)];
  }
  return hostnames
    .filter((name) =>
      isIP(name) === 0
        ? certificate.checkHost(name, { subject: 'never' }) === undefined
        : certificate.checkIP(name) === undefined,
    )
    .map((name) => {
      const kind = isIP(name) === 0 ? 'DNS' : 'IP';
      const message = `is not valid for "${name}", only for ${held.join(', ')}`;
      return problem('certificate-name-missing', message, `Issue it with subjectAltName: ${kind}:${name}`);
    });
}

function judgePurpose(certificate: X509Certificate): Problem[] {
  const problems: Problem[] = [];
  if (certificate.ca) {
    const message = 'is a certificate authority (basicConstraints CA:TRUE), not the certificate of a server';
    problems.push(
      problem('certificate-is-authority', message, 'Put the serving certificate first in tls.crt'),
    );
  }
  // `keyUsage` is, against its name, the *extended* key usage; its absence allows every use. The types hide that.
  const usages = certificate.keyUsage as string[] | undefined;
  if (usages && !usages.some((oid) => SERVER_USAGES.includes(oid))) {
    const message = `is not for TLS servers: its extended key usages are ${usages.join(', ')}`;
    problems.push(
      problem('certificate-not-for-servers', message, 'Issue it with extendedKeyUsage: serverAuth'),
    );
  }
  return problems;
}

function judgeStrength(certificate: X509Certificate): Problem[] {
  const problems: Problem[] = [];
  // Absent before Node 24.9 and 22.20.
  const signature: string | undefined = certificate.signatureAlgorithm;
  if (signature !== undefined && /sha1|md5/i.test(signature)) {
    const message = `is signed with ${signature}, which API servers refuse`;
    problems.push(problem('certificate-weak-signature', message, 'Issue it with SHA-256'));
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS;
  if (asymmetricKeyType === 'rsa' && bits < MIN_RSA_BITS) {
    const message = `has an RSA key of ${bits} bits; at least ${MIN_RSA_BITS} are needed`;
    problems.push(
      problem('certificate-weak-key', message, `Issue it with rsa:${MIN_RSA_BITS} or ECDSA P-256`),
    );
  }
  return problems;
}

function problem(code: string, message: string, hint: string): Problem {
  return { code, level: 'deny', path: 'tls.crt', message: `the certificate ${message}`, hint };
}
