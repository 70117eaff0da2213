// Wires the server together: sources of certificate and settings -> app -> listener, and back again on stop. Signals,
// options and printing are the command's (cli/serve.ts); what is decided about a pod comes in as `buildHandlers`.
import type { Server } from 'node:http';

import type { Logger } from 'pino';

import type { Problem } from '../problem/problem.ts';
import { buildApp, swapCertificate } from './app.ts';
import type { AdmissionHandlers, Readiness } from './app.ts';
import { createDrain } from './drain.ts';
import type { DrainOptions, DrainResult } from './drain.ts';
import { listenApp, listenServer } from './listen.ts';
import type { ListenAddress } from './listen.ts';
import { createMetricsServer } from './metrics-server.ts';
import { createMetrics } from './metrics.ts';
import type { BuildVersion, Metrics } from './metrics.ts';
import type { ReadFile } from './read-settled.ts';
import type { Reloadable, Started } from './reloadable.ts';
import { fixedSettings, startSettingsSource } from './settings-source.ts';
import type { ParseSettings } from './settings-source.ts';
import { secureContextOptions, startTlsSource } from './tls-source.ts';
import type { TlsPair } from './tls-source.ts';

/** Builds the two decisions; `settings()` gives the settings of this moment, so ask it once per request. */
export type BuildHandlers<S> = (deps: { readonly settings: () => S }) => AdmissionHandlers;

export interface RunServerOptions<S> {
  readonly listen: ListenAddress;
  /** `null`: no metrics. `mayFail`: a port that cannot be had is logged, and the server starts without metrics. */
  readonly metrics: (ListenAddress & { readonly mayFail?: boolean }) | null;
  readonly tls: { readonly certificateFile: string; readonly keyFile: string; readonly caFile?: string };
  /** `file: null` gives the defaults, which then never change. */
  readonly settings: {
    readonly file: string | null;
    readonly parse: ParseSettings<S>;
    readonly defaults: () => S;
  };
  readonly buildHandlers: BuildHandlers<S>;
  readonly drain: DrainOptions;
  readonly version: BuildVersion;
  readonly logger: Logger;
  readonly readFile: ReadFile;
  readonly now: () => Date;
  /** How often files are looked at besides the watch on their folders. */
  readonly pollMs: number;
}

export interface RunningServer {
  /** `https://127.0.0.1:8443`, with the port that was really taken. */
  readonly url: string;
  readonly metricsUrl: string | undefined;
  /** Answers what is under way, then ends everything that was started; a second call gives the first promise. */
  stop(): Promise<DrainResult>;
}

/**
 * Resolves once both ports are open, or with everything that is wrong with certificate, settings or ports; then
 * nothing is left running.
 */
export async function runServer<S>(options: RunServerOptions<S>): Promise<Started<RunningServer>> {
  const { logger, now, version } = options;
  const metrics = createMetrics(version, { processMetrics: options.metrics !== null });
  let takeCertificate: (pair: TlsPair) => void = () => {};
  const sources = await startSources(options, metrics, (pair) => takeCertificate(pair));
  if (!sources.ok) return sources;
  const { tls, settings } = sources.source;
  const stopSources = (): void => {
    tls.stop();
    settings.stop();
  };
  metrics.setCertificateExpiry(tls.current().facts.notAfter);

  const drain = createDrain();
  const app = buildApp({
    handlers: options.buildHandlers({ settings: () => settings.current() }),
    tls: secureContextOptions(tls.current()),
    readiness: () => judgeReadiness(tls.current(), now()),
    version,
    logger,
    metrics,
    drain,
    now: () => performance.now(),
  });
  takeCertificate = (pair) => {
    swapCertificate(app, secureContextOptions(pair));
    metrics.setCertificateExpiry(pair.facts.notAfter);
  };
  drain.track(app);

  const opened = await listenApp(app, options.listen);
  if (!opened.ok) {
    await app.close();
    stopSources();
    return opened;
  }
  const measured = await openMetrics(options, metrics);
  if (!measured.ok) {
    await app.close();
    stopSources();
    return measured;
  }
  const { server: metricsServer, url: metricsUrl } = measured.source;

  let stopping: Promise<DrainResult> | undefined;
  const stop = async (): Promise<DrainResult> => {
    const result = await drain.run(app, options.drain);
    stopSources();
    metricsServer?.close();
    metricsServer?.closeAllConnections();
    return result;
  };
  return {
    ok: true,
    source: { url: opened.source, metricsUrl, stop: () => (stopping ??= stop()) },
  };
}

interface Sources<S> {
  readonly tls: Reloadable<TlsPair>;
  readonly settings: Reloadable<S>;
}

/** Both or none; the problems of both are told together. */
async function startSources<S>(
  options: RunServerOptions<S>,
  metrics: Metrics,
  onChange: (pair: TlsPair) => void,
): Promise<Started<Sources<S>>> {
  const { logger: log, readFile, pollMs, now } = options;
  const { file, parse, defaults } = options.settings;
  const tls = await startTlsSource({
    ...options.tls,
    readFile,
    now,
    onChange,
    log,
    pollMs,
    onReload: (result) => metrics.countReload('certificate', result),
  });
  const settings: Started<Reloadable<S>> =
    file === null
      ? { ok: true, source: fixedSettings(defaults()) }
      : await startSettingsSource({
          file,
          parse,
          readFile,
          log,
          pollMs,
          onReload: (result) => metrics.countReload('settings', result),
        });
  if (tls.ok && settings.ok) return { ok: true, source: { tls: tls.source, settings: settings.source } };
  const problems: Problem[] = [];
  for (const started of [tls, settings]) {
    if (started.ok) started.source.stop();
    else problems.push(...started.problems);
  }
  return { ok: false, problems };
}

interface MetricsEndpoint {
  readonly server?: Server;
  readonly url: string | undefined;
}

async function openMetrics<S>(
  options: RunServerOptions<S>,
  metrics: Metrics,
): Promise<Started<MetricsEndpoint>> {
  if (options.metrics === null) return { ok: true, source: { url: undefined } };
  const { logger } = options;
  const server = createMetricsServer(metrics.registry, (error) => logger.error({ error }, 'metrics failed'));
  const opened = await listenServer(server, options.metrics);
  if (opened.ok) return { ok: true, source: { server, url: `${opened.source}/metrics` } };
  if (options.metrics.mayFail !== true) return opened;
  logger.warn({ reason: opened.problems[0]?.message }, 'started without metrics');
  return { ok: true, source: { url: undefined } };
}

/** An expired certificate makes a pod unready: a rollout stops at it, and it shows in `kubectl get pods`. */
function judgeReadiness({ facts }: TlsPair, now: Date): Readiness {
  const reasons: string[] = [];
  if (now > facts.notAfter) reasons.push(`the serving certificate expired ${facts.notAfter.toISOString()}`);
  if (now < facts.notBefore) {
    reasons.push(`the serving certificate is not valid before ${facts.notBefore.toISOString()}`);
  }
  return { ready: reasons.length === 0, reasons };
}
