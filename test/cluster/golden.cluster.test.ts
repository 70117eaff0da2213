// Every golden case for real: what the API server stores and refuses is what the engine says offline.
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rawMountsLabel } from '../../src/intent/labels.ts';
import { judgePod } from '../../src/policy/judge.ts';
import { asPod, withoutRoots } from '../support/as-pod.ts';
import { listCases, readCase } from '../support/golden-case.ts';
import type { GoldenCase } from '../support/golden-case.ts';
import { outcomesOf } from '../support/golden-outcome.ts';
import type { CaseOutcome } from '../support/golden-outcome.ts';
import type { KubeObject } from './kubectl.ts';
import { findProvider } from './provider.ts';
import { storedDifference } from './stored-difference.ts';
import { useCluster } from './use-cluster.ts';

const provider = await findProvider('API server');

/** By settings, so that the server has to read new ones as seldom as can be. */
const cases = listCases()
  .map(readCase)
  .map((golden) => ({ golden, settings: settingsOf(golden) }))
  .toSorted((one, other) => (JSON.stringify(one.settings) < JSON.stringify(other.settings) ? -1 : 1));

describe.skipIf(provider === null)('golden cases behind a real API server', () => {
  const suite = useCluster(provider);
  const namespace = `golden-${process.pid}`;
  const kubectl = () => suite().cluster.kubectl;
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));

  for (const { golden, settings } of cases) {
    for (const outcome of outcomesOf(golden)) {
      const { kind, name } = outcome.workload;
      test(`${golden.file}: the pod of ${kind} ${name}`, async () => {
        await suite().webhook.changeSettings(settings);
        const pod = asCreated(outcome.pod, outcome, golden);
        await makeWhatItNames(pod);
        const created = await kubectl().run(['create', '-o', 'json', '-f', '-'], { input: pod });
        const refusals = refusalsOf(outcome, golden);
        if (refusals.length > 0) {
          expect(created.exitCode).toBe(1);
          expect(unnamed(refusals, created.stderr)).toEqual([]);
          return;
        }
        expect(created.stderr.replaceAll(/^Warning: .*\n/gm, '')).toBe('');
        const stored = JSON.parse(created.stdout) as KubeObject;
        const said = asCreated(outcome.patched, outcome, golden);
        expect(storedDifference(withoutRoots(said), withoutRoots(stored))).toEqual([]);
        const { name: pods } = stored['metadata'] as { name: string };
        await kubectl().text([
          'delete',
          'pod',
          pods,
          '-n',
          namespace,
          '--now',
          '--wait=false',
          '--ignore-not-found',
        ]);
      });

      if (kind === 'Pod') continue;
      test(`${golden.file}: the ${kind} ${name} itself`, async () => {
        await suite().webhook.changeSettings(settings);
        const input = withSelector(outcome.workload.object, namespace);
        const create = ['create', '--dry-run=server', '-f', '-'];
        const { exitCode, stderr } = await kubectl().run(create, { input });
        const isLabelled = rawMountsLabel(outcome.workload.podLike) !== undefined;
        const problems = isLabelled && outcome.verdict.judged ? outcome.verdict.problems : [];
        const denials = problems.filter(({ level }) => level === 'deny').map(({ code }) => code);
        expect(unnamed(denials, stderr)).toEqual([]);
        expect(exitCode, stderr).toBe(denials.length > 0 ? 1 : 0);
        const warnings = problems.filter(({ level }) => level === 'warn').map(({ code }) => code);
        expect(warnings.filter((code) => !stderr.includes(code))).toEqual([]);
      });
    }
  }

  /** The pod as a controller would create it: a name, an owner that is complete, what a mirror pod must have. */
  function asCreated(podLike: CaseOutcome['pod'], { workload }: CaseOutcome, golden: GoldenCase): KubeObject {
    const pod = asPod(podLike, workload, golden.assumeLabel ?? false);
    const metadata: KubeObject = { ...pod['metadata'], namespace };
    if (metadata['name'] === undefined) {
      metadata['generateName'] ??= `${workload.name.replace(/-?\*$/, '')}-`;
    }
    metadata['ownerReferences'] = ((metadata['ownerReferences'] ?? []) as KubeObject[]).map((owner) => ({
      uid: 'd3b07384-d113-4956-a7a1-3b6d6f5a9c01',
      ...owner,
    }));
    const isMirror = metadata['annotations']?.['kubernetes.io/config.mirror'] !== undefined;
    return { ...pod, metadata, spec: { ...(isMirror ? { nodeName: 'node1' } : {}), ...pod['spec'] } };
  }

  /** What must exist before a pod that names it. */
  async function makeWhatItNames({ spec }: KubeObject): Promise<void> {
    const account = (spec['serviceAccountName'] ?? spec['serviceAccount']) as string | undefined;
    const name = spec['runtimeClassName'] as string | undefined;
    if (account !== undefined) await kubectl().run(['create', 'serviceaccount', account, '-n', namespace]);
    if (name === undefined) return;
    const runtime = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler: 'x' };
    await kubectl().run(['apply', '-f', '-'], { input: runtime });
  }
});

/**
 * The rules that the API server has itself answer in its words and before ours: then nothing of ours is asked
 * (spec 3, column "live").
 */
const API_SERVER_WORDS: Readonly<Record<string, string>> = {
  MS203: 'Bidirectional mount propagation is available only to privileged containers',
};

function unnamed(codes: readonly string[], stderr: string): string[] {
  if (codes.some((code) => API_SERVER_WORDS[code] !== undefined && stderr.includes(API_SERVER_WORDS[code])))
    return [];
  return codes.filter((code) => !stderr.includes(code));
}

/** Rules that refuse the pod offline: the injection first, then the verdict on the injected pod. */
function refusalsOf({ decision, patched, workload }: CaseOutcome, golden: GoldenCase): string[] {
  if (decision.report.outcome === 'refused') return decision.report.problems.map(({ code }) => code);
  const claimTemplates = workload.claimTemplates.map(({ name }) => name);
  const pod = asPod(patched, workload, golden.assumeLabel ?? false) as CaseOutcome['pod'];
  const verdict = judgePod({ pod, settings: golden.parsedSettings, claimTemplates });
  if (!verdict.judged) return [];
  return verdict.problems.filter(({ level }) => level === 'deny').map(({ code }) => code);
}

function settingsOf(golden: GoldenCase): object {
  const { settings } = parse(golden.head) as { settings?: object };
  return settings ?? {};
}

/** A manifest that leaves out what only the API server asks for: a name, and the selector of its template's labels. */
function withSelector(workload: KubeObject, namespace: string): KubeObject {
  const { metadata = {}, spec } = workload as { metadata?: KubeObject; spec: KubeObject };
  const named =
    metadata['name'] === undefined && metadata['generateName'] === undefined ? { name: 'unnamed' } : {};
  const labels = (spec['template']?.['metadata']?.['labels'] ?? {}) as KubeObject;
  const bySelector = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(
    workload['kind'] as string,
  );
  const selector = bySelector ? { selector: { matchLabels: labels } } : {};
  return { ...workload, metadata: { ...metadata, ...named, namespace }, spec: { ...selector, ...spec } };
}
