// Generated apps on a real API server, with the webhook: kustomize builds them, and every object is taken as it is.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaStack } from '../support/run-command.ts';
import { createExposureCrds } from './exposure-crds.ts';
import type { KubeObject } from './kubectl.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('API server');

const HOST = ['--host', 'app.example.com'];
const EXPOSURES: Readonly<Record<string, readonly string[]>> = {
  route: [],
  'route with a host': HOST,
  ingress: HOST,
  'ingress with class and TLS': [...HOST, '--ingress-class', 'nginx', '--tls-secret', 'app-tls'],
  gateway: [...HOST, '--gateway', 'public'],
  'gateway of another namespace': [...HOST, '--gateway', 'infra/public', '--gateway-listener', 'https'],
  none: [],
};
const ZONES = ['zone1', 'zone2', 'zone3', 'zone4'];
const FORMS: readonly { readonly app: string; readonly options: readonly string[] }[] = [
  { app: 'labelled', options: [] },
  { app: 'inline', options: ['--inline'] },
  { app: 'plain', options: ['--no-sidecars'] },
  { app: 'openshift', options: ['--openshift', '--service-account', 'managers'] },
  { app: 'openshift-inline', options: ['--openshift', '--inline'] },
];

describe.skipIf(provider === null)('a generated app on a real API server', () => {
  const suite = useCluster(provider, { preferredNodes: ['node-1', 'node-2'] });
  const namespace = `generate-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'media-stack-generate-'));
    await kubectl().createNamespace(namespace);
    await createExposureCrds(kubectl());
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes the app and gives the folder of its kustomization. */
  async function generate(app: string, ...options: readonly string[]): Promise<string> {
    const settings = ['--settings', suite().webhook.settingsFile];
    const words = ['generate-media-app', app, 'lscr.io/linuxserver/sonarr:4.0.15', '8989', ...settings];
    const ran = await mediaStack([...words, '-n', namespace, ...options], { cwd: folder });
    expect(ran).toMatchObject({ code: 0 });
    return join(folder, 'apps', app, 'base');
  }
  const apply = async (base: string) => (await kubectl().text(['apply', '-k', base])).trim().split('\n');

  it.each(Object.keys(EXPOSURES))('is taken in every zone: %s', async (name) => {
    const [kind = ''] = name.split(' ');
    for (const zone of ZONES) {
      const app = `${name.replaceAll(' ', '-').toLowerCase()}-${zone}`;
      const base = await generate(app, '--expose', kind, '--zone', zone, ...(EXPOSURES[name] ?? []));
      const applied = await apply(base);
      const exposed = { route: 'route.route.openshift.io', ingress: 'ingress.networking.k8s.io' };
      const third = { ...exposed, gateway: 'httproute.gateway.networking.k8s.io', none: null }[kind];
      expect(applied.toSorted()).toEqual(
        ['deployment.apps', 'service', ...(third ? [third] : [])]
          .map((object) => `${object}/${app} created`)
          .toSorted(),
      );
      const again = await apply(base);
      expect(again.filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
    }
  });

  it.each(FORMS)('is stored with every field that was written: $app', async ({ app, options }) => {
    const base = await generate(app, ...options);
    await apply(base);
    const built = await kubectl().json(['get', '-k', base]);
    expect(built['items']).toHaveLength(3);
    // A field that the API server did not know would show as a difference, and so would one that it changed.
    expect(await kubectl().run(['diff', '-k', base])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect((await mediaStack(['lint', base])).code).toBe(0);
  });

  it('would be refused with a field that a Route has not', async () => {
    const base = await generate('misspelt');
    const route = await readFile(join(base, 'route.yaml'), 'utf8');
    await writeFile(join(base, 'route.yaml'), route.replace('termination:', 'terminaton:'));
    const refused = await kubectl().run(['apply', '-k', base]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('unknown field "spec.tls.terminaton"');
  });

  it('gets its mounts from the webhook when it is labelled, and none when it is not', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    await apply(await generate('asks'));
    await apply(await generate('asks-not', '--no-sidecars'));
    expect(await initContainersOf('asks')).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
    expect(await initContainersOf('asks-not')).toEqual([]);
  });

  it('is described by an Application that Argo CD takes', async () => {
    const argocd = ['--argocd', 'https://github.com/me/cluster.git', '--argocd-namespace', namespace];
    const base = await generate('synced', ...argocd, '--argocd-destination', 'in-cluster');
    const applied = await kubectl().text(['apply', '-f', join(base, '../application.yaml')]);
    expect(applied).toBe('application.argoproj.io/synced created\n');
  });

  async function initContainersOf(app: string): Promise<string[]> {
    const pods = await waitUntil(
      `a pod of ${app}`,
      async () => {
        const found = await kubectl().json(['get', 'pods', '-n', namespace, '-l', `app=${app}`]);
        return found['items'].length === 1 && (found['items'] as KubeObject[]);
      },
      { timeoutMs: 30_000 },
    );
    return ((pods[0]?.['spec']['initContainers'] ?? []) as KubeObject[]).map(({ name }) => name as string);
  }
});
