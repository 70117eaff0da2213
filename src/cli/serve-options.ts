// The options of `serve`: what each may be, and which go together.
import { join } from 'node:path';

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

import { parseGoDurationMs } from '../server/deadline.ts';

/** As commander gives them. */
export interface ServeFlags {
  readonly settings?: string;
  readonly certDir?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly host?: string;
  readonly port: number;
  readonly metricsHost?: string;
  /** 0: no metrics. */
  readonly metricsPort: number;
  /** Milliseconds. */
  readonly drainDelay?: number;
  readonly logLevel: string;
  readonly dev?: boolean;
}

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
export const DEFAULT_METRICS_PORT = 8081;

/** Puts the options of `serve` on its command. */
export function addServeOptions(command: Command): Command {
  return command
    .option('--settings <file>', 'settings file (YAML); read again when it changes. Without it: the defaults')
    .option(
      '--cert-dir <dir>',
      'folder with tls.crt and tls.key, as a mounted Secret has them; read again when they change',
    )
    .option('--tls-cert <file>', 'certificate (PEM), with intermediate certificates after it')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--host <address>', 'address to listen on (default: every address; with --dev 127.0.0.1)')
    .addOption(new Option('--port <port>', 'port of the webhook').default(8443).argParser(parsePort))
    .option('--metrics-host <address>', 'address of the metrics (default: as --host)')
    .addOption(
      new Option('--metrics-port <port>', 'port of the metrics, plain HTTP; 0 or off: none')
        .default(DEFAULT_METRICS_PORT)
        .argParser(parseMetricsPort),
    )
    .addOption(
      new Option(
        '--drain-delay <duration>',
        'how long to go on listening after SIGTERM, until every node knows (default: 3s; with --dev 0)',
      ).argParser(parseDelay),
    )
    .addOption(new Option('--log-level <level>', 'what to log').choices(LOG_LEVELS).default('info'))
    .option('--dev', 'try it out: loopback only, certificates made on the spot, and one line to paste');
}

export type ChosenCertificates =
  | { readonly ok: true; readonly files: CertificateFiles | 'make' }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/**
 * | --dev | --cert-dir | --tls-cert and --tls-key | certificate       |
 * |-------|------------|--------------------------|-------------------|
 * | yes   | no         | none                     | made on the spot  |
 * | no    | yes        | none                     | in the folder     |
 * | no    | no         | both                     | the two files     |
 * | any other combination                         | refused           |
 */
export function chooseCertificates(flags: ServeFlags): ChosenCertificates {
  const { dev = false, certDir, tlsCert, tlsKey } = flags;
  const given = [
    dev ? '--dev' : undefined,
    certDir === undefined ? undefined : '--cert-dir',
    tlsCert === undefined && tlsKey === undefined ? undefined : '--tls-cert/--tls-key',
  ].filter((name) => name !== undefined);
  if (given.length > 1) {
    const message = `${given.join(' and ')} each say where the certificate comes from`;
    return { ok: false, message, hint: 'Give one of them.' };
  }
  if (dev) return { ok: true, files: 'make' };
  if (certDir !== undefined) {
    return {
      ok: true,
      files: { certificateFile: join(certDir, 'tls.crt'), keyFile: join(certDir, 'tls.key') },
    };
  }
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { ok: true, files: { certificateFile: tlsCert, keyFile: tlsKey } };
  }
  if (tlsCert !== undefined || tlsKey !== undefined) {
    const [has, lacks] = tlsCert === undefined ? ['--tls-key', '--tls-cert'] : ['--tls-cert', '--tls-key'];
    return {
      ok: false,
      message: `${has} is given without ${lacks}`,
      hint: `Add ${lacks} FILE, or use --cert-dir DIR.`,
    };
  }
  return {
    ok: false,
    message: 'no certificate is given',
    hint: 'Add --cert-dir DIR (a folder with tls.crt and tls.key), or try it out with --dev.',
  };
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new InvalidArgumentError('Expected is a number from 0 (any free port) to 65535.');
  return port;
}

function parseMetricsPort(text: string): number {
  if (text === 'off') return 0;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('Expected is a number from 1 to 65535, or off.');
  return port;
}

/** Longer than any grace period that makes sense; the kubelet kills after 30 s unless told otherwise. */
const MAX_DELAY_MS = 600_000;

function parseDelay(text: string): number {
  const ms = text === '0' || text === '0s' ? 0 : parseGoDurationMs(text);
  if (ms === undefined || ms > MAX_DELAY_MS) {
    throw new InvalidArgumentError(
      'Expected is a duration with its unit, such as 3s or 500ms, at most 10m; or 0.',
    );
  }
  return ms;
}
