// add-sidecars on a real API server: what it shows, what it stores, and how it says no.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBlocks } from '../docs/markdown-blocks.ts';
import { mediaStack } from '../support/run-command.ts';
import type { Ran } from '../support/run-command.ts';
import { mediaStackOnTerminal } from '../support/run-on-terminal.ts';
import { createAccount, writeTokenKubeconfig } from './account-kubeconfig.ts';
import { waitForPods } from './created-workload.ts';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment } from './media-app.ts';
import type { AppOptions } from './media-app.ts';
import { findProvider } from './provider.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

const diffOf = (shown: string, app: string): string => `--- a/${shown}
+++ b/${shown}
@@ -3,6 +3,7 @@
     metadata:
       labels:
         app: ${app}
+        media-stack/cloud-mounts: "true"
     spec:
       volumes:
         - name: media
`;
const PINNED = { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } };

describe.skipIf(provider === null)('add-sidecars on a real API server', { timeout: 120_000 }, () => {
  const suite = useCluster(provider);
  const namespace = `add-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  const env = (kubeconfig?: string): Record<string, string> => ({
    KUBECONFIG: kubeconfig ?? suite().cluster.kubeconfig,
  });
  const add = (...args: string[]): Promise<Ran> => mediaStack(['add-sidecars', ...args], { env: env() });
  const create = async (
    name: string,
    options: Partial<AppOptions> = {},
    more: object = {},
  ): Promise<void> => {
    const app = renderDeployment({ namespace, name, labels: {}, replicas: 0, ...options });
    await kubectl().create({ ...app, ...more });
  };
  const labelOf = async (name: string, kind = 'deployment'): Promise<string | undefined> => {
    const object = await kubectl().json(['get', kind, name, '-n', namespace]);
    return (object['spec']['template']['metadata']['labels'] as Record<string, string>)[LABEL];
  };
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));

  it('shows what changes and what comes of it, and puts the label on the template', async () => {
    await create('plain');
    const ran = await add('plain', namespace, '--yes');
    expect(ran).toMatchObject({
      code: 0,
      stderr: `New pods are on their way: kubectl -n ${namespace} rollout status deployment/plain\n`,
    });
    const [diff, rest = ''] = ran.stdout.split('\nWhat the webhook gives to each new pod:\n');
    const [decisions, end] = rest.split('\n\n');
    expect(diff).toBe(diffOf(`${namespace}/deployment/plain`, 'plain'));
    expect(decisions).toContain('add native sidecar rclone-torbox');
    expect(end).toBe('deployment/plain labelled\n');
    const { metadata } = await kubectl().json([
      'get',
      'deployment',
      'plain',
      '-n',
      namespace,
      '--show-managed-fields',
    ]);
    expect((metadata as KubeObject)['managedFields']).toContainEqual(
      expect.objectContaining({ manager: 'media-stack', operation: 'Update' }),
    );
    expect(await labelOf('plain')).toBe('true');
    expect(await add('plain', '-n', namespace)).toEqual({
      code: 0,
      stderr: '',
      stdout: 'deployment/plain not changed: labelled already\n',
    });
  });

  it.each([
    ['StatefulSet', { serviceName: 'none' }, 'sts/stateful'],
    ['DaemonSet', {}, 'daemonset.apps/stateful'],
  ])('finds a %s by its kind', async (kind, more, reference) => {
    const { spec, ...app } = renderDeployment({ namespace, name: 'stateful', labels: {} });
    const { replicas: _, ...common } = spec as KubeObject;
    await kubectl().create({ ...app, kind, spec: { ...common, ...more } });
    expect(await add(reference, namespace, '--yes')).toMatchObject({ code: 0 });
    expect(await labelOf('stateful', kind)).toBe('true');
  });

  it('asks which one is meant where two kinds have the name', async () => {
    expect(await add('stateful', namespace)).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: several workloads in namespace ${namespace} are called stateful: statefulset/stateful, daemonset/stateful
  mend: Say which one: statefulset/stateful
`,
    });
  });

  it('stores nothing with --dry-run, and says what the API server says', async () => {
    await create('dry');
    const ran = await add('dry', namespace, '--dry-run');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain(diffOf(`${namespace}/deployment/dry`, 'dry'));
    expect(ran.stdout).toMatch(/\ndeployment\/dry labelled \(server dry run: the API server accepts it\)\n$/);
    expect(await labelOf('dry')).toBeUndefined();
  });

  it('does not ask where nobody can answer', async () => {
    await create('asked');
    const ran = await add('asked', namespace);
    expect(ran).toMatchObject({
      code: 2,
      stderr: `Error: deployment/asked is not changed: there is no terminal to ask on
  mend: Add --yes to go ahead without being asked, or --force to go ahead whatever the rules say; --dry-run only shows.
`,
    });
    expect(await labelOf('asked')).toBeUndefined();
  });

  it.each([
    ['y\n', 0, 'true'],
    ['yes\n', 0, 'true'],
    ['\n', 1, undefined],
    ['n\n', 1, undefined],
    ['\u0004', 1, undefined],
    ['\u0003', 1, undefined],
  ])('asks on a terminal: the answer %j', async (answer, code, label) => {
    await kubectl().text(['delete', 'deployment', 'asked', '-n', namespace, '--ignore-not-found']);
    await create('asked');
    const ran = await mediaStackOnTerminal(['add-sidecars', 'asked', namespace], {
      question: 'Proceed? [y/N] ',
      answer,
      env: env(),
    });
    expect(ran.code).toBe(code);
    expect(ran.output).toContain(code === 0 ? 'deployment/asked labelled\n' : 'Nothing was changed.\n');
    expect(await labelOf('asked')).toBe(label);
  });

  it('changes nothing when the template was changed while it asked', async () => {
    await create('raced');
    const image = ['set', 'image', 'deployment/raced', 'raced=registry.test/raced:2', '-n', namespace];
    const ran = await mediaStackOnTerminal(['add-sidecars', 'raced', namespace], {
      question: 'Proceed? [y/N] ',
      answer: 'y\n',
      meanwhile: () => kubectl().text(image),
      env: env(),
    });
    expect(ran.code).toBe(2);
    expect(ran.output)
      .toContain(`Error: the pod template of deployment/raced was changed in between; nothing was done
  mend: Run the command again: it shows the template as it is now.
`);
    expect(await labelOf('raced')).toBeUndefined();
  });

  it('does not mind that it was scaled while it asked', async () => {
    await create('scaled');
    const ran = await mediaStackOnTerminal(['add-sidecars', 'scaled', namespace], {
      question: 'Proceed? [y/N] ',
      answer: 'y\n',
      meanwhile: () => kubectl().text(['scale', 'deployment/scaled', '--replicas=2', '-n', namespace]),
      env: env(),
    });
    expect(ran.code).toBe(0);
    expect(await labelOf('scaled')).toBe('true');
  });

  it('stops at a rule; with --force the API server has the last word', async () => {
    await create('pinned', PINNED);
    const ran = await add('pinned', namespace, '--yes');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain(
      '  MS101 deny spec.template.spec.nodeSelector[kubernetes.io/hostname]: nodeSelector kubernetes.io/hostname pins the pod to "node-1"\n        mend: Remove it.',
    );
    expect(ran.stderr).toBe(
      'Refused: deployment/pinned is not changed.\n  mend: Mend what the rules name, or go ahead all the same with --force.\n',
    );
    const forced = await add('pinned', namespace, '--force');
    expect(forced.code).toBe(1);
    expect(forced.stderr).toMatch(
      /^Refused: the API server does not take deployment\/pinned so: .*MS101.*\n {2}mend: Mend what it names; nothing was changed\.\n$/,
    );
    expect(await labelOf('pinned')).toBeUndefined();
  });

  it('leaves a workload that opts out, but for --force', async () => {
    await create('off', { labels: { [LABEL]: 'false' } });
    expect(await add('off', namespace, '--yes')).toEqual({
      code: 1,
      stderr: '',
      stdout:
        'deployment/off not changed: label media-stack/cloud-mounts: "false" opts it out; --force sets it to "true"\n',
    });
    expect((await add('off', namespace, '--force')).code).toBe(0);
    expect(await labelOf('off')).toBe('true');
  });

  it('writes the sidecars into the template with --inline, and uninject takes them out again', async () => {
    await create('inline');
    const before = await kubectl().json(['get', 'deployment', 'inline', '-n', namespace]);
    const ran = await add('inline', namespace, '--inline', '--yes');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/\ndeployment\/inline sidecars written into the template\n$/);
    const after = await kubectl().json(['get', 'deployment', 'inline', '-n', namespace]);
    const { initContainers } = after['spec']['template']['spec'] as { initContainers: KubeObject[] };
    expect(initContainers.map(({ name }) => name as string)).toEqual([
      'init-dirs',
      'rclone-zurg',
      'rclone-torbox',
    ]);
    expect(await labelOf('inline')).toBeUndefined();
    const back = await mediaStack(['uninject', '-f', '-', '-o', 'json'], { stdin: JSON.stringify(after) });
    expect((JSON.parse(back.stdout) as KubeObject)['spec']['template']).toEqual(before['spec']['template']);
    expect(await add('inline', namespace, '--inline')).toMatchObject({
      code: 0,
      stdout: 'deployment/inline not changed: everything is in place already\n',
    });
  });

  it('warns of an owner, and asks more clearly', async () => {
    const app = renderDeployment({ namespace, name: 'owned', labels: {}, replicas: 0 });
    const annotations = { 'argocd.argoproj.io/tracking-id': `media:apps/Deployment:${namespace}/owned` };
    const metadata = { ...(app['metadata'] as object), annotations };
    await kubectl().create({ ...app, metadata });
    const ran = await mediaStackOnTerminal(['add-sidecars', 'owned', namespace], {
      question: '[y/N] ',
      answer: 'n\n',
      env: env(),
    });
    expect(ran.code).toBe(1);
    const owner = 'Argo CD (application media, annotation argocd.argoproj.io/tracking-id)';
    expect(ran.output).toContain(
      `Warning: deployment/owned belongs to ${owner}, which will put back what its files say. Change the files: media-stack add-sidecars -f FILE --write\n`,
    );
    expect(ran.output).toContain(
      `${owner} will most likely undo this. Change it in the cluster all the same? [y/N] `,
    );
  });

  it('says why the rollout does not come, and warns of the reason beforehand', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const guarded = await kubectl().createNamespace(`${namespace}-baseline`);
    await kubectl().create(
      renderDeployment({ namespace: guarded, labels: {}, spec: { hostNetwork: false }, replicas: 0 }),
    );
    await kubectl().text(['label', 'namespace', guarded, 'pod-security.kubernetes.io/enforce=baseline']);
    await kubectl().text(['scale', 'deployment/sonarr', '--replicas=1', '-n', guarded]);
    const ran = await add('sonarr', guarded, '--yes', '--wait', '--timeout', '3s');
    expect(ran.code).toBe(1);
    const [warning, ...lines] = ran.stderr.trimEnd().split('\n');
    expect(warning).toBe(
      `Warning: namespace ${guarded} enforces Pod Security baseline, which refuses privileged sidecars: kubectl label namespace ${guarded} pod-security.kubernetes.io/enforce=privileged --overwrite`,
    );
    expect(lines).toContain(
      'Failed: deployment/sonarr is not rolled out within 3 s: 0 of 1 new pods are made',
    );
    expect(lines.at(-2)).toMatch(
      /^ {2}no pod: pods "sonarr-.*-\*" is forbidden: violates PodSecurity "baseline:latest"/,
    );
    expect(lines.at(-1)).toBe(
      `  mend: kubectl -n ${guarded} describe deployment/sonarr; back: kubectl -n ${guarded} rollout undo deployment/sonarr`,
    );
  });

  describe('says in one line what is in the way', () => {
    const rule = (verbs: readonly string[]) => ({
      apiGroups: ['apps'],
      resources: ['deployments', 'statefulsets', 'daemonsets'],
      verbs,
    });

    it('a workload that is not there', async () => {
      await create('sonarr');
      expect(await add('sonar', namespace)).toEqual({
        code: 2,
        stdout: '',
        stderr: `Error: there is no Deployment, StatefulSet or DaemonSet sonar in namespace ${namespace}
  mend: Did you mean "sonarr"? Look at them: kubectl -n ${namespace} get deployments,statefulsets,daemonsets
`,
      });
    });

    it('a namespace that is not there', async () => {
      const ran = await add('sonarr', `${namespace}x`);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(
        new RegExp(
          `^Error: there is no namespace "${namespace}x" in the cluster .*\\n  mend: Did you mean "${namespace}"\\? `,
        ),
      );
    });

    it('no right to patch; what may not be looked at is said', async () => {
      const kubeconfig = await createAccount(suite().cluster, namespace, 'reader', [rule(['get', 'list'])]);
      const ran = await mediaStack(['add-sidecars', 'sonarr', namespace, '--yes'], { env: env(kubeconfig) });
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(
        /^Error: not allowed: deployments\.apps "sonarr" is forbidden: User "system:serviceaccount:.*:reader" cannot patch resource .*\n {2}mend: Ask for a Role/,
      );
    });

    it('no right to look at webhooks: it goes on, and says so', async () => {
      const kubeconfig = await createAccount(suite().cluster, namespace, 'editor', [
        rule(['get', 'list', 'patch']),
      ]);
      const args = ['add-sidecars', 'sonarr', namespace, '--dry-run'];
      const ran = await mediaStack(args, { env: env(kubeconfig) });
      expect(ran).toMatchObject({
        code: 0,
        stderr:
          'Warning: you may not list MutatingWebhookConfigurations, so it is not known whether the webhook of media-stack is installed\n',
      });
    });

    it('no right to read workloads', async () => {
      const kubeconfig = await createAccount(suite().cluster, namespace, 'nobody', []);
      const ran = await mediaStack(['add-sidecars', 'sonarr', namespace], { env: env(kubeconfig) });
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(
        /^Error: not allowed: deployments\.apps "sonarr" is forbidden: .* cannot get resource /,
      );
    });

    it('a token that nobody knows', async () => {
      const file = join(suite().cluster.folder, 'expired.kubeconfig');
      await writeTokenKubeconfig(kubectl(), suite().cluster.kubeconfig, 'expired', file);
      const ran = await mediaStack(['add-sidecars', 'sonarr', namespace], { env: env(file) });
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(
        /^Error: the API server does not accept these credentials \(401 Unauthorized\)\n {2}mend: /,
      );
    });

    it('a server that is not there', async () => {
      const file = join(suite().cluster.folder, 'gone.kubeconfig');
      const cluster = { server: 'https://127.0.0.1:1' };
      const config = {
        'current-context': 'c',
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'u', user: {} }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      };
      writeFileSync(file, JSON.stringify(config));
      expect(await mediaStack(['add-sidecars', 'sonarr', namespace], { env: env(file) })).toEqual({
        code: 2,
        stdout: '',
        stderr: `Error: the API server https://127.0.0.1:1 cannot be reached: connection refused
  mend: Check that the cluster runs and that the context is the right one: kubectl config current-context
`,
      });
    });

    it('no webhook in the cluster', async () => {
      const kind = 'mutatingwebhookconfiguration';
      const { metadata, ...configuration } = await kubectl().json(['get', kind, 'media-stack']);
      await kubectl().text(['delete', kind, 'media-stack']);
      const ran = await add('sonarr', namespace, '--dry-run');
      await kubectl().create({
        ...configuration,
        metadata: { name: (metadata as KubeObject)['name'] as string },
      });
      expect(ran).toMatchObject({
        code: 0,
        stderr:
          'Warning: no webhook of media-stack is installed in this cluster (MutatingWebhookConfiguration): the label alone does nothing. Install it, or write the sidecars into the template with --inline\n',
      });
    });
  });

  it('the patch of the README does the same', async ({ skip }) => {
    skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
    const patch = readBlocks('README.md')
      .map(({ text }) => / patch deployment sonarr --patch '(.*)'/.exec(text)?.[1])
      .find((found) => found !== undefined);
    await create('readme');
    await kubectl().text(['patch', 'deployment', 'readme', '-n', namespace, `--patch=${patch ?? ''}`]);
    await kubectl().text(['scale', 'deployment/readme', '--replicas=1', '-n', namespace]);
    const isOurs = (pod: KubeObject): boolean =>
      (pod['metadata']['labels'] as KubeObject)['app'] === 'readme';
    const [pod] = await waitForPods(kubectl(), namespace, { fits: isOurs });
    expect(
      ((pod?.['spec']['initContainers'] ?? []) as KubeObject[]).map(({ name }) => name as string),
    ).toEqual(['init-dirs', 'rclone-zurg', 'rclone-torbox']);
  });
});
