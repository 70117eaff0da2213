// The policies that `media-stack policy` prints, on a real API server without the webhook: they are accepted, they never
// refuse what the rules let pass, and they refuse what the rules refuse as far as they hold them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { celRuleIds, renderCelPolicies } from '../../src/policy/cel/cel-policies.ts';
import { RULES } from '../../src/policy/catalogue.ts';
import { judgePod, judgeTemplate } from '../../src/policy/judge.ts';
import type { Verdict } from '../../src/policy/judge.ts';
import type { Pod } from '../../src/pod/pod.ts';
import { defaultSettings, parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import { readManifests } from '../../src/workload/documents.ts';
import { findWorkloads } from '../../src/workload/template.ts';
import { asPod } from '../support/as-pod.ts';
import { listCases, readCase } from '../support/golden-case.ts';
import { outcomesOf } from '../support/golden-outcome.ts';
import { withSelector } from './created-workload.ts';
import type { KubectlResult, KubeObject } from './kubectl.ts';
import { renderDeployment, renderPod } from './media-app.ts';
import { findProvider } from './provider.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('API server');
const FIXTURES = join(import.meta.dirname, '../fixtures/rules');
const NAMESPACE = 'policies';
const DRY_RUN = ['create', '--dry-run=server', '-f', '-'];
const PINNED = { spec: { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } } };

const cases = listCases()
  .map(readCase)
  .map((golden) => ({ golden, key: JSON.stringify((parse(golden.head) as KubeObject)['settings'] ?? {}) }))
  .toSorted((one, other) => (one.key < other.key ? -1 : 1));

