// Throwaway certificates for TLS on loopback: a CA, and leaves it signs. One set of keys per process: making an RSA
// key takes up to 100 ms.
import forge from 'node-forge';

export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority {
  /** PEM of the CA, for the client's `ca`. */
  readonly ca: string;
  /** Signs a leaf for localhost and 127.0.0.1; each has its own serial. */
  issue(serial: string): TestCertificate;
}

/** A CA that lives for an hour and signs leaves, all with the same leaf key. */
export function makeTestAuthority(): TestAuthority {
  const caKeys = forge.pki.rsa.generateKeyPair(2048);
  const leafKeys = forge.pki.rsa.generateKeyPair(2048);
  const caName = [{ name: 'commonName', value: 'media-stack test CA' }];
  const ca = makeCertificate(caKeys.publicKey, '01', caName, caName, [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ]);
  ca.sign(caKeys.privateKey, forge.md.sha256.create());
  return {
    ca: forge.pki.certificateToPem(ca),
    issue(serial) {
      const leafName = [{ name: 'commonName', value: 'localhost' }];
      const leaf = makeCertificate(leafKeys.publicKey, serial, leafName, caName, [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ]);
      leaf.sign(caKeys.privateKey, forge.md.sha256.create());
      return {
        cert: forge.pki.certificateToPem(leaf),
        key: forge.pki.privateKeyToPem(leafKeys.privateKey),
      };
    },
  };
}

function makeCertificate(
  publicKey: forge.pki.PublicKey,
  serial: string,
  subject: forge.pki.CertificateField[],
  issuer: forge.pki.CertificateField[],
  extensions: object[],
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  certificate.serialNumber = serial;
  certificate.validity.notBefore = new Date(Date.now() - 60_000);
  certificate.validity.notAfter = new Date(Date.now() + 3_600_000);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer);
  certificate.setExtensions(extensions);
  return certificate;
}
