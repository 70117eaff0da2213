// The real server process behind a real API server: `media-stack serve` on loopback with certificates of its own.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { issueCertificateAuthority, issueServingCertificate } from '../../certs-tool/issue.ts';
import type { KubeObject, Kubectl } from './kubectl.ts';
import { startProcess } from './supervised-process.ts';
import { waitUntil } from './wait-until.ts';
import { CONFIGURATION_NAME, renderWebhookConfigurations } from './webhook-configurations.ts';

export interface WebhookAddress {
  /** Where the server listens. */
  readonly listenHost: string;
  /** By which name or address the API server reaches it. */
  readonly host: string;
}

export const ON_LOOPBACK: WebhookAddress = { listenHost: '127.0.0.1', host: '127.0.0.1' };

export interface WebhookOptions {
  /** From createRunFolder. */
  readonly folder: string;
  readonly kubectl: Kubectl;
  readonly address: WebhookAddress;
  /** Content of the settings file; default: empty, all defaults. */
  readonly settings?: object;
}

export interface Webhook {
  /** `https://HOST:PORT` as the API server reaches it. */
  readonly url: string;
  readonly caPem: string;
  readonly settingsFile: string;
  readonly logFile: string;
  /** Writes other settings and waits until the server has read them; the same ones again cost nothing. */
  changeSettings(settings: object): Promise<void>;
  /** Takes the configurations back and ends the server. Call it any number of times. */
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** Resolves when the API server really calls it, for pods and for workloads. */
export async function startWebhook(options: WebhookOptions): Promise<Webhook> {
  const { folder, kubectl, address } = options;
  const home = join(folder, 'webhook');
  mkdirSync(home);
  const caPem = await writeCertificates(home, address.host);
  const settingsFile = join(home, 'settings.yaml');
  writeFileSync(settingsFile, JSON.stringify(options.settings ?? {}));
  const logFile = join(folder, 'logs', 'webhook.log');
  const server = startProcess({
    name: 'media-stack serve',
    command: process.execPath,
    args: [
      MAIN,
      'serve',
      `--cert-dir=${home}`,
      `--settings=${settingsFile}`,
      `--host=${address.listenHost}`,
      '--port=0',
      '--metrics-port=off',
      '--drain-delay=0',
    ],
    logFile,
  });
  const stop = async (): Promise<void> => {
    await kubectl
      .run([
        'delete',
        '--ignore-not-found',
        ...CONFIGURATION_KINDS.map((kind) => `${kind}/${CONFIGURATION_NAME}`),
      ])
      .catch(() => {}); // The API server may be gone already, and the configurations with it.
    await server.kill();
  };
  try {
    const port = await waitUntil('the webhook to listen', () => listeningPort(logFile), {
      timeoutMs: 30_000,
      failed: server.failure,
    });
    const url = `https://${address.host}:${port}`;
    for (const configuration of renderWebhookConfigurations({ url, caPem }))
      await kubectl.create(configuration);
    await waitUntil('the API server to call the webhook', () => isCalled(kubectl), {
      timeoutMs: 30_000,
      intervalMs: 200,
      failed: server.failure,
    });
    const changeSettings = async (settings: object): Promise<void> => {
      const text = JSON.stringify(settings);
      if (readFileSync(settingsFile, 'utf8') === text) return;
      const reloads = countReloads(logFile);
      writeFileSync(`${settingsFile}.new`, text);
      renameSync(`${settingsFile}.new`, settingsFile);
      await waitUntil('the settings to be read', () => countReloads(logFile) > reloads, {
        timeoutMs: 30_000,
        failed: server.failure,
      });
    };
    return { url, caPem, settingsFile, logFile, changeSettings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const CONFIGURATION_KINDS = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'];

/** Writes tls.crt and tls.key; returns the CA. */
async function writeCertificates(folder: string, host: string): Promise<string> {
  const now = new Date();
  const ca = await issueCertificateAuthority({ commonName: 'media-stack webhook CA', now, validDays: 1 });
  const serving = await issueServingCertificate({
    ca,
    dnsNames: isIP(host) === 0 ? [host] : [],
    ipAddresses: isIP(host) === 0 ? [] : [host],
    now,
    validDays: 1,
  });
  writeFileSync(join(folder, 'tls.crt'), serving.certificatePem);
  writeFileSync(join(folder, 'tls.key'), serving.keyPem, { mode: 0o600 });
  return ca.certificatePem;
}

/** From the line that the server logs when its ports are open. */
function listeningPort(logFile: string): number | undefined {
  const line = readFileSync(logFile, 'utf8')
    .split('\n')
    .find((text) => text.includes('"msg":"listening"'));
  return line === undefined ? undefined : Number(new URL((JSON.parse(line) as { url: string }).url).port);
}

function countReloads(logFile: string): number {
  return readFileSync(logFile, 'utf8').split('"what":"settings"').length - 1;
}

/** The API server reads the two configurations at different moments: one dry run for each. */
async function isCalled(kubectl: Kubectl): Promise<boolean> {
  const labels = { 'media-stack/cloud-mounts': 'true' };
  const spec = { containers: [{ name: 'app', image: 'app' }] };
  const metadata = { name: 'media-stack-is-called', namespace: 'default', labels };
  const pod = await kubectl.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec }, '--dry-run=server');
  const pinned = { ...spec, nodeSelector: { 'kubernetes.io/hostname': 'x' } };
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pinned } },
  };
  const refused = await kubectl.run(['create', '--dry-run=server', '-f', '-'], { input: deployment });
  return pod['metadata']['annotations']?.['media-stack/status'] !== undefined && refused.exitCode !== 0;
}
