// What people do with the commands from beginning to end, on a real node with the webhook and real mounts.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { mediaStack } from '../support/run-command.ts';
import type { Ran, RunOptions } from '../support/run-command.ts';
import { freePorts } from './free-ports.ts';
import { MKDIR, renderHandWritten, renderVolumes } from './hand-written.ts';
import type { KubeObject } from './kubectl.ts';
import { renderDeployment } from './media-app.ts';
import { APP_IMAGE } from './node-images.ts';
import { useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

const UNLABELLED = { labels: {} };
const ZURG_OK = 'OK - /mnt/media/zurg/__all__ (1 file)';
const TORBOX_OK = 'OK - /mnt/media/torbox/torrents (1 file)';

describe.skipIf(provider === null)('the everyday workflows', { timeout: 240_000 }, () => {
  const scene = useNodeScene(provider);
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-workflows-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const cli = (args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
    mediaStack(args, { cwd: folder, ...options, env: { KUBECONFIG: scene().kubeconfig } });
  const check = (): Promise<Ran> => cli(['check-media-mounts', 'media', '--min-entries', '1']);
  /** Old pods may still be ending. */
  const checkUntilFine = (mounts: number): Promise<unknown> =>
    waitUntil(
      `${mounts} mounts to be fine`,
      async () => new RegExp(`^\\n${mounts} of ${mounts} mounts? in`).test((await check()).stderr),
      { timeoutMs: 60_000, intervalMs: 1000 },
    );
  const rollout = (app: string): Promise<string> =>
    scene().kubectl.text(['rollout', 'status', `deployment/${app}`, '-n', 'media', '--timeout=90s'], {
      timeoutMs: 100_000,
    });

  it('1: a new app is generated, applied with kustomize, and sees its mounts', async () => {
    const [port = 0] = await freePorts(1);
    const generated = await cli([
      'generate-media-app',
      'bazarr',
      APP_IMAGE,
      String(port),
      '-n',
      'media',
      '--expose',
      'none',
    ]);
    expect(generated.code, generated.stderr).toBe(0);
    // What a user's overlay adds: here a program that listens, and the network of the node, which has no other.
    const overlay = join(folder, 'apps/bazarr/overlays/node');
    mkdirSync(overlay, { recursive: true });
    const listen = `trap "exit 0" TERM; httpd -f -p ${port} & wait $!`;
    const container = { name: 'bazarr', command: ['/bin/sh', '-c', listen] };
    const patch = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'bazarr' },
      spec: { template: { spec: { hostNetwork: true, containers: [container] } } },
    };
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: ['../../base'],
      patches: [{ path: 'patch.yaml' }],
    };
    writeFileSync(join(overlay, 'patch.yaml'), stringify(patch));
    writeFileSync(join(overlay, 'kustomization.yaml'), stringify(kustomization));
    await scene().kubectl.text(['apply', '-k', overlay]);
    await rollout('bazarr');
    const { stdout, code } = await check();
    expect(stdout).toMatch(/^bazarr-\S+ /m);
    expect(stdout).toContain(ZURG_OK);
    expect(stdout).toContain(TORBOX_OK);
    expect(code).toBe(0);
  });

  it('2: an app without sidecars: what is missing, a dry run, the label, the rollout, all fine', async () => {
    await scene().deploy(UNLABELLED);
    const missing = await check();
    expect(missing.stdout).toContain('no container mounts zurg, and the pod does not carry the label');
    expect(missing.stdout).toContain('media-stack add-sidecars deployment/sonarr media');
    expect(missing.code).toBe(1);

    const dry = await cli(['add-sidecars', 'sonarr', 'media', '--dry-run']);
    expect(dry.code, dry.stderr).toBe(0);
    expect(dry.stdout).toContain('media-stack/cloud-mounts: "true"');
    expect((await check()).code).toBe(1);

    const added = await cli(['add-sidecars', 'sonarr', 'media', '--yes', '--wait', '--timeout', '90s']);
    expect(added.code, added.stderr).toBe(0);
    await checkUntilFine(2);
  });

  it('3: two apps beside a standalone rclone: it serves neither; both get the label, it is removed', async () => {
    const { deploy, kubectl } = scene();
    await deploy(UNLABELLED);
    await deploy({ ...UNLABELLED, name: 'radarr' });
    const standalone = renderDeployment({
      namespace: 'media',
      name: 'rclone-zurg',
      ...UNLABELLED,
      spec: {
        containers: [renderHandWritten({ remote: 'zurg', secret: 'rclone-zurg-config' })],
        initContainers: [MKDIR],
        volumes: renderVolumes('rclone-zurg-config'),
      },
    });
    await kubectl.create(standalone);
    await rollout('rclone-zurg');

    const before = await check();
    expect(before.stdout).toMatch(
      /^sonarr-\S+ .*FAIL - \/mnt\/media\/zurg\/__all__: no container mounts zurg/m,
    );
    expect(before.stdout).toMatch(
      /^radarr-\S+ .*FAIL - \/mnt\/media\/zurg\/__all__: no container mounts zurg/m,
    );
    expect(before.stdout).toMatch(/^rclone-zurg-\S+ .*OK - \/mnt\/media\/zurg\/__all__ \(1 file\)/m);
    expect(before.code).toBe(1);

    const live = await kubectl.text(['get', 'deployment', '-n', 'media', '-o', 'yaml']);
    const linted = await cli(['lint', '-'], { stdin: live });
    expect(linted.stdout).toContain('MS401');
    expect(linted.stdout).toContain('rclone-zurg');

    for (const app of ['sonarr', 'radarr']) {
      const added = await cli(['add-sidecars', app, 'media', '--yes', '--wait', '--timeout', '90s']);
      expect(added.code, added.stderr).toBe(0);
    }
    await kubectl.text(['delete', 'deployment', 'rclone-zurg', '-n', 'media', '--wait=true']);
    await checkUntilFine(4);
  });

  it('4: propagation None and an unprivileged sidecar: both are named, and the mended manifest passes', async () => {
    const { kubectl } = scene();
    const broken = byHand({
      sidecar: { securityContext: {}, volumeMounts: mounts(undefined) },
      appPropagation: 'None',
    });
    await kubectl.create(broken);
    const isCrashed =
      /^plex-\S+ .*FAIL - \/mnt\/media\/zurg\/__all__: rclone-zurg (is not running|was restarted)/m;
    await waitUntil(
      'the sidecar to be seen as crashed',
      async () => {
        const { stdout, code } = await check();
        return code === 1 && isCrashed.test(stdout);
      },
      { timeoutMs: 60_000, intervalMs: 1000 },
    );
    const pod = (await scene().pod('plex'))['metadata']['name'] as string;
    const trouble = await cli(['troubleshoot-mounts', pod, 'media']);
    expect(trouble.code, trouble.stderr).toBe(1);
    expect(trouble.stdout).toMatch(/rclone-zurg.*not privileged/);
    expect(trouble.stdout).toMatch(/plex.*mountPropagation/);
    expect(trouble.stdout).toContain('privileged: true');
    expect(trouble.stdout).toContain('mountPropagation: HostToContainer');

    await kubectl.text(['delete', 'deployment', 'plex', '-n', 'media']);
    const mended = byHand({
      sidecar: { securityContext: { privileged: true }, volumeMounts: mounts('Bidirectional') },
      appPropagation: 'HostToContainer',
    });
    await kubectl.create(mended);
    await rollout('plex');
    await checkUntilFine(1);
  });

  it('5: hand-written sidecars are migrated to the label, and the app sees the same', async () => {
    const { kubectl } = scene();
    const byHandNow = byHand({
      sidecar: { securityContext: { privileged: true }, volumeMounts: mounts('Bidirectional') },
      appPropagation: 'HostToContainer',
    });
    const file = join(folder, 'plex.yaml');
    writeFileSync(file, stringify(byHandNow));
    await kubectl.text(['apply', '-f', file]);
    await rollout('plex');
    await checkUntilFine(1);

    const migrated = await cli(['migrate', '-f', file, '--write']);
    expect(migrated.code, migrated.stderr).toBe(0);
    await kubectl.text(['apply', '-f', file]);
    await rollout('plex');
    await checkUntilFine(1);
    const { spec, metadata } = await scene().pod('plex');
    expect(metadata['annotations']['media-stack/remotes']).toBe('zurg');
    const names = (list: unknown): string[] => (list as KubeObject[]).map(({ name }) => name as string);
    expect(names(spec['containers'])).toEqual(['plex']);
    expect(names(spec['initContainers'])).toEqual(['init-dirs', 'rclone-zurg']);
  });
});

