// Does a path lead from the serving certificate to one of the CAs that a client trusts? node:crypto has no path
// builder, so the path is walked here: names by checkIssued, signatures by verify.
import type { X509Certificate } from 'node:crypto';

import type { Problem } from '../src/problem/problem.ts';

/** Longer chains exist in theory only; the bound keeps two certificates that sign each other from looping. */
const MAX_CHAIN = 8;

/**
 * `chain` is the serving certificate and what follows it in its file, in any order; `authorities` is what the client
 * trusts. As Go does, a trusted CA ends the path even where it is not self-signed.
 */
export function judgeChain(
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  now: Date,
): Problem[] {
  let current = chain[0];
  const seen: (X509Certificate | undefined)[] = [];
  while (current && seen.length < MAX_CHAIN) {
    const below = current;
    // Several may fit: a renewed CA often keeps its name and key. One without a fault is enough.
    const verdicts = authorities
      .filter((candidate) => isSignedBy(below, candidate))
      .map((anchor) => judgeAuthority(anchor, now));
    const verdict = verdicts.find((problems) => problems.length === 0) ?? verdicts[0];
    if (verdict) return verdict;
    seen.push(below);
    current = chain.find((candidate) => !seen.includes(candidate) && isSignedBy(below, candidate));
  }
  const issuer = (seen.at(-1)?.issuer ?? '').replaceAll('\n', ', ');
  const known = authorities.map((authority) => `"${authority.subject.replaceAll('\n', ', ')}"`).join(', ');
  return [
    {
      code: 'certificate-not-signed-by-ca',
      level: 'deny',
      path: 'tls.crt',
      message: `the certificate was issued by "${issuer}" and is not signed by any CA given: ${known}`,
      hint: 'Give the CA that signed it (an equal name with another key is another CA), or have it issued again',
    },
  ];
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function judgeAuthority(authority: X509Certificate, now: Date): Problem[] {
  const name = authority.subject.replaceAll('\n', ', ');
  const problems: Problem[] = [];
  if (!authority.ca) {
    problems.push({
      code: 'ca-not-an-authority',
      level: 'deny',
      path: 'ca.crt',
      message: `"${name}" is not a certificate authority (basicConstraints lacks CA:TRUE)`,
      hint: 'Issue a CA and have it sign the certificate, e.g. with cert-manager',
    });
  }
  if (now > authority.validToDate) {
    problems.push({
      code: 'ca-expired',
      level: 'deny',
      path: 'ca.crt',
      message: `the CA "${name}" expired ${authority.validToDate.toISOString()} (it is ${now.toISOString()})`,
      hint: 'Renew the CA and what it signed',
    });
  } else if (now < authority.validFromDate) {
    problems.push({
      code: 'ca-not-yet-valid',
      level: 'deny',
      path: 'ca.crt',
      message: `the CA "${name}" is not valid before ${authority.validFromDate.toISOString()} (it is ${now.toISOString()})`,
      hint: 'Set the clock of this machine, or wait until then',
    });
  }
  return problems;
}
