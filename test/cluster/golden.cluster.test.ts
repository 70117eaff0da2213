// Every golden case for real: what the API server stores and refuses is what the engine says offline.
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { rawMountsLabel } from '../../src/intent/labels.ts';
import { asPod, withoutRoots } from '../support/as-pod.ts';
import { listCases, readCase } from '../support/golden-case.ts';
import type { GoldenCase } from '../support/golden-case.ts';
import { outcomesOf } from '../support/golden-outcome.ts';
import type { CaseOutcome } from '../support/golden-outcome.ts';
import {
  containerNames,
  createWorkload,
  ensureNode,
  makeWhatItNames,
  refusalsOf,
  saidOfPods,
  unnamed,
  waitForPods,
  withLabel,
  withSelector,
  withSortedVolumes,
  workloadRefusalsOf,
} from './created-workload.ts';
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
  let made = 0;
  const kubectl = () => suite().cluster.kubectl;
  beforeAll(async () => void (await kubectl().createNamespace(namespace)));

  for (const { golden, settings } of cases) {
    for (const outcome of outcomesOf(golden)) {
      const { kind, name } = outcome.workload;
      test(`${golden.file}: the pod of ${kind} ${name}`, async () => {
        await suite().webhook.changeSettings(settings);
        const pod = asCreated(outcome.pod, outcome, golden);
        await makeWhatItNames(kubectl(), namespace, pod['spec'] as KubeObject);
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

      test(`${golden.file}: the pods that controllers make of ${kind} ${name}`, async ({ skip }) => {
        skip(!suite().cluster.hasControllers, 'this cluster has no controller manager');
        await suite().webhook.changeSettings(settings);
        const own = await kubectl().createNamespace(`${namespace}-${(made += 1)}`);
        if (kind === 'DaemonSet') await ensureNode(kubectl());
        await makeWhatItNames(kubectl(), own, outcome.pod.spec);
        const assumeLabel = golden.assumeLabel ?? false;
        const object = assumeLabel ? withLabel(outcome.workload) : outcome.workload.object;
        const { exitCode, stderr } = await createWorkload(kubectl(), object, own);
        const refusals = workloadRefusalsOf(outcome, golden);
        if (refusals.length > 0) {
          expect(exitCode).toBe(1);
          expect(unnamed(refusals, stderr)).toEqual([]);
          return;
        }
        expect(exitCode, stderr).toBe(0);
        const [pod] = await waitForPods(kubectl(), own);
        const said = saidOfPods(outcome, assumeLabel);
        const inOrder = (object: KubeObject) =>
          withoutRoots(kind === 'StatefulSet' ? withSortedVolumes(object) : object);
        expect(storedDifference(inOrder(said), inOrder(pod ?? {}))).toEqual([]);
        expect(containerNames(pod)).toEqual(containerNames(said));
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
});

function settingsOf(golden: GoldenCase): object {
  const { settings } = parse(golden.head) as { settings?: object };
  return settings ?? {};
}
