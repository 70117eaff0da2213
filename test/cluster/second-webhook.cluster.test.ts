// A second mutating webhook before ours or behind it: the pod is complete in the end, has nothing twice, or is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { injectedByCli } from './injected-by-cli.ts';
import type { KubeObject, KubectlResult } from './kubectl.ts';
import { LABEL, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { SECOND_WEBHOOK_LABEL, startSecondWebhook } from './second-webhook.ts';
import type { MutationName, SecondWebhook } from './second-webhook.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

type Position = 'before' | 'after';

interface Row {
  readonly mutation: MutationName;
  readonly position: Position;
  readonly initContainers: readonly string[];
  readonly containers: readonly string[];
}

const OURS = ['init-dirs', 'rclone-zurg', 'rclone-torbox'];

describe.skipIf(provider === null)('a second webhook beside ours', () => {
  const suite = useCluster(provider);
  const namespace = `second-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  let second: SecondWebhook | undefined;
  beforeAll(async () => {
    await kubectl().createNamespace(namespace);
    second = await startSecondWebhook(kubectl(), suite().cluster.webhookAddress);
  }, 120_000);
  afterAll(async () => second?.stop());

  const render = (position: Position, mutation: MutationName): KubeObject => {
    const labels = { [LABEL]: 'true', [SECOND_WEBHOOK_LABEL]: `${position}-${mutation}` };
    const sidekick = { name: 'ui', image: 'registry.test/ui:1' };
    const container = { name: 'sonarr' };
    const pod = renderPod({ namespace, name: `${position}-${mutation}`, labels, container });
    (pod['spec']['containers'] as KubeObject[]).push(sidekick);
    return pod;
  };

  const rows: readonly Row[] = [
    ...both('prepends', [], ['helper', 'sonarr', 'ui']),
    ...both('reverses', [], ['ui', 'sonarr']),
    ...both('adds-a-reader', [], ['sonarr', 'ui', 'reader']),
    ...both('adds-a-proxy', ['istio-init'], ['sonarr', 'ui', 'istio-proxy']),
    ...both('adds-a-native-proxy', ['istio-init', 'istio-proxy'], ['sonarr', 'ui']),
  ];
  it.each(rows)(
    'completes the pod and doubles nothing when one called $position it $mutation',
    async (row) => {
      const stored = await kubectl().create(render(row.position, row.mutation));
      expect(names(stored, 'initContainers')).toEqual(row.initContainers);
      expect(names(stored, 'containers')).toEqual(row.containers);
      expect(twice(stored)).toEqual([]);
      expect(propagations(stored)).toEqual({
        'init-dirs': 'Bidirectional',
        'rclone-zurg': 'Bidirectional',
        'rclone-torbox': 'Bidirectional',
        sonarr: 'HostToContainer',
        ...(row.mutation === 'adds-a-reader' ? { reader: 'HostToContainer' } : {}),
      });
      expect(await injectedByCli(stored, suite().webhook.settingsFile)).toEqual(stored);
    },
  );

  it('puts a sidecar back that another webhook removed behind us', async () => {
    const stored = await kubectl().create(render('after', 'removes-a-sidecar'));
    expect(names(stored, 'initContainers')).toEqual(['init-dirs', 'rclone-torbox', 'rclone-zurg']);
  });

  it('refuses the pod with MS302 when another webhook strips restartPolicy from the sidecars', async () => {
    const refused = await create('strips-restart-policy-and-probes');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Pod "after-strips-restart-policy-and-probes" is invalid: 
      * spec.initContainers[0].restartPolicy: MS302: init-dirs has lost its restartPolicy: Always: the pod would wait for its end for ever. Another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".
      * spec.initContainers[1].restartPolicy: MS302: sidecar rclone-zurg is an init container with restartPolicy not set: the pod would wait for its end for ever. Write restartPolicy: Always in it. If it was injected, another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".
      * spec.initContainers[2].restartPolicy: MS302: sidecar rclone-torbox is an init container with restartPolicy not set: the pod would wait for its end for ever. Write restartPolicy: Always in it. If it was injected, another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".
      "
    `);
  });

  it('refuses the pod with MS302 when restartPolicy is stripped from init-dirs alone', async () => {
    const refused = await create('strips-restart-policy-of-init-dirs');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Pod "after-strips-restart-policy-of-init-dirs" is invalid: spec.initContainers[0].restartPolicy: MS302: init-dirs has lost its restartPolicy: Always: the pod would wait for its end for ever. Another webhook (one with old client types) has stripped the field: update that one, or annotate media-stack/sidecar-mode: "container".
      "
    `);
  });

  it.each(['before', 'after'] as const)(
    'keeps plain sidecars ahead of the app when one called %s it prepends',
    async (position) => {
      const pod = render(position, 'prepends');
      pod['metadata']['name'] += '-plain';
      pod['metadata']['annotations'] = { 'media-stack/sidecar-mode': 'container' };
      const stored = await kubectl().create(pod);
      const sidecars = ['rclone-zurg', 'rclone-torbox'];
      const theirs = ['helper'];
      expect(names(stored, 'containers')).toEqual([
        ...(position === 'before' ? [...sidecars, ...theirs] : [...theirs, ...sidecars]),
        'sonarr',
        'ui',
      ]);
      expect(twice(stored)).toEqual([]);
    },
  );

  it('leaves it to the API server to refuse the pod when the probes stay without restartPolicy', async () => {
    const refused = await create('strips-restart-policy');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Pod "after-strips-restart-policy" is invalid: 
      * spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always
      * spec.initContainers[1].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always
      * spec.initContainers[1].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always
      * spec.initContainers[2].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always
      * spec.initContainers[2].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always
      "
    `);
  });

  it('refuses the pod with MS304 when another webhook turns the order of the init containers round', async () => {
    const refused = await create('reverses-init');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatchInlineSnapshot(`
      "The Pod "after-reverses-init" is invalid: 
      * spec.initContainers[0]: MS304: sidecar rclone-zurg starts before init-dirs, which makes its mount point. Put init-dirs first among the init containers.
      * spec.initContainers[1]: MS304: sidecar rclone-torbox starts before init-dirs, which makes its mount point. Put init-dirs first among the init containers.
      "
    `);
  });

  async function create(mutation: MutationName): Promise<KubectlResult> {
    return kubectl().run(['create', '-f', '-'], { input: render('after', mutation) });
  }
});