function mounts(mountPropagation: string | undefined): KubeObject[] {
  return [
    { name: 'media', mountPath: '/mnt/media', ...(mountPropagation ? { mountPropagation } : {}) },
    { name: 'rclone-zurg-config', mountPath: '/config/rclone', readOnly: true },
  ];
}

/** Plex with a sidecar for zurg beside it. */
function byHand(options: { readonly sidecar: KubeObject; readonly appPropagation: string }): KubeObject {
  const sidecar = renderHandWritten({ remote: 'zurg', secret: 'rclone-zurg-config', flags: ['--read-only'] });
  const app = {
    name: 'plex',
    image: APP_IMAGE,
    command: ['/bin/sh', '-c', 'trap "exit 0" TERM; sleep 86400 & wait $!'],
    volumeMounts: [{ name: 'media', mountPath: '/mnt/media', mountPropagation: options.appPropagation }],
  };
  return renderDeployment({
    namespace: 'media',
    name: 'plex',
    ...UNLABELLED,
    spec: {
      initContainers: [{ ...MKDIR, command: ['/bin/sh', '-c', 'mkdir -p /mnt/media/zurg'] }],
      containers: [{ ...sidecar, ...options.sidecar }, app],
      volumes: renderVolumes('rclone-zurg-config'),
    },
  });
}
