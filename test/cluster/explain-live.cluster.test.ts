// explain on a real API server: what became of pods, and why; and the command as a plugin of the real kubectl.
import { symlinkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { mediaStack, run } from '../support/run-command.ts';
import { buildTools } from './build-tools.ts';
import { createAccount } from './account-kubeconfig.ts';
import { waitForPods } from './created-workload.ts';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');
const BIN = fileURLToPath(new URL('../../bin', import.meta.url));
const WAITING = { spec: { schedulerName: 'nobody' } };

interface Explained {
  readonly report: {
    readonly outcome: string;
    readonly reason?: string;
    readonly steps: readonly { readonly what: string }[];
  };
  readonly judged: boolean;
  readonly verdict: readonly { readonly code: string; readonly path: string }[];
  readonly live: {
    readonly facts: readonly string[];
    readonly containers?: readonly object[];
    readonly pods?: readonly object[];
  };
}

describe.skipIf(provider === null)('explain on a real API server', { timeout: 120_000 }, () => {
  const suite = useCluster(provider);
  const namespace = `explain-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  const env = (): Record<string, string> => ({ KUBECONFIG: suite().cluster.kubeconfig });
  const explain = async (name: string): Promise<Explained> => {
    const ran = await mediaStack(['explain', name, '-n', namespace, '--json'], { env: env() });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [explained, ...others] = JSON.parse(ran.stdout) as Explained[];
    expect(others).toEqual([]);
    return explained as Explained;
  };
  /** Without the webhook for as long as `make` takes. */
  const unguarded = async (make: () => Promise<unknown>): Promise<void> => {
    const kind = 'mutatingwebhookconfiguration';
    const validating = 'validatingwebhookconfiguration';
    const found = await kubectl().json(['get', kind, 'media-stack']);
    const other = await kubectl().json(['get', validating, 'media-stack']);
    await kubectl().text(['delete', kind, 'media-stack']);
    await kubectl().text(['delete', validating, 'media-stack']);
    await make();
    for (const { metadata: _, ...configuration } of [found, other])
      await kubectl().create({ ...configuration, metadata: { name: 'media-stack' } });
  };
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));

  it('says of an injected pod what was added where, whose each container is, and what the rules say', async () => {
    await kubectl().create(renderPod({ namespace, name: 'sonarr', ...WAITING }));
    const explained = await explain('sonarr');
    expect(explained).toEqual({
      file: 'context media-stack',
      kind: 'Pod',
      namespace,
      name: 'sonarr',
      report: {
        outcome: 'injected',
        remotes: ['zurg', 'torbox'],
        steps: [
          'added volume rclone-zurg-config',
          'added volume rclone-config',
          'set mountPropagation: HostToContainer at /mnt/media in sonarr',
          'added init container init-dirs',
          'added init container rclone-zurg',
          'added init container rclone-torbox',
        ].map((what) => ({
          what,
          why: expect.stringMatching(/^media-stack\/status of version /) as unknown,
        })),
        warnings: [],
      },
      judged: true,
      verdict: [],
      live: {
        facts: ['It was injected when it was made.'],
        containers: [
          { name: 'init-dirs', role: 'init-dirs', whose: 'added by media-stack' },
          { name: 'rclone-zurg', role: 'mount sidecar', whose: 'added by media-stack' },
          { name: 'rclone-torbox', role: 'mount sidecar', whose: 'added by media-stack' },
          { name: 'sonarr', role: 'app', whose: 'written by hand' },
        ],
      },
    });
  });

  it('prints the same for people', async () => {
    const { stdout } = await mediaStack(['explain', 'pod/sonarr', namespace], { env: env() });
    expect(stdout).toMatch(
      /^Pod\/sonarr \(context media-stack\): injected\n {2}It was injected when it was made\.\n {2}DECISION +BECAUSE\n/,
    );
    expect(stdout).toMatch(/\n {2}CONTAINER +ROLE +WHOSE\n {2}init-dirs +init-dirs +added by media-stack\n/);
    expect(stdout).toMatch(/\n {2}The rules have nothing against it\.\n$/);
  });

  it('says of a pod without the label that it has none', async () => {
    await kubectl().create(renderPod({ namespace, name: 'plain', labels: {}, ...WAITING }));
    const { report, judged, live } = await explain('plain');
    expect([report.outcome, report.reason, judged]).toEqual(['skipped', 'label_absent', false]);
    expect(live.facts).toEqual(['It was not injected: it has no label media-stack/cloud-mounts.']);
  });

  it('says of a pod that was labelled later who did it and when', async () => {
    await kubectl().create(renderPod({ namespace, name: 'late', labels: {}, ...WAITING }));
    // Times in the API are whole seconds.
    const { metadata } = await kubectl().json(['get', 'pod', 'late', '-n', namespace]);
    await expect
      .poll(() => Date.now(), { timeout: 5000 })
      .toBeGreaterThan(Date.parse((metadata as KubeObject)['creationTimestamp'] as string) + 1100);
    await kubectl().text(['label', 'pod', 'late', '-n', namespace, `${LABEL}=true`]);
    const { report, live, verdict } = await explain('late');
    expect(report.outcome).toBe('injected');
    expect(live.facts).toEqual([
      expect.stringMatching(
        /^It was not injected: its label was set at \S+Z by kubectl-label, after the pod was made \(\S+Z\): only the creation is changed\.$/,
      ),
      'A new pod like it would be injected so:',
    ]);
    expect(verdict.map(({ code }) => code)).toContain('MS302');
  });

  it('says of a labelled pod without sidecars that it is older than the webhook', async () => {
    await unguarded(async () => {
      await kubectl().create(renderPod({ namespace, name: 'old', ...WAITING }));
      expect((await explain('old')).live.facts[0]).toBe(
        'It was not injected: no webhook of media-stack is installed in this cluster.',
      );
      const { metadata } = await kubectl().json(['get', 'pod', 'old', '-n', namespace]);
      await expect
        .poll(() => Date.now(), { timeout: 5000 })
        .toBeGreaterThan(Date.parse((metadata as KubeObject)['creationTimestamp'] as string) + 1100);
    });
    expect((await explain('old')).live.facts[0]).toMatch(
      /^It was not injected: it is older \(\S+Z\) than the webhook media-stack \(\S+Z\): delete the pod or restart the rollout\.$/,
    );
  });

  it('says of a workload what explain -f says of its manifest, and what became of its pods', async ({
    skip,
  }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const manifest = renderDeployment({ namespace, name: 'plex', spec: { nodeSelector: { zone: 'a' } } });
    await kubectl().create(manifest);
    const isOurs = (pod: KubeObject): boolean => (pod['metadata']['labels'] as KubeObject)['app'] === 'plex';
    const [pod] = await waitForPods(kubectl(), namespace, { fits: isOurs });
    const offline = await mediaStack(['explain', '-f', '-', '--json'], { stdin: JSON.stringify(manifest) });
    const [said] = JSON.parse(offline.stdout) as Explained[];
    const explained = await explain('deployment/plex');
    expect(explained.report).toEqual(said?.report);
    expect(explained.live).toEqual({
      facts: [],
      pods: [
        {
          name: pod?.['metadata']['name'] as string,
          state: 'injected',
          why: 'remotes zurg, torbox (media-stack/status)',
        },
      ],
    });
  });

  it('says of a Deployment that has the label on itself only, and of its pods, what is wrong', async ({
    skip,
  }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const app = renderDeployment({ namespace, name: 'above', labels: {} });
    const metadata = { ...(app['metadata'] as object), labels: { [LABEL]: 'true' } };
    await kubectl().create({ ...app, metadata });
    const isOurs = (pod: KubeObject): boolean => (pod['metadata']['labels'] as KubeObject)['app'] === 'above';
    const [pod] = await waitForPods(kubectl(), namespace, { fits: isOurs });
    const why = 'the label stands on the workload and not on its pod template (MS501)';
    const name = pod?.['metadata']['name'] as string;
    expect((await explain('deploy/above')).live.pods).toEqual([{ name, state: 'not injected', why }]);
    expect((await explain(name)).live.facts).toEqual([`It was not injected: ${why}.`]);
  });

  it('works with the right to read pods alone', async () => {
    const kubeconfig = await createAccount(suite().cluster, namespace, 'pods-only', [
      { apiGroups: [''], resources: ['pods'], verbs: ['get'] },
    ]);
    const ran = await mediaStack(['explain', 'pod/old', '-n', namespace, '--kubeconfig', kubeconfig]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(
      'It was not injected: the webhook did not see it; you may not list MutatingWebhookConfigurations, so it is not known whether one is installed.\n',
    );
  });

  it.each([
    [
      ['sonar'],
      `there is no Pod, Deployment, StatefulSet or DaemonSet sonar in namespace THIS`,
      `Did you mean "sonarr"? Look at them: kubectl -n THIS get pods,deployments,statefulsets,daemonsets`,
    ],
    [['sonarr', '-f', 'x.yaml'], 'sonarr is in the cluster, -f is for files', 'Name one of the two.'],
    [[], 'nothing is named', 'media-stack explain POD -n NAMESPACE, or media-stack explain -f FILE'],
  ])('does not understand %j', async (args, message, mend) => {
    const text = `Error: ${message}\n  mend: ${mend}\n`.replaceAll('THIS', namespace);
    const ran = await mediaStack(['explain', ...args, '-n', namespace], { env: env() });
    expect(ran).toEqual({ code: 2, stdout: '', stderr: text });
  });

  describe('as a plugin of kubectl', () => {
    const kubectlRun = async (args: readonly string[], more: Record<string, string> = {}) => {
      const { kubectl: binary } = await buildTools(['kubectl']);
      const bin = join(suite().cluster.folder, 'plugins');
      mkdirSync(bin, { recursive: true });
      for (const name of ['kubectl-media_stack', 'kubectl_complete-media_stack']) {
        const file = name === 'kubectl-media_stack' ? 'media-stack.mjs' : `${name}.mjs`;
        try {
          symlinkSync(join(BIN, file), join(bin, name));
        } catch {
          // It is there from the test before.
        }
      }
      const path = `${bin}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`;
      return run(binary, args, { env: { PATH: path, HOME: suite().cluster.folder, ...more } });
    };

    it('hands -n, --context and --kubeconfig through', async () => {
      const { kubeconfig } = suite().cluster;
      const args = [
        'media-stack',
        'explain',
        'sonarr',
        '-n',
        namespace,
        '--context',
        'media-stack',
        '--kubeconfig',
        kubeconfig,
      ];
      const ran = await kubectlRun(args);
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      expect(ran.stdout).toMatch(/^Pod\/sonarr \(context media-stack\): injected\n/);
      const wrong = await kubectlRun([
        'media-stack',
        'explain',
        'sonarr',
        '--context',
        'other',
        '--kubeconfig',
        kubeconfig,
      ]);
      expect(wrong).toMatchObject({ code: 2, stdout: '' });
      expect(wrong.stderr).toMatch(/^Error: the kubeconfig has no context "other"\n/);
    });

    it('completes commands and names of the cluster', async () => {
      const words = async (...typed: string[]): Promise<string> =>
        (await kubectlRun(['__complete', 'media-stack', ...typed], env())).stdout;
      expect(await words('unin')).toBe('uninject\ttake out of manifests what inject put in\n:4\n');
      expect(await words('explain', '-n', namespace, 'son')).toBe('sonarr\tPod\n:4\n');
      expect(await words('add-sidecars', '-n', 'explain-')).toBe(`${namespace}\tNamespace\n:4\n`);
      expect(await words('add-sidecars', 'sonarr', 'explain-')).toBe(`${namespace}\tNamespace\n:4\n`);
      expect(await words('inject', '-f', '')).toBe(':0\n');
    });
  });
});
