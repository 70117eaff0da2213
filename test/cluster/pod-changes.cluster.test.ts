// What happens to a labelled pod besides its plain creation: server-side apply, changes, debugging.
import { beforeAll, describe, expect, it } from 'vitest';
import { containerNames } from './created-workload.ts';
import type { KubeObject } from './kubectl.ts';
import type { AppOptions } from './media-app.ts';
import { renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

const INJECTED = ['init-dirs', 'rclone-zurg', 'rclone-torbox', '|'];
const SERVER_SIDE = ['apply', '--server-side', '-f', '-'];

describe.skipIf(provider === null)('a labelled pod behind a real API server', () => {
  const suite = useCluster(provider);
  const namespace = `changes-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));
  const get = async (kind: string, name: string): Promise<KubeObject> =>
    kubectl().json(['get', kind, name, '-n', namespace, '--show-managed-fields']);

  it('is injected by server-side apply, and the same apply again changes nothing', async () => {
    const input = renderWaiting({ namespace, name: 'applied' });
    expect(await kubectl().text(SERVER_SIDE, { input })).toBe('pod/applied serverside-applied\n');
    const first = await get('pod', 'applied');
    expect(containerNames(first)).toEqual([...INJECTED, 'applied']);
    expect(await kubectl().text(SERVER_SIDE, { input })).toBe('pod/applied serverside-applied\n');
    expect(await get('pod', 'applied')).toEqual(first);
  });

  it('meets no conflict when a second manager applies the same manifest', async () => {
    const input = renderWaiting({ namespace, name: 'shared' });
    await kubectl().text(SERVER_SIDE, { input });
    const first = await get('pod', 'shared');
    await kubectl().text([...SERVER_SIDE, '--field-manager=argocd'], { input });
    expect((await get('pod', 'shared'))['spec']).toEqual(first['spec']);
  });

  it('leaves a Deployment to server-side apply as it was sent: no drift, nothing of ours', async () => {
    const input = renderDeployment({ namespace, name: 'applied', replicas: 0 });
    const diff = ['diff', '--server-side', '-f', '-'];
    await kubectl().text(SERVER_SIDE, { input });
    const first = await get('deployment', 'applied');
    await kubectl().text(SERVER_SIDE, { input });
    const second = await get('deployment', 'applied');
    expect(second['spec']).toEqual(first['spec']);
    expect(second['metadata']['generation']).toBe(1);
    expect(await kubectl().run(diff, { input })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('is refused by server-side apply in the same words', async () => {
    const spec = { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } };
    const refused = await kubectl().run(SERVER_SIDE, {
      input: renderWaiting({ namespace, name: 'pinned', spec }),
    });
    expect(refused).toMatchInlineSnapshot(`
      {
        "exitCode": 1,
        "stderr": "The Pod "pinned" is invalid: spec.nodeSelector[kubernetes.io/hostname]: MS101: nodeSelector kubernetes.io/hostname pins the pod to "node-1". Remove it. To prefer nodes without requiring them, list them under preferredNodes in the settings or write a preferred node affinity.
      ",
        "stdout": "",
      }
    `);
  });

  it('takes an ephemeral container of kubectl debug, and nothing else changes', async () => {
    const first = await kubectl().create(renderWaiting({ namespace, name: 'debugged' }));
    const debug = [
      'debug',
      'debugged',
      '-n',
      namespace,
      '--image=registry.test/debug:1',
      '--container=shell',
    ];
    expect((await kubectl().run([...debug, '--profile=general'])).exitCode).toBe(0);
    const { ephemeralContainers, ...spec } = (await get('pod', 'debugged'))['spec'] as KubeObject;
    expect((ephemeralContainers as KubeObject[]).map(({ name }) => name as string)).toEqual(['shell']);
    expect(spec).toEqual(first['spec']);
  });

  it.each([
    ['an image is changed', ['set', 'image', 'pod/CHANGED', 'app=registry.test/app:2']],
    ['an annotation is added', ['annotate', 'pod/CHANGED', 'example.com/note=hello']],
    ['our status annotation is removed', ['annotate', 'pod/CHANGED', 'media-stack/status-']],
  ])('keeps its containers, mounts and volumes when %s', async (why, change) => {
    const name = why.replaceAll(' ', '-');
    const first = await kubectl().create(renderWaiting({ namespace, name, container: { name: 'app' } }));
    await kubectl().text([...change.map((word) => word.replace('CHANGED', name)), '-n', namespace]);
    expect(withoutImages(await get('pod', name))).toEqual(withoutImages(first));
  });

  it('may get a wrong annotation later: only a creation is judged', async () => {
    await kubectl().create(renderWaiting({ namespace, name: 'annotated' }));
    const annotate = ['annotate', 'pod/annotated', 'media-stack/remotes=nobody', '-n', namespace];
    expect(await kubectl().run(annotate)).toEqual({
      exitCode: 0,
      stdout: 'pod/annotated annotated\n',
      stderr: '',
    });
  });

  it('gets a name by generateName with a dry run too, and is not stored', async () => {
    const { metadata, ...pod } = renderWaiting({ namespace });
    const { name: _name, ...unnamed } = metadata as KubeObject;
    const input = { ...pod, metadata: { ...unnamed, generateName: 'dry-' } };
    const answered = await kubectl().create(input, '--dry-run=server');
    expect(answered['metadata']['name']).toMatch(/^dry-.{5}$/);
    expect(containerNames(answered)).toEqual([...INJECTED, 'sonarr']);
    expect(await kubectl().text(['get', 'pods', '-n', namespace, '-o', 'name'])).not.toContain('pod/dry-');
  });
});

/** A pod that no scheduler touches, so that nobody but the test changes it. */
function renderWaiting(options: AppOptions): KubeObject {
  return renderPod({ ...options, spec: { schedulerName: 'nobody', ...options.spec } });
}

function withoutImages({ spec }: KubeObject): KubeObject {
  const { containers, ...others } = spec as { containers: KubeObject[] };
  return { ...others, containers: containers.map((container) => ({ ...container, image: '' })) };
}
