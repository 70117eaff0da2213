// The metrics of the server, in a registry of their own: nothing global, so two servers in one process (tests) do
// not share counts.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';

export type Endpoint = 'mutate' | 'validate';
export type AdmissionResult = 'allowed' | 'patched' | 'denied' | 'error' | 'timeout' | 'refused';
export type ReloadedThing = 'certificate' | 'settings';

export interface BuildVersion {
  readonly version: string;
  readonly gitCommit?: string;
}

export interface Metrics {
  readonly registry: Registry;
  /** One answered admission. `reason` is a skip reason, a status reason, a problem code, or `''`. */
  countAdmission(endpoint: Endpoint, outcome: AdmissionResult, reason: string, seconds: number): void;
  /** The end of the serving certificate's life. */
  setCertificateExpiry(expiresAt: Date): void;
  /** One attempt to read a certificate or settings again; a failed one leaves the last good one in use. */
  countReload(what: ReloadedThing, result: 'success' | 'failure'): void;
}

// Most admissions take under a millisecond and the default buckets of Prometheus begin at 5 ms; the top is the
// highest timeoutSeconds a webhook can have (30 s), since nothing is awaited for longer.
const DURATION_BUCKETS_SECONDS = [
  0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Makes the metrics. `processMetrics: false` leaves out those of the Node process (its timers, in tests). */
export function createMetrics(build: BuildVersion, options: { readonly processMetrics: boolean }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'media_stack_admission_requests_total',
    help: 'Admission requests answered, by endpoint, outcome (allowed, patched, denied, error, timeout, refused) and reason.',
    labelNames: ['endpoint', 'outcome', 'reason'],
    registers,
  });
  const durations = new Histogram({
    name: 'media_stack_admission_duration_seconds',
    help: 'Time from the headers of an admission request to its answer.',
    labelNames: ['endpoint'],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const expiry = new Gauge({
    name: 'media_stack_certificate_expiry_timestamp_seconds',
    help: 'End of life of the serving certificate, in Unix time.',
    // Shown from the first value on: the 0 of a new gauge would read as a certificate that ended in 1970.
    registers: [],
  });
  const reloads = new Counter({
    name: 'media_stack_reloads_total',
    help: 'Attempts to read certificate or settings again, by result (success, failure).',
    labelNames: ['what', 'result'],
    registers,
  });
  const lastReload = new Gauge({
    name: 'media_stack_last_reload_successful',
    help: '1 if the last attempt to read certificate or settings succeeded, 0 if the last good one is kept.',
    labelNames: ['what'],
    registers,
  });
  new Gauge({
    name: 'media_stack_build_info',
    help: 'Always 1; the version is in the labels.',
    labelNames: ['version', 'git_commit', 'node_version'],
    registers,
  }).set({ version: build.version, git_commit: build.gitCommit ?? '', node_version: process.version }, 1);
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  const durationOf = {
    mutate: durations.labels({ endpoint: 'mutate' }),
    validate: durations.labels({ endpoint: 'validate' }),
  };
  return {
    registry,
    countAdmission(endpoint, outcome, reason, seconds) {
      requests.inc({ endpoint, outcome, reason });
      durationOf[endpoint].observe(seconds);
    },
    setCertificateExpiry(expiresAt) {
      expiry.set(expiresAt.getTime() / 1_000);
      registry.registerMetric(expiry);
    },
    countReload(what, result) {
      reloads.inc({ what, result });
      lastReload.set({ what }, result === 'success' ? 1 : 0);
    },
  };
}
