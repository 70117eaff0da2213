// Every manifest of MEDIA_STACK_MANIFESTS for real, with the label put on its template: accepted or refused as the
// offline verdict says, and its pods stored as `inject` says. What that verdict must be: test/manifests.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import { readManifests } from '../../src/workload/documents.ts';
import { findWorkloads } from '../../src/workload/template.ts';
import { withoutRoots } from '../support/as-pod.ts';
import type { GoldenCase } from '../support/golden-case.ts';
import { outcomesOf } from '../support/golden-outcome.ts';
import {
  containerNames,
  createWorkload,
  isApiServersOwn,
  makeWhatItNames,
  refusalsOf,
  saidOfPods,
  unnamed,
  waitForPods,
  withLabel,
} from './created-workload.ts';
import type { KubeObject } from './kubectl.ts';
import { findProvider } from './provider.ts';
import { storedDifference } from './stored-difference.ts';
import { useCluster } from './use-cluster.ts';

const SETTINGS = join(import.meta.dirname, '../../examples/wow-ocp/settings.yaml');

const folder = process.env['MEDIA_STACK_MANIFESTS'];
const provider = folder === undefined ? null : await findProvider('API server');

if (folder === undefined) {
  const required = process.env['MEDIA_STACK_REQUIRE_ALL'] === '1';
  test.skipIf(!required)('real manifests: set MEDIA_STACK_MANIFESTS to the folder that holds wow-ocp', () => {
    expect.fail('MEDIA_STACK_MANIFESTS is not set, and MEDIA_STACK_REQUIRE_ALL=1');
  });
}

describe.skipIf(provider === null)('real manifests behind a real API server', () => {
  const settings = readFileSync(SETTINGS, 'utf8');
  const suite = useCluster(provider, parse(settings) as object);
  const kubectl = () => suite().cluster.kubectl;
  const files = folder === undefined ? [] : readdirSync(join(folder, 'wow-ocp')).toSorted();

  for (const [index, file] of files.entries()) {
    const text = readFileSync(join(folder ?? '', 'wow-ocp', file), 'utf8');
    const manifest = labelledCase(file, text, settings);
    const [outcome] = outcomesOf(manifest);
    if (outcome === undefined) throw new Error(`${file} holds no workload`);
    const { kind, object } = outcome.workload;
    const refusals = refusalsOf(outcome, manifest);
    const namespace = `manifest-${process.pid}-${index}`;

    if (refusals.length > 0) {
      const isApiServers = refusals.some(isApiServersOwn);
      const who = isApiServers ? 'the API server in its own words' : 'the webhook';
      test.each([
        { what: kind, sent: object },
        { what: 'pod', sent: { apiVersion: 'v1', kind: 'Pod', ...(outcome.pod as object) } as KubeObject },
      ])(`${file}: the $what is refused for ${refusals.join(', ')} by ${who}`, async ({ what, sent }) => {
        const own = await kubectl().createNamespace(`${namespace}-${what.toLowerCase()}`);
        await makeWhatItNames(kubectl(), own, outcome.pod.spec);
        const { exitCode, stderr } = await createWorkload(kubectl(), sent, own);
        expect(exitCode).toBe(1);
        expect(unnamed(refusals, stderr)).toEqual([]);
        expect(/\bMS\d{3}\b/.test(stderr)).toBe(!isApiServers);
      });
      continue;
    }

    test(`${file}: the ${kind} is accepted, and what runs is stored as inject says`, async ({ skip }) => {
      skip(kind !== 'Pod' && !suite().cluster.hasControllers, 'this cluster has no controller manager');
      await kubectl().createNamespace(namespace);
      await makeWhatItNames(kubectl(), namespace, outcome.pod.spec);
      const { exitCode, stderr } = await createWorkload(kubectl(), object, namespace);
      expect(exitCode, stderr).toBe(0);
      const [pod] = await waitForPods(kubectl(), namespace);
      const said = saidOfPods(outcome, false);
      expect(storedDifference(withoutRoots(said), withoutRoots(pod ?? {}))).toEqual([]);
      expect(containerNames(pod)).toEqual(containerNames(said));
    });
  }
});

/** The manifest's one workload with the label on its template, in the form of a golden case; a Pod's claims as given. */
function labelledCase(file: string, text: string, settings: string): GoldenCase {
  const parsed = parseSettings(settings, SETTINGS);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const found = readManifests(text, file).documents.flatMap(({ value }) => findWorkloads(value));
  const [workload] = found;
  if (workload === undefined || found.length !== 1)
    throw new Error(`${file} holds ${found.length} workloads`);
  return {
    file,
    name: file,
    from: 'spec 1',
    expect: { outcome: '' },
    input: withLabel(workload),
    head: '',
    parsedSettings: parsed.settings,
    manifestText: text,
    golden: undefined,
  };
}
