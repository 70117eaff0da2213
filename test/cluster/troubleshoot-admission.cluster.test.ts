// troubleshoot-mounts on a real node: why no pod comes, or why it comes without mounts.
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startAdmissionServer } from './admission-server.ts';
import type { KubeObject } from './kubectl.ts';
import { LABEL, renderDeployment, renderMediaClaim, renderPod, renderSecret } from './media-app.ts';
import { useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { troubleshoot } from './troubleshoot.ts';
import { waitUntil } from './wait-until.ts';
import { renderRcloneConfig } from './webdav.ts';
import { CONFIGURATION_NAME, renderWebhookConfigurations } from './webhook-configurations.ts';
import { ON_LOOPBACK } from './webhook.ts';

const provider = await findProvider('node');
const DAY_MS = 86_400_000;

describe.skipIf(provider === null)('troubleshoot-mounts names', { timeout: 120_000 }, () => {
  const scene = useNodeScene(provider);

  it('a label on the Deployment that its pod template lacks', async () => {
    const deployment = renderDeployment({ namespace: 'media', labels: {} });
    deployment['metadata']['labels'] = { [LABEL]: 'true' };
    await apply(deployment);
    await waitUntil('the pod', () => scene().pod(), { timeoutMs: 30_000 });
    const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
    expect([said.code, said.issues]).toEqual([1, ['- the label has no effect: label_on_workload_only']]);
    expect(said.findings['label_on_workload_only']?.mend).toEqual([
      `kubectl patch deployment/sonarr -n media -p '{"spec":{"template":{"metadata":{"labels":{"${LABEL}":"true"}}}}}'`,
    ]);
  });

  it('a namespace that enforces the PodSecurity level baseline', async () => {
    await createNamespace('baseline', { 'pod-security.kubernetes.io/enforce': 'baseline' });
    await apply(renderDeployment({ namespace: 'baseline', spec: { hostNetwork: false } }));
    await untilRefused('baseline');
    const said = await troubleshoot(scene(), ['deployment/sonarr', 'baseline']);
    expect([said.code, said.issues]).toEqual([1, ['- no pod is created: pod_security']]);
    expect(said.findings['pod_security']?.found).toMatch(
      /violates PodSecurity "baseline:latest": privileged \(containers "init-dirs", "rclone-zurg", "rclone-torbox" must not set/,
    );
    expect(said.findings['pod_security']?.mend).toEqual([
      'kubectl label namespace baseline pod-security.kubernetes.io/enforce=privileged --overwrite',
    ]);
  });

  it('a LimitRange that is below the limits of the sidecars', async () => {
    await createNamespace('tight');
    await scene().kubectl.create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'tight', namespace: 'tight' },
      spec: { limits: [{ type: 'Container', max: { memory: '512Mi' } }] },
    });
    await apply(renderDeployment({ namespace: 'tight' }));
    await untilRefused('tight');
    const said = await troubleshoot(scene(), ['deployment/sonarr', 'tight']);
    expect([said.code, said.issues]).toEqual([1, ['- no pod is created: limit_range']]);
    expect(said.checks.find(({ id }) => id === 'limit-range')?.findings.map(({ found }) => found)).toEqual([
      'rclone-zurg: its memory limit 1Gi is above the maximum 512Mi (LimitRange tight)',
      'rclone-torbox: its memory limit 1Gi is above the maximum 512Mi (LimitRange tight)',
    ]);
  });

  describe('a webhook', () => {
    afterEach(async () => {
      await deleteConfigurations();
      for (const configuration of renderWebhookConfigurations(scene().webhook))
        await scene().kubectl.create(configuration);
      await untilDryRun(({ stdout }) => stdout.includes('media-stack/status'));
    });

    it('that is absent', async () => {
      await deleteConfigurations();
      await untilDryRun(({ stdout }) => stdout !== '' && !stdout.includes('media-stack/status'));
      await scene().deploy();
      const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
      expect([said.code, said.issues]).toEqual([1, ['- the label has no effect: webhook_absent']]);
      expect(said.findings['not_injected']?.found).toBe(
        'the pod carries the label, but no container mounts zurg and torbox',
      );
    });

    it('whose caBundle is not its CA', async () => {
      const other = await startAdmissionServer(ON_LOOPBACK, (_path, object) => object);
      await other.stop();
      await useConfigurations({ url: scene().webhook.url, caPem: other.caPem });
      await untilDryRun(({ stderr }) => stderr.includes('unknown authority'));
      await apply(renderDeployment({ namespace: 'media' }));
      const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
      expect([said.code, said.issues]).toEqual([1, ['- no pod is created: ca_bundle_wrong']]);
      expect(said.findings['ca_bundle_wrong']?.found).toContain(
        'x509: certificate signed by unknown authority',
      );
    });

    it('whose certificate has expired', async () => {
      const expired = await startAdmissionServer(
        ON_LOOPBACK,
        (_path, object) => object,
        new Date(Date.now() - 3 * DAY_MS),
      );
      try {
        await useConfigurations(expired);
        await untilDryRun(({ stderr }) => stderr.includes('has expired'));
        await apply(renderDeployment({ namespace: 'media' }));
        const said = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
        expect([said.code, said.issues]).toEqual([1, ['- no pod is created: certificate_expired']]);
        expect(said.findings['certificate_expired']?.found).toContain(
          'x509: certificate has expired or is not yet valid',
        );
      } finally {
        await expired.stop();
      }
    });

    it('that passes the namespace over, and one that nobody answers for', async () => {
      await createNamespace('left-out', { 'media-stack/off': 'true' });
      await scene().kubectl.text([
        'patch',
        `mutatingwebhookconfiguration/${CONFIGURATION_NAME}`,
        '--type=json',
        '-p',
        JSON.stringify([
          {
            op: 'replace',
            path: '/webhooks/0/namespaceSelector',
            value: { matchExpressions: [{ key: 'media-stack/off', operator: 'DoesNotExist' }] },
          },
        ]),
      ]);
      await apply(renderDeployment({ namespace: 'left-out', container: { command: ['sleep', '600'] } }));
      const said = await troubleshoot(scene(), ['deployment/sonarr', 'left-out']);
      expect(said.code).toBe(1);
      expect(said.findings['namespace_excluded']?.found).toBe(
        'mutating webhook pods.media-stack.io (media-stack) passes namespace left-out over',
      );
      await useConfigurations({ url: 'https://127.0.0.1:1', caPem: scene().webhook.caPem });
      await untilDryRun(({ stderr }) => stderr.includes('connection refused'));
      await apply(renderDeployment({ namespace: 'media', name: 'radarr' }));
      const refused = await troubleshoot(scene(), ['deployment/radarr', 'media']);
      expect([refused.code, refused.issues]).toEqual([1, ['- no pod is created: webhook_unreachable']]);
    });
  });

  async function apply(object: KubeObject): Promise<void> {
    await scene().kubectl.text(['apply', '-f', '-'], { input: object });
  }

  async function createNamespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    const { kubectl, library, zurg, torbox } = scene();
    await kubectl.createNamespace(name);
    for (const [key, value] of Object.entries(labels))
      await kubectl.text(['label', 'namespace', name, `${key}=${value}`]);
    for (const object of [
      renderSecret(name, 'rclone-zurg-config', renderRcloneConfig('zurg', zurg.url)),
      renderSecret(name, 'rclone-config', renderRcloneConfig('torbox', torbox.url)),
      ...renderMediaClaim(name, join(library)),
    ])
      await kubectl.create(object);
  }

  async function untilRefused(namespace: string): Promise<void> {
    const args = ['get', 'events', '-n', namespace, '--field-selector=reason=FailedCreate', '-o', 'name'];
    await waitUntil('FailedCreate', async () => (await scene().kubectl.text(args)) !== '', {
      timeoutMs: 30_000,
    });
  }

  async function deleteConfigurations(): Promise<void> {
    const kinds = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'];
    await scene().kubectl.text([
      'delete',
      '--ignore-not-found',
      ...kinds.map((kind) => `${kind}/${CONFIGURATION_NAME}`),
    ]);
  }

  async function useConfigurations(options: { readonly url: string; readonly caPem: string }): Promise<void> {
    await deleteConfigurations();
    for (const configuration of renderWebhookConfigurations(options))
      await scene().kubectl.create(configuration);
  }

  /** The API server takes a moment to see other configurations. */
  async function untilDryRun(
    isSo: (ran: { readonly stdout: string; readonly stderr: string }) => boolean,
  ): Promise<void> {
    const input = renderPod({ namespace: 'media', name: 'dry' });
    const look = async (): Promise<boolean> =>
      isSo(await scene().kubectl.run(['create', '--dry-run=server', '-o', 'json', '-f', '-'], { input }));
    await waitUntil('the API server to see the configurations', look, { timeoutMs: 30_000 });
  }
});