describe.skipIf(provider === null)('media-stack policy', { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  beforeAll(async () => provider?.prepare(), 3_600_000);
  beforeAll(async () => {
    if (provider === null) return;
    cluster = await provider.start();
    await cluster.kubectl.createNamespace(NAMESPACE);
    // From before the policies.
    await cluster.kubectl.create(renderDeployment({ namespace: NAMESPACE, name: 'old', ...PINNED }));
    await apply('{}', defaultSettings());
  }, 300_000);
  afterAll(async () => cluster?.stop(), 120_000);

  let applied = { key: '', name: '' };
  let made = 0;

  /** Puts the policies for these settings in the place of those before, and waits until they are in force. */
  async function apply(key: string, settings: Settings): Promise<void> {
    if (applied.key === key) return;
    const { kubectl } = cluster;
    const before = applied.name;
    const name = `policy-${(made += 1)}`;
    const items = renderCelPolicies(settings, name);
    await kubectl.text(['apply', '-f', '-'], { input: { apiVersion: 'v1', kind: 'List', items } });
    if (before !== '') {
      const old = ['pods', 'workloads', 'cronjobs'].map((place) => `${before}-${place}`);
      await kubectl.text(['delete', 'validatingadmissionpolicybinding', ...old]);
      await kubectl.text(['delete', 'validatingadmissionpolicy', ...old]);
    }
    applied = { key, name };
    const labels = { 'media-stack/cloud-mounts': 'no' };
    const canaries = [
      renderPod({ namespace: NAMESPACE, labels }),
      renderDeployment({ namespace: NAMESPACE, labels }),
      cronJob(renderDeployment({ namespace: NAMESPACE, labels })),
    ];
    for (const canary of canaries) {
      const isInForce = async (): Promise<boolean> => {
        const { stderr } = await dryRun(canary);
        return stderr.includes(`'${name}-`) && !(before !== '' && stderr.includes(`'${before}-`));
      };
      await waitUntil(`${name} to be in force for ${canary['kind']}`, isInForce, { timeoutMs: 60_000 });
    }
  }

  function dryRun(input: object): Promise<KubectlResult> {
    return cluster.kubectl.run(DRY_RUN, { input });
  }

  it('is accepted, and its expressions fit the types of the objects', async () => {
    const checked = async (): Promise<KubeObject[] | false> => {
      const { items } = await cluster.kubectl.json(['get', 'validatingadmissionpolicies']);
      const all = items as KubeObject[];
      // The controller manager checks the types; without one nobody does.
      return all.every(({ status }) => status?.['observedGeneration'] !== undefined) && all;
    };
    if (!cluster.hasControllers) return;
    const policies = await waitUntil('the check of types', checked, { timeoutMs: 60_000 });
    expect(policies).toHaveLength(3);
    expect(policies.map(({ status }) => status?.['typeChecking'] ?? {})).toEqual([{}, {}, {}]);
  });

  it('lets every ordinary labelled workload pass, for the webhook will inject its pods', async () => {
    const deployment = renderDeployment({ namespace: NAMESPACE });
    for (const object of [deployment, cronJob(deployment)])
      expect(await dryRun(object)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('refuses a labelled pod that nobody has injected, in words of its own', async () => {
    const { exitCode, stderr } = await dryRun(renderPod({ namespace: NAMESPACE }));
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(applied.name, 'media-stack')).toMatchInlineSnapshot(`
      "The pods "sonarr" is invalid: : ValidatingAdmissionPolicy 'media-stack-pods' with binding 'media-stack-pods' denied request: MS302: no working sidecar mounts the remote zurg. Create the pod again while the webhook of media-stack runs; without this remote: media-stack/remotes.
      "
    `);
  });

  it('refuses a pinned Deployment, and lets one from before be scaled, but not changed', async () => {
    const { kubectl } = cluster;
    const pinned = renderDeployment({ namespace: NAMESPACE, name: 'pinned', ...PINNED });
    expect((await dryRun(pinned)).stderr.replaceAll(applied.name, 'media-stack')).toMatchInlineSnapshot(`
      "The deployments "pinned" is invalid: : ValidatingAdmissionPolicy 'media-stack-workloads' with binding 'media-stack-workloads' denied request: MS101: nodeSelector kubernetes.io/hostname pins the pod to node-1. Remove it, or prefer nodes without requiring them.
      "
    `);
    const environment = ['set', 'env', 'deployment/old', 'TZ=UTC', '-n', NAMESPACE];
    const change = await kubectl.run(environment);
    expect(change.stderr).toContain('MS101: nodeSelector kubernetes.io/hostname pins the pod to node-1');
    const scale = ['scale', 'deployment/old', '--replicas=3', '-n', NAMESPACE];
    expect((await kubectl.run(scale)).exitCode).toBe(0);
  });

  describe('agrees with the rules on', () => {
    for (const { golden, key } of cases) {
      for (const outcome of outcomesOf(golden)) {
        const { kind, name } = outcome.workload;
        it(`${golden.file}: ${kind} ${name} and its pods`, async () => {
          const settings = golden.parsedSettings;
          await apply(key, settings);
          const claimTemplates = outcome.workload.claimTemplates.map((template) => template.name);
          for (const podLike of [outcome.pod, outcome.patched]) {
            const pod = asPod(podLike, outcome.workload, golden.assumeLabel ?? false) as unknown as Pod;
            const verdict = judgePod({ pod, settings, claimTemplates });
            await expectAgreement(namedPod(pod), verdict, celRuleIds(settings, 'pod'));
          }
          if (kind === 'Pod') return;
          const pod = structuredClone(outcome.pod);
          const verdict = judgeTemplate({ pod, settings, claimTemplates });
          const object = withSelector(outcome.workload.object, NAMESPACE);
          await expectAgreement(object, verdict, celRuleIds(settings, 'template'));
        });
      }
    }

    it.each(RULES.flatMap(({ id }) => [`${id}/bad.yaml`, `${id}/good.yaml`]))(
      'the fixture %s',
      async (file) => {
        const folder = join(FIXTURES, file.slice(0, 5));
        const own = join(folder, 'settings.yaml');
        const text = existsSync(own) ? readFileSync(own, 'utf8') : '';
        const parsed = parseSettings(text, own);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        const { settings } = parsed;
        await apply(text === '' ? '{}' : text, settings);
        for (const { value } of readManifests(readFileSync(join(FIXTURES, file), 'utf8'), file).documents) {
          for (const workload of findWorkloads(value)) {
            const decoded = decodePod(structuredClone(workload.podLike));
            if (!decoded.ok || workload.kind === 'Pod') continue;
            const verdict = judgeTemplate({ pod: decoded.pod, settings });
            const object = withSelector(workload.object, NAMESPACE);
            await expectAgreement(object, verdict, celRuleIds(settings, 'template'));
          }
        }
      },
    );
  });

  /**
   * The policy refuses just when the rules find something that it holds, and names a rule that they name. An object that
   * the API server refuses by itself never comes to the policy.
   */
  async function expectAgreement(object: object, verdict: Verdict, held: readonly string[]): Promise<void> {
    const problems = verdict.judged ? verdict.problems : [];
    const denied = problems.filter(({ code, level }) => level === 'deny' && held.includes(code));
    const { exitCode, stderr } = await dryRun(object);
    const named = /ValidatingAdmissionPolicy '[^']+' with binding '[^']+' denied request: (MS\d{3})/.exec(
      stderr,
    );
    if (exitCode !== 0 && named === null) {
      expect(stderr).not.toContain('ValidatingAdmissionPolicy');
      return;
    }
    const codes = denied.map(({ code }) => code);
    if (codes.length === 0) expect(stderr).not.toContain('ValidatingAdmissionPolicy');
    else expect(codes).toContain(named?.[1]);
  }
});

function namedPod(pod: KubeObject): KubeObject {
  const { ownerReferences: _owners, ...metadata } = (pod['metadata'] ?? {}) as KubeObject;
  const owners = ((_owners ?? []) as KubeObject[]).map((owner) => ({
    uid: 'd3b07384-d113-4956-a7a1-3b6d6f5a9c01',
    ...owner,
  }));
  const name = metadata['name'] === undefined ? { generateName: 'pod-' } : {};
  return {
    ...pod,
    metadata: {
      ...name,
      ...metadata,
      namespace: NAMESPACE,
      ...(owners.length > 0 ? { ownerReferences: owners } : {}),
    },
  };
}

function cronJob(deployment: KubeObject): KubeObject {
  const { template } = deployment['spec'] as KubeObject;
  const pod = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly', namespace: NAMESPACE },
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: pod } } },
  };
}
