// Our webhook out of order behind a real API server: with Fail no labelled pod gets by, with Ignore it starts as it is.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startAdmissionServer } from './admission-server.ts';
import type { AdmissionServer } from './admission-server.ts';
import { containerNames, waitForPods } from './created-workload.ts';
import { freePorts } from './free-ports.ts';
import type { KubectlResult } from './kubectl.ts';
import { renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';
import { waitUntil } from './wait-until.ts';
import { renderWebhookConfigurations } from './webhook-configurations.ts';
import type { WebhookConfigurationOptions } from './webhook-configurations.ts';

const provider = await findProvider('API server');

const INJECTED = ['init-dirs', 'rclone-zurg', 'rclone-torbox', '|', 'sonarr'];
const PLAIN = ['|', 'sonarr'];
const FAULTS = [
  { fault: 'nobody listens', says: /connect: connection refused/ },
  { fault: 'it answers 500', says: /an error on the server \(""\) has prevented/ },
  { fault: 'it never answers', says: /context deadline exceeded|Timeout exceeded/ },
  { fault: 'caBundle is of another CA', says: /x509: certificate signed by unknown authority/ },
] as const;
type Fault = (typeof FAULTS)[number]['fault'];
/** Short, so that the test of a server that never answers is; the chart has 5. */
const TIMEOUT_SECONDS = 1;

describe.skipIf(provider === null)('a webhook that is out of order', () => {
  const suite = useCluster(provider);
  const namespace = `broken-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  let other: AdmissionServer | undefined;
  let made = 0;
  beforeAll(async () => {
    await kubectl().createNamespace(namespace);
    const answer = (path: string) => (path.startsWith('/silent/') ? 'never' : 500);
    other = await startAdmissionServer(suite().cluster.webhookAddress, answer);
  });
  afterEach(restore);
  afterAll(async () => other?.stop());

  it.each(FAULTS)('with Fail no labelled pod is stored when $fault', async ({ fault, says }) => {
    await configure({ ...(await addressOf(fault)), podFailurePolicy: 'Fail' });
    const isBroken = async (): Promise<boolean> => says.test((await createPod('--dry-run=server')).stderr);
    await waitUntil('the API server to use the configuration', isBroken, { timeoutMs: 30_000 });
    const { exitCode, stderr, name } = await createPod();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/failed calling webhook "pods\.media-stack\.io"/);
    expect(stderr).toMatch(says);
    expect((await kubectl().run(['get', 'pod', name, '-n', namespace])).stderr).toContain('NotFound');
  });

  it.each(FAULTS)('with Ignore a labelled pod is stored as it is when $fault', async ({ fault }) => {
    await configure({ ...(await addressOf(fault)), podFailurePolicy: 'Ignore' });
    const isPlain = async (): Promise<boolean> =>
      sameNames(await createPod('--dry-run=server', '-o', 'json'), PLAIN);
    await waitUntil('the API server to use the configuration', isPlain, { timeoutMs: 30_000 });
    const { name } = await createPod();
    const stored = await kubectl().json(['get', 'pod', name, '-n', namespace]);
    expect(containerNames(stored)).toEqual(PLAIN);
    expect(stored['metadata']['annotations']).toBeUndefined();
  });

  it('does not keep a pod without the label from being stored', async () => {
    await breakWithFail();
    const { exitCode, stderr } = await kubectl().run(['create', '-f', '-'], {
      input: renderPod({ namespace, name: 'unlabelled', labels: {} }),
    });
    expect(exitCode, stderr).toBe(0);
  });

  it('still judges the pod when the injection alone is out of order and ignored: MS302', async () => {
    const [mutating = {}] = renderWebhookConfigurations({
      ...(await addressOf('nobody listens')),
      podFailurePolicy: 'Ignore',
    });
    await kubectl().text(['replace', '-f', '-'], { input: mutating });
    const isJudged = async (): Promise<boolean> =>
      (await createPod('--dry-run=server')).stderr.includes('MS302');
    await waitUntil('the pod to be refused', isJudged, { timeoutMs: 30_000 });
    const { stderr, name } = await createPod();
    expect(stderr.replaceAll(name, 'NAME')).toMatchInlineSnapshot(`
      "The Pod "NAME" is invalid: 
      * spec.containers[0].volumeMounts[0].mountPropagation: MS201: container sonarr mounts /mnt/media with mountPropagation not set: it never sees the mounts of the sidecars. Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.
      * spec.initContainers: MS302: no sidecar mounts the remote "zurg". Create the pod again while the mutating webhook runs; if it was injected, another webhook has removed the sidecar. Without this remote: media-stack/remotes.
      * spec.initContainers: MS302: no sidecar mounts the remote "torbox". Create the pod again while the mutating webhook runs; if it was injected, another webhook has removed the sidecar. Without this remote: media-stack/remotes.
      "
    `);
  });

  it('accepts workloads meanwhile, and their pods come as soon as it is in order again', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const own = await kubectl().createNamespace(`${namespace}-later`);
    await breakWithFail();
    await kubectl().create(renderDeployment({ namespace: own, name: 'sonarr', replicas: 2 }));
    const isTold = async (): Promise<boolean> => {
      const events = await kubectl().text(['get', 'events', '-n', own]);
      return /FailedCreate.*failed calling webhook "pods\.media-stack\.io"/.test(events);
    };
    await waitUntil('the event that tells about it', isTold, { timeoutMs: 30_000 });
    expect((await kubectl().json(['get', 'pods', '-n', own]))['items']).toEqual([]);
    await restore();
    const pods = await waitForPods(kubectl(), own, { count: 2 });
    expect(pods.map(containerNames)).toEqual([INJECTED, INJECTED]);
  });

  async function addressOf(fault: Fault): Promise<WebhookConfigurationOptions> {
    const { webhook, cluster } = suite();
    if (other === undefined) throw new Error('no server');
    switch (fault) {
      case 'nobody listens': {
        const [port] = await freePorts(1);
        return { url: `https://${cluster.webhookAddress.host}:${port}`, caPem: webhook.caPem };
      }
      case 'it answers 500': {
        return { url: `${other.url}/failing`, caPem: other.caPem };
      }
      case 'it never answers': {
        return { url: `${other.url}/silent`, caPem: other.caPem };
      }
      case 'caBundle is of another CA': {
        return { url: webhook.url, caPem: other.caPem };
      }
    }
  }

  async function configure(options: WebhookConfigurationOptions): Promise<void> {
    for (const input of renderWebhookConfigurations({ timeoutSeconds: TIMEOUT_SECONDS, ...options })) {
      await kubectl().text(['replace', '-f', '-'], { input });
    }
  }

  async function breakWithFail(): Promise<void> {
    await configure(await addressOf('nobody listens'));
    const isBroken = async (): Promise<boolean> => (await createPod('--dry-run=server')).exitCode !== 0;
    await waitUntil('the API server to use the configuration', isBroken, { timeoutMs: 30_000 });
  }

  /** Resolves when a pod is injected and judged again. */
  async function restore(): Promise<void> {
    const { url, caPem } = suite().webhook;
    await configure({ url, caPem, timeoutSeconds: 5 });
    const isInOrder = async (): Promise<boolean> => {
      if (!sameNames(await createPod('--dry-run=server', '-o', 'json'), INJECTED)) return false;
      const spec = { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } };
      const input = renderPod({ namespace, name: 'judged', spec });
      const refused = await kubectl().run(['create', '--dry-run=server', '-f', '-'], { input });
      return refused.stderr.includes('MS101');
    };
    await waitUntil('the webhook to be in order', isInOrder, { timeoutMs: 30_000 });
  }

  async function createPod(...args: readonly string[]): Promise<KubectlResult & { readonly name: string }> {
    const name = `sonarr-${(made += 1)}`;
    const input = renderPod({ namespace, name, container: { name: 'sonarr' } });
    return { ...(await kubectl().run(['create', '-f', '-', ...args], { input })), name };
  }
});

function sameNames({ stdout }: KubectlResult, names: readonly string[]): boolean {
  return containerNames(JSON.parse(stdout) as Record<string, unknown>).join(' ') === names.join(' ');
}
