// The webhook behind a real API server: what it stores, what it refuses, and in which words.
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutRoots } from '../support/as-pod.ts';
import { injectedByCli } from './injected-by-cli.ts';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { storedDifference } from './stored-difference.ts';
import { useCluster } from './use-cluster.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('API server');

describe.skipIf(provider === null)('a real API server', () => {
  const suite = useCluster(provider, { preferredNodes: ['node-1', 'node-2'] });
  const namespace = `api-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));

  it('stores a labelled pod as the command line says', async () => {
    const pod = renderPod({ namespace, name: 'stored' });
    const said = await injectedByCli(pod, suite().webhook.settingsFile);
    const stored = await kubectl().create(pod);
    expect(names(stored, 'initContainers')).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
    expect(storedDifference(withoutRoots(said), withoutRoots(stored))).toEqual([]);
  });

  it.each([
    { why: 'without the label', labels: {} },
    { why: 'with the label "false"', labels: { [LABEL]: 'false' } },
  ])('leaves a pod $why as it is', async ({ labels }) => {
    const stored = await kubectl().create(
      renderPod({ namespace, name: `plain-${Object.keys(labels).length}`, labels }),
    );
    expect(stored['spec']['initContainers']).toBeUndefined();
    expect(stored['metadata']['annotations']).toBeUndefined();
    expect(stored['spec']['containers'][0]['volumeMounts'][0]).toEqual({
      name: 'media',
      mountPath: '/mnt/media',
    });
  });

  it('refuses a Deployment that is pinned to a node, and kubectl shows the rule, the value and the mend', async () => {
    const spec = { nodeSelector: { 'kubernetes.io/hostname': 'wow-ocp-node2' } };
    const deployment = renderDeployment({ namespace, name: 'pinned', spec });
    const refused = await kubectl().run(['apply', '-f', '-'], { input: deployment });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Deployment "pinned" is invalid: spec.template.spec.nodeSelector[kubernetes.io/hostname]: MS101: nodeSelector kubernetes.io/hostname pins the pod to "wow-ocp-node2". Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.
      "
    `);
    expect((await kubectl().run(['get', 'deployment', 'pinned', '-n', namespace])).stderr).toContain(
      'NotFound',
    );
  });

  it('refuses a pod with an annotation that does not exist, and kubectl says what was meant', async () => {
    const annotations = { 'media-stack/read-onyl': 'false' };
    const pod = renderPod({ namespace, name: 'misspelt', annotations });
    const refused = await kubectl().run(['create', '-f', '-'], { input: pod });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Pod "misspelt" is invalid: metadata.annotations[media-stack/read-onyl]: MS503: there is no annotation "media-stack/read-onyl". Did you mean "media-stack/read-only"? All annotations are listed in docs/annotations.md.
      "
    `);
  });

  it('answers a dry run like the real thing and stores nothing', async () => {
    const pod = renderPod({ namespace, name: 'dry' });
    const answered = await kubectl().create(pod, '--dry-run=server');
    expect(names(answered, 'initContainers')).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
    expect((await kubectl().run(['get', 'pod', 'dry', '-n', namespace])).stderr).toContain('NotFound');
  });

  it('injects a pod whose name the API server makes up', async () => {
    const pod = renderPod({ namespace });
    const { name: _name, ...metadata } = pod['metadata'] as KubeObject;
    const stored = await kubectl().create({ ...pod, metadata: { ...metadata, generateName: 'sonarr-' } });
    expect(stored['metadata']['name']).toMatch(/^sonarr-.{5}$/);
    expect(names(stored, 'initContainers')).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
  });

  it('leaves a pod alone that is updated: label put on later, label removed', async () => {
    const plain = await kubectl().create(renderPod({ namespace, name: 'labelled-later', labels: {} }));
    await kubectl().text(['label', 'pod', 'labelled-later', '-n', namespace, `${LABEL}=true`]);
    const later = await kubectl().json(['get', 'pod', 'labelled-later', '-n', namespace]);
    expect(later['spec']).toEqual(plain['spec']);
    const injected = await kubectl().create(renderPod({ namespace, name: 'unlabelled-later' }));
    await kubectl().text(['label', 'pod', 'unlabelled-later', '-n', namespace, `${LABEL}-`]);
    const still = await kubectl().json(['get', 'pod', 'unlabelled-later', '-n', namespace]);
    expect(still['spec']).toEqual(injected['spec']);
  });

  it('finds nothing to do when a manifest is applied for the second time', async () => {
    const apply = ['apply', '-f', '-'];
    const deployment = { input: renderDeployment({ namespace, name: 'twice', replicas: 0 }) };
    expect(await kubectl().text(apply, deployment)).toContain('created');
    expect(await kubectl().text(apply, deployment)).toContain('unchanged');
    // For a pod kubectl always sends the order of its lists and says "configured": what counts is what is stored.
    const pod = { input: renderPod({ namespace, name: 'twice' }) };
    const [first, second] = [await kubectl().json(apply, pod), await kubectl().json(apply, pod)];
    expect(second['spec']).toEqual(first['spec']);
    expect(second['metadata']['annotations']).toEqual(first['metadata']['annotations']);
  });

  it('takes back what it stored: the injected pod under another name is stored without a change', async () => {
    const first = await kubectl().create(renderPod({ namespace, name: 'copied' }));
    const copy = {
      ...first,
      metadata: { ...pick(first['metadata'], ['labels', 'annotations', 'namespace']), name: 'copy' },
    };
    const second = await kubectl().create(copy);
    expect(second['spec']).toEqual(first['spec']);
    expect(second['metadata']['annotations']).toEqual(first['metadata']['annotations']);
  });

  it('injects the pods that a Deployment makes, and not the Deployment', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const template = renderDeployment({ namespace, name: 'controlled', replicas: 2 });
    const stored = await kubectl().create(template);
    expect(stored['spec']['template']['spec']['initContainers']).toBeUndefined();
    const pods = await waitUntil(
      'two pods',
      async () => {
        const list = await kubectl().json(['get', 'pods', '-n', namespace, '-l', 'app=controlled']);
        return list['items'].length === 2 && (list['items'] as KubeObject[]);
      },
      { timeoutMs: 30_000 },
    );
    for (const pod of pods) {
      expect(names(pod, 'initContainers')).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
      expect(pod['metadata']['annotations']['media-stack/status']).toContain('"remotes":["zurg","torbox"]');
    }
  });
});

function names(pod: KubeObject, list: 'initContainers' | 'containers'): string[] {
  return ((pod['spec'][list] ?? []) as KubeObject[]).map(({ name }) => name as string);
}

function pick(object: KubeObject, keys: readonly string[]): KubeObject {
  return Object.fromEntries(keys.map((key) => [key, object[key]]));
}
