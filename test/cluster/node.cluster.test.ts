// Labelled workloads of ordinary form on a real node, from the first apply to the last mount.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment } from './media-app.ts';
import { countReadings, READER } from './node-reader.ts';
import { FILM, isRunning, LISTED, READING_APP, SHOW, useNodeScene } from './node-scene.ts';
import { useRemoval } from './node-steps.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('a real node', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const expectGone = useRemoval(scene);

  it('gives the app both remotes, and nothing is left when it is deleted', async () => {
    const { deploy, exec, fuseMounts } = scene();
    await deploy();
    expect(await exec('sonarr', 'cat', FILM, SHOW)).toBe('a filma show');
    expect(fuseMounts()).toHaveLength(2);
    await expectGone('ordinary deletion');
  });

  it.each(['StatefulSet', 'DaemonSet'] as const)('gives the pod of a %s both remotes', async (kind) => {
    const { kubectl, namespace, fuseMounts } = scene();
    const name = kind.toLowerCase();
    const workload = [`${name}/${name}`, '-n', namespace];
    await kubectl.create(asKind(kind, namespace, name));
    await kubectl.text(['rollout', 'status', ...workload, '--timeout=60s'], { timeoutMs: 70_000 });
    const read = ['exec', ...workload, '-c', name, '--', 'cat', FILM, SHOW];
    expect(await kubectl.text(read)).toBe('a filma show');
    await kubectl.text(['delete', ...workload]);
    await waitUntil('the mounts to go', () => fuseMounts().length === 0, { timeoutMs: 60_000 });
  });

  it('takes the mounts of an app whose label is taken off, which then gets errors, and brings them back', async () => {
    const { deploy, kubectl, namespace, pod, exec, readings, fuseMounts } = scene();
    const becomes = async (label: string | null): Promise<void> => {
      const patch = JSON.stringify({ spec: { template: { metadata: { labels: { [LABEL]: label } } } } });
      await kubectl.text(['patch', 'deployment', 'sonarr', '-n', namespace, '-p', patch]);
      const alone = async (): Promise<boolean> => {
        const found = await pod();
        return found['metadata']['labels'][LABEL] === (label ?? undefined) && isRunning(found, 'sonarr');
      };
      await waitUntil('the other pod to be the only one', alone, { timeoutMs: 60_000 });
    };
    await deploy({ container: { ...READING_APP, command: [READER, ...LISTED] } });
    await becomes(null);
    expect(fuseMounts()).toEqual([]);
    await waitUntil('a listing', async () => (await readings()).length > 0, { timeoutMs: 30_000 });
    expect(countReadings(await readings())).toMatchObject({ entries: 0, empty: 0 });
    await becomes('true');
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
    expect(countReadings(await readings())).toMatchObject({ errors: 0, empty: 0 });
    await expectGone('deletion after the label was taken off and put back');
  });
});

/** The ordinary app in another kind of workload. */
function asKind(kind: 'StatefulSet' | 'DaemonSet', namespace: string, name: string): KubeObject {
  const { metadata, spec } = renderDeployment({ namespace, name });
  const { selector, template } = spec as KubeObject;
  const ofKind = kind === 'StatefulSet' ? { serviceName: name } : {};
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: metadata as object,
    spec: { ...ofKind, selector, template },
  };
}