/** Who comes later puts its init containers in front. */
function both(mutation: MutationName, theirs: readonly string[], containers: readonly string[]): Row[] {
  return (['before', 'after'] as const).map((position) => ({
    mutation,
    position,
    initContainers: position === 'before' ? [...OURS, ...theirs] : [...theirs, ...OURS],
    containers,
  }));
}

function names(pod: KubeObject, list: 'initContainers' | 'containers' | 'volumes'): string[] {
  return ((pod['spec'][list] ?? []) as KubeObject[]).map(({ name }) => name as string);
}

/** Names of containers and volumes, and mounts of a container, that are there more than once. */
function twice(pod: KubeObject): string[] {
  const containers = [...names(pod, 'initContainers'), ...names(pod, 'containers')];
  const mounts = containersOf(pod).flatMap(({ name, volumeMounts }) =>
    ((volumeMounts ?? []) as KubeObject[]).map(({ mountPath }) => `${name} ${mountPath}`),
  );
  return [containers, names(pod, 'volumes'), mounts].flatMap((list) =>
    list.filter((item, index) => list.indexOf(item) !== index),
  );
}

/** Of the media path, by container. */
function propagations(pod: KubeObject): Record<string, unknown> {
  const found = containersOf(pod).flatMap(({ name, volumeMounts }) =>
    ((volumeMounts ?? []) as KubeObject[])
      .filter(({ mountPath }) => mountPath === '/mnt/media')
      .map(({ mountPropagation }) => [name, mountPropagation] as const),
  );
  return Object.fromEntries(found) as Record<string, unknown>;
}

function containersOf(pod: KubeObject): KubeObject[] {
  return [...((pod['spec']['initContainers'] ?? []) as KubeObject[]), ...pod['spec']['containers']];
}
