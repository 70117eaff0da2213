// Pods that controllers make of labelled templates: each kind, many at once, and what a change of the template does.
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutRoots } from '../support/as-pod.ts';
import { ensureNode, waitForPods } from './created-workload.ts';
import { injectedByCli } from './injected-by-cli.ts';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment } from './media-app.ts';
import { findProvider } from './provider.ts';
import { storedDifference } from './stored-difference.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

describe.skipIf(provider === null)('controllers behind a real API server', () => {
  const suite = useCluster(provider, { preferredNodes: ['node-1'] });
  const kubectl = () => suite().cluster.kubectl;
  let made = 0;
  const newNamespace = async (): Promise<string> =>
    kubectl().createNamespace(`controllers-${process.pid}-${(made += 1)}`);
  beforeAll(async () => {
    if (suite().cluster.hasControllers) await ensureNode(kubectl());
  });

  it.for([
    { kind: 'Deployment', apiVersion: 'apps/v1', timeoutMs: 30_000 },
    { kind: 'StatefulSet', apiVersion: 'apps/v1', timeoutMs: 30_000 },
    { kind: 'DaemonSet', apiVersion: 'apps/v1', timeoutMs: 30_000 },
    { kind: 'ReplicaSet', apiVersion: 'apps/v1', timeoutMs: 30_000 },
    { kind: 'ReplicationController', apiVersion: 'v1', timeoutMs: 30_000 },
    { kind: 'Job', apiVersion: 'batch/v1', timeoutMs: 30_000 },
    // It fires at the full minute.
    { kind: 'CronJob', apiVersion: 'batch/v1', timeoutMs: 75_000 },
  ])(
    'stores the pod of a $kind as the command line says about its template',
    { timeout: 120_000 },
    async ({ kind, apiVersion, timeoutMs }, { skip }) => {
      skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
      const workload = renderWorkload(kind, apiVersion, await newNamespace());
      const said = templateOf(await injectedByCli(workload, suite().webhook.settingsFile));
      const stored = await kubectl().create(workload);
      expect(templateOf(stored)['spec']['initContainers']).toBeUndefined();
      const { namespace } = workload['metadata'] as { namespace: string };
      const [pod] = await waitForPods(kubectl(), namespace, { timeoutMs });
      expect(initContainersOf(pod)).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
      expect(storedDifference(withoutRoots(said), withoutRoots(pod ?? {}))).toEqual([]);
    },
  );

  it('injects each of the 20 pods of a Deployment that is scaled from 1', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const namespace = await newNamespace();
    const deployment = renderDeployment({ namespace, name: 'many' });
    const said = withoutRoots(templateOf(await injectedByCli(deployment, suite().webhook.settingsFile)));
    await kubectl().create(deployment);
    await waitForPods(kubectl(), namespace);
    expect(await kubectl().text(['scale', 'deployment/many', '--replicas=20', '-n', namespace])).toBe(
      'deployment.apps/many scaled\n',
    );
    const pods = await waitForPods(kubectl(), namespace, { count: 20 });
    expect(pods).toHaveLength(20);
    expect(pods.flatMap((pod) => storedDifference(said, withoutRoots(pod)))).toEqual([]);
  });

  it('makes plain pods when the label is taken off a template, and injected ones when it is put back', async ({
    skip,
  }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const namespace = await newNamespace();
    const deployment = renderDeployment({ namespace, name: 'toggled' });
    deployment['spec']['strategy'] = { type: 'Recreate' };
    await kubectl().create(deployment);
    const becomes = async (label: string | null, initContainers: readonly string[]): Promise<void> => {
      const patch = { spec: { template: { metadata: { labels: { [LABEL]: label } } } } };
      await kubectl().text(['patch', 'deployment', 'toggled', '-n', namespace, '-p', JSON.stringify(patch)]);
      const hasBecome = (pod: KubeObject): boolean =>
        initContainersOf(pod).join(' ') === initContainers.join(' ') &&
        pod['metadata']['labels'][LABEL] === (label ?? undefined);
      await waitForPods(kubectl(), namespace, { fits: hasBecome });
      // The others are gone: Recreate starts nothing before that.
      await waitForPods(kubectl(), namespace, { fits: (pod) => !hasBecome(pod), count: 0, atMost: 0 });
    };
    const ours = ['init-dirs', 'rclone-zurg', 'rclone-torbox'];
    await becomes('true', ours);
    await becomes(null, []);
    await becomes('true', ours);
    await becomes('false', []);
  });
});

/** The ordinary app in another kind of workload. */
function renderWorkload(kind: string, apiVersion: string, namespace: string): KubeObject {
  const { metadata, spec } = renderDeployment({ namespace, name: kind.toLowerCase() });
  const { template } = spec as { template: KubeObject };
  const selectorLabels = { app: kind.toLowerCase() };
  const toCompletion = {
    ...template,
    spec: { ...(template['spec'] as object), restartPolicy: 'Never' },
  };
  const specs: Readonly<Record<string, object>> = {
    StatefulSet: { serviceName: 'none', selector: { matchLabels: selectorLabels }, template },
    ReplicationController: { selector: selectorLabels, template },
    Job: { template: toCompletion },
    CronJob: { schedule: '* * * * *', jobTemplate: { spec: { template: toCompletion } } },
  };
  const byLabels = { selector: { matchLabels: selectorLabels }, template };
  return { apiVersion, kind, metadata: metadata as unknown, spec: specs[kind] ?? byLabels };
}

function templateOf({ spec }: KubeObject): KubeObject {
  const { template } = (spec['jobTemplate']?.['spec'] ?? spec) as { template: KubeObject };
  return template;
}

function initContainersOf(pod: KubeObject | undefined): string[] {
  return ((pod?.['spec']['initContainers'] ?? []) as KubeObject[]).map(({ name }) => name as string);
}
