// The serving certificate and its key, read from two files and read again when they change. Which pair may replace
// which is decided here; how a pair is judged, in certs-tool/inspect.ts.
import { createSecureContext } from 'node:tls';

import { inspectCertificatePair } from '../../certs-tool/inspect.ts';
import type { CertificateFacts } from '../../certs-tool/inspect.ts';
import type { Problem } from '../problem/problem.ts';
import type { WatchFolders } from './file-watch.ts';
import type { FileBytes, ReadFile } from './read-settled.ts';
import { startReloadable } from './reloadable.ts';
import type { Parsed, Reloadable, ReloadLog, ReloadResult, Started } from './reloadable.ts';

export interface TlsPair {
  readonly certificatePem: string;
  readonly keyPem: string;
  readonly facts: CertificateFacts;
}

export interface TlsSourceOptions {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Where given, a certificate that this CA did not sign is named in the log; it is served all the same. */
  readonly caFile?: string | undefined;
  readonly readFile: ReadFile;
  readonly now: () => Date;
  /** Called with each new pair, for `server.setSecureContext`. Where it throws, the old pair stays. */
  readonly onChange?: ((pair: TlsPair) => void) | undefined;
  readonly onReload?: ((result: ReloadResult) => void) | undefined;
  readonly log: ReloadLog;
  readonly pollMs: number;
  readonly watch?: WatchFolders | undefined;
}

/** What every TLS server of this project is given, first and on each reload (a reload forgets what is not repeated). */
export function secureContextOptions(pair: TlsPair): { cert: string; key: string; minVersion: 'TLSv1.2' } {
  return { cert: pair.certificatePem, key: pair.keyPem, minVersion: 'TLSv1.2' };
}

/**
 * Starts with any pair that a TLS server can present, and replaces it by the next such pair:
 *
 * | pair in the files                       | pair in use      | result                            |
 * |-----------------------------------------|------------------|-----------------------------------|
 * | unreadable, mismatched, refused by TLS  | any              | refused                           |
 * | valid                                   | any              | taken                             |
 * | expired or not yet valid                | none, or as bad  | taken, with a warning in the log  |
 * | expired or not yet valid                | valid            | refused                           |
 *
 * Starting with an expired pair is better than not starting: the next rotation mends it without a restart.
 */
export async function startTlsSource(options: TlsSourceOptions): Promise<Started<Reloadable<TlsPair>>> {
  const { certificateFile, keyFile, caFile, now, onChange, log } = options;
  return startReloadable<TlsPair>({
    what: 'serving certificate',
    files: [certificateFile, keyFile, ...(caFile === undefined ? [] : [caFile])],
    readFile: options.readFile,
    parse: (bytes, previous) => parsePair(bytes, previous, options, now()),
    onChange: (pair) => {
      onChange?.(pair);
      const { subject, serial, notAfter, dnsNames } = pair.facts;
      log.info(
        { subject, serial, dnsNames, notAfter: notAfter.toISOString() },
        'serving certificate replaced',
      );
    },
    onReload: options.onReload,
    log,
    pollMs: options.pollMs,
    watch: options.watch,
  });
}

function parsePair(
  bytes: FileBytes,
  previous: TlsPair | undefined,
  options: TlsSourceOptions,
  now: Date,
): Parsed<TlsPair> {
  const { certificateFile, keyFile, caFile } = options;
  const text = (file: string): string => bytes.get(file)?.toString('utf8') ?? '';
  const certificatePem = text(certificateFile);
  const keyPem = text(keyFile);
  const { facts, usable, problems } = inspectCertificatePair({
    certificatePem,
    keyPem,
    caPem: caFile === undefined ? undefined : text(caFile),
    now,
  });
  const located = problems.map((problem) => ({ ...problem, path: fileOf(problem.path, options) }));
  if (!facts || !usable) return { ok: false, problems: located.filter((problem) => problem.path !== caFile) };

  const pair = { certificatePem, keyPem, facts };
  try {
    createSecureContext(secureContextOptions(pair));
  } catch (error) {
    return { ok: false, problems: [refusedByTls(certificateFile, error as Error)] };
  }
  if (previous && !isValidAt(facts, now) && isValidAt(previous.facts, now))
    return { ok: false, problems: located };
  return { ok: true, value: pair, warnings: located };
}

function isValidAt(facts: CertificateFacts, now: Date): boolean {
  return now >= facts.notBefore && now <= facts.notAfter;
}

function fileOf(path: string, options: TlsSourceOptions): string {
  if (path === 'tls.key') return options.keyFile;
  if (path === 'ca.crt') return options.caFile ?? path;
  return options.certificateFile;
}

function refusedByTls(file: string, error: Error): Problem {
  return {
    code: 'certificate-refused-by-tls',
    level: 'deny',
    path: file,
    message: `OpenSSL does not serve this certificate: ${error.message}`,
    hint: 'Issue it with an RSA key of 2048 bits or ECDSA P-256, signed with SHA-256',
  };
}
