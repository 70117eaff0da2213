// `media-stack serve`: options -> a running server -> until a signal ends it. The server itself is wired in
// server/run-server.ts, which is loaded only when this command runs: Fastify alone costs 70 MB.
import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';
import type { Logger } from 'pino';

import { renderProblemLine } from '../problem/problem.ts';
import type { Problem } from '../problem/problem.ts';
import type { DrainOptions } from '../server/drain.ts';
import type { Settings } from '../settings/schema.ts';
import { EXIT_COULD_NOT_RUN, EXIT_OK } from './exit-code.ts';
import { addServeOptions, chooseCertificates, DEFAULT_METRICS_PORT } from './serve-options.ts';
import type { CertificateFiles, ServeFlags } from './serve-options.ts';
import { waitForStopSignal } from './stop-signal.ts';

const POLL_MS = 10_000;

/** Puts `serve` on the program. Exit codes: 0 ended by a signal, 2 could not start. */
export function registerServe(program: Command): void {
  addServeOptions(program.command('serve'))
    .description('run the admission webhook')
    .action(async (flags: ServeFlags) => {
      // The version that `--version` prints.
      const version = program.version() ?? 'unknown';
      process.exit(await serve(flags, version));
    });
}

async function serve(flags: ServeFlags, version: string): Promise<number> {
  const chosen = chooseCertificates(flags);
  if (!chosen.ok) {
    process.stderr.write(`Error: ${chosen.message}. ${chosen.hint}\n`);
    return EXIT_COULD_NOT_RUN;
  }
  const isDev = chosen.files === 'make';
  // From here on, so that a signal in the middle of the start ends it in order, and its private folder with it.
  const stopSignal = waitForStopSignal(isDev ? ['SIGTERM', 'SIGINT', 'SIGHUP'] : ['SIGTERM', 'SIGINT']);
  const logger = await createLogger(flags.logLevel, isDev);
  const dev = isDev ? await import('./dev-server.ts') : undefined;
  const devFiles = await dev?.makeDevCertificates(new Date());
  const { buildHandlers } = await import('../server/handlers.ts');
  const { runServer } = await import('../server/run-server.ts');
  const { defaultSettings, parseSettings } = await import('../settings/parse-settings.ts');

  const host = flags.host ?? (isDev ? '127.0.0.1' : null);
  const command = commandLine(isDev, process.env['npm_lifecycle_event']);
  const settingsFile = flags.settings ?? null;
  const started = await runServer<Settings>({
    listen: { host, port: flags.port, option: '--port', command },
    metrics:
      flags.metricsPort === 0
        ? null
        : {
            host: flags.metricsHost ?? host,
            port: flags.metricsPort,
            option: '--metrics-port',
            command,
            // Who only tries it out did not ask for that port.
            mayFail: isDev && flags.metricsPort === DEFAULT_METRICS_PORT,
          },
    tls: devFiles ?? (chosen.files as CertificateFiles),
    settings: { file: settingsFile, parse: parseSettings, defaults: defaultSettings },
    buildHandlers,
    drain: await drainOptions(flags.drainDelay ?? (isDev ? 0 : undefined)),
    version: { version },
    logger,
    readFile: (file) => readFile(file),
    now: () => new Date(),
    pollMs: POLL_MS,
  });
  if (!started.ok) {
    for (const problem of started.problems) process.stderr.write(`${renderStartProblem(problem)}\n`);
    return EXIT_COULD_NOT_RUN;
  }
  const server = started.source;
  logger.info(
    { url: server.url, metricsUrl: server.metricsUrl, settings: settingsFile ?? 'defaults', version },
    'listening',
  );
  if (dev && devFiles) {
    const { url, metricsUrl } = server;
    const facts = { url, metricsUrl, settingsFile, caFile: devFiles.caFile };
    const exampleFile = dev.findExampleReview();
    process.stdout.write(
      dev.renderBanner({ ...facts, exampleFile, hasProxy: dev.hasHttpsProxy(process.env) }),
    );
  }

  const signal = await stopSignal;
  logger.info({ signal }, 'stopping');
  const { cutConnections } = await server.stop();
  logger.info({ cutConnections }, 'stopped');
  return EXIT_OK;
}

/** JSON lines on stdout; in development text on stderr, so that the line to paste stays in sight on stdout. */
async function createLogger(level: string, isDev: boolean): Promise<Logger> {
  const { pino, stdTimeFunctions } = await import('pino');
  const options = {
    level,
    // Process id and host name are the pod's, which whoever collects the log knows better.
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (!isDev) return pino(options);
  const { humanLog } = await import('./human-log.ts');
  return pino(
    options,
    humanLog((text) => process.stderr.write(text)),
  );
}

/** Another delay moves the deadline with it: the time for the last answers stays. */
async function drainOptions(delayMs: number | undefined): Promise<DrainOptions> {
  const { PRODUCTION_DRAIN } = await import('../server/drain.ts');
  const { announceMs, deadlineMs } = PRODUCTION_DRAIN;
  const announce = delayMs ?? announceMs;
  return { announceMs: announce, deadlineMs: announce + deadlineMs - announceMs };
}

function commandLine(isDev: boolean, npmScript: string | undefined): string {
  if (npmScript === 'start') return 'npm start --';
  return isDev ? 'media-stack serve --dev' : 'media-stack serve';
}

/** One line; a problem of an option names the option in its hint already. */
function renderStartProblem(problem: Problem): string {
  if (problem.position) return renderProblemLine(problem);
  const where = problem.path === '' || problem.path.startsWith('--') ? '' : `${problem.path}: `;
  return `Error: ${where}${problem.message}. ${problem.hint}`;
}
