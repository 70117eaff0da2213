// Certificates for trying things out on one machine: a CA that lives as long as this call, and what it signed.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { issueCertificateAuthority, issueServingCertificate } from './issue.ts';

export interface DevCertificateFiles {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface DevCertificateOptions {
  /** Must exist, be private (0700) and hold none of the files yet. */
  readonly folder: string;
  /** Names besides localhost, 127.0.0.1 and ::1. */
  readonly dnsNames?: readonly string[];
  readonly now: Date;
}

const VALID_DAYS = 30;

/**
 * Writes `ca.crt`, `tls.crt` and `tls.key` (mode 0600). The CA's key is thrown away: whoever trusts this CA trusts
 * one certificate, and nothing that could be signed with it later. Rejects where a file exists or cannot be written.
 */
export async function writeDevCertificates(options: DevCertificateOptions): Promise<DevCertificateFiles> {
  const { folder, dnsNames = [], now } = options;
  const ca = await issueCertificateAuthority({
    commonName: 'media-stack dev CA',
    now,
    validDays: VALID_DAYS,
  });
  const serving = await issueServingCertificate({
    ca,
    dnsNames: ['localhost', ...dnsNames],
    ipAddresses: ['127.0.0.1', '::1'],
    now,
    validDays: VALID_DAYS,
  });
  const files = {
    caFile: join(folder, 'ca.crt'),
    certificateFile: join(folder, 'tls.crt'),
    keyFile: join(folder, 'tls.key'),
  };
  // `wx`: a file, or a symlink that somebody put there before us, is never written through.
  await writeFile(files.keyFile, serving.keyPem, { mode: 0o600, flag: 'wx' });
  await writeFile(files.certificateFile, serving.certificatePem, { mode: 0o644, flag: 'wx' });
  await writeFile(files.caFile, ca.certificatePem, { mode: 0o644, flag: 'wx' });
  return files;
}
