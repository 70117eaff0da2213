// Real manifests of the people this is made for, through command line, engine, judge and webhook. They are not ours to
// publish: MEDIA_STACK_MANIFESTS names the folder that holds `wow-ocp`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainFile } from '../../src/cli/explanation.ts';
import { injectFile, uninjectFile } from '../../src/cli/manifest-injection.ts';
import { judgeTemplate } from '../../src/policy/judge.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import type { Pod } from '../../src/pod/pod.ts';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { readManifests } from '../../src/workload/documents.ts';
import { findWorkloads } from '../../src/workload/template.ts';
import type { Workload } from '../../src/workload/template.ts';
import { asPod, withoutRoots } from '../support/as-pod.ts';
import { throughWebhook } from '../support/through-webhook.ts';

/** What becomes of each file: injected, or why not; and the rules that refuse it. */
const EXPECTED: Readonly<Record<string, readonly [outcome: string, refusedBy: readonly string[]]>> = {
  'before-overseerr-fb09be0p.yaml': ['injected', []],
  'before-plex-4d74c99.yaml': ['injected', []],
  'before-plex-b42d438.yaml': ['injected', []],
  'before-prowlarr-abdf0e5.yaml': ['injected', []],
  'before-prowlarr-fb09be0p.yaml': ['injected', []],
  'before-sabnzbd-956cf71.yaml': ['injected', []],
  'before-storage-test-pod.yaml': ['injected', []],
  'before-verify-media-mount-job.yaml': ['injected', []],
  'hand-bazarr-fedc5f0.yaml': ['already_complete', []],
  'hand-overseerr-fedc5f0.yaml': ['already_complete', []],
  'hand-plex-de952a6.yaml': ['injected', []],
  'hand-plex-fedc5f0.yaml': ['already_complete', []],
  'hand-prowlarr-fedc5f0.yaml': ['already_complete', []],
  'hand-radarr-ea82b3b.yaml': ['injected', ['MS101']],
  'hand-radarr-fedc5f0.yaml': ['already_complete', []],
  'hand-rdt-client-5ceb387.yaml': ['injected', []],
  'hand-rdt-client-fedc5f0.yaml': ['already_complete', []],
  'hand-riven-fedc5f0.yaml': ['already_complete', []],
  'hand-sabnzbd-fedc5f0.yaml': ['already_complete', []],
  'hand-sonarr-cdf0f98.yaml': ['injected', []],
  'hand-sonarr-fb09be0p-app-not-mounted.yaml': ['injected', []],
  'hand-sonarr-fedc5f0.yaml': ['already_complete', []],
  'infra-rclone-torbox-57bcd06-invalid.yaml': ['no_app_container', ['MS203']],
  'infra-rclone-torbox-fedc5f0.yaml': ['no_app_container', []],
  'infra-rclone-zurg-fedc5f0.yaml': ['no_app_container', []],
  'infra-zurg-57bcd06-invalid.yaml': ['injected', ['MS203']],
  'infra-zurg-fedc5f0.yaml': ['injected', []],
};

const folder = process.env['MEDIA_STACK_MANIFESTS'];

if (folder === undefined) {
  const required = process.env['MEDIA_STACK_REQUIRE_ALL'] === '1';
  const what = '27 real manifests: set MEDIA_STACK_MANIFESTS to the folder that holds wow-ocp';
  if (!required) console.warn(`skipped: ${what}`);
  test.skipIf(!required)(what, () => {
    expect.fail('MEDIA_STACK_MANIFESTS is not set, and MEDIA_STACK_REQUIRE_ALL=1');
  });
} else {
  const path = join(folder, 'wow-ocp');
  const settings = readSettings();
  test('the folder holds the 27 files of the table', () => {
    expect(readdirSync(path).toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
  });
  for (const [file, [outcome, refusedBy]] of Object.entries(EXPECTED)) {
    describe(file, () => testManifest(readManifest(path, file), settings, outcome, refusedBy));
  }
  describe('single files', () => testSingleFiles((file) => inject(readManifest(path, file), settings)));
}

interface Manifest {
  readonly file: string;
  readonly text: string;
}

function testManifest(
  manifest: Manifest,
  settings: Settings,
  outcome: string,
  refusedBy: readonly string[],
): void {
  const edited = injectFile(manifest, { settings, assumeLabel: true });
  const [result] = edited.workloads;
  if (!result) throw new Error('no workload');

  test(`is ${outcome}`, () => {
    expect(edited.problems).toEqual([]);
    expect(edited.workloads).toHaveLength(1);
    expect(result.outcome === 'skipped' ? result.detail : result.outcome).toBe(outcome);
  });

  test(refusedBy.length === 0 ? 'is allowed' : `is refused by ${refusedBy.join(', ')}`, async () => {
    const decoded = decodePod(structuredClone(result.workload.podLike));
    if (!decoded.ok) throw new Error(JSON.stringify(decoded.problems));
    const verdict = judgeTemplate({ pod: decoded.pod, settings, assumeLabel: true });
    if (!verdict.judged) throw new Error(verdict.reason);
    const denials = verdict.problems.filter(({ level }) => level === 'deny').map(({ code }) => code);
    expect([...new Set(denials)]).toEqual(refusedBy);
    // A pod is judged as it stands in the end, a workload as it will become.
    const { workload } = result;
    const object =
      workload.kind === 'Pod' ? asPod(onlyPodLike(edited.after), workload, true) : labelled(workload);
    const { allowed } = await throughWebhook('validate', object, settings);
    expect(allowed).toBe(refusedBy.length === 0);
  });

  test('injecting the output again changes no byte', () => {
    const again = injectFile({ ...manifest, text: edited.after }, { settings, assumeLabel: true });
    expect(again.after).toBe(edited.after);
  });

  test("every line of the user is still there, in the user's order", () => {
    const lines = manifest.text.split('\n');
    let at = 0;
    for (const line of edited.after.split('\n')) if (line === lines[at]) at += 1;
    expect(lines.slice(at)).toEqual([]);
    if (outcome !== 'injected') expect(edited.after).toBe(manifest.text);
  });

  test('the webhook makes the same of the pod', async () => {
    const { workload } = result;
    const podLike = workload.podLike as Pod;
    const { allowed, object } = await throughWebhook('mutate', asPod(podLike, workload, true), settings);
    expect(allowed).toBe(true);
    const expected = asPod(onlyPodLike(edited.after), workload, true);
    expect(withoutRoots(object as typeof expected)).toStrictEqual(withoutRoots(expected));
  });

  test('taking the injection out gives the file back byte for byte', () => {
    expect(uninjectFile({ ...manifest, text: edited.after }).after).toBe(manifest.text);
  });

  test('nobody gets a second sidecar, a second init-dirs by its side or a second volume of a source', () => {
    const before = result.workload.podLike as Pod;
    const after = onlyPodLike(edited.after);
    if (manifest.file.startsWith('hand-')) {
      expect(namesOf(after.spec.containers)).toEqual(namesOf(before.spec.containers));
      expect(namesOf(after.spec.initContainers)).toEqual(namesOf(before.spec.initContainers));
    }
    const sources = (after.spec.volumes ?? []).map(({ name: _name, ...source }) => JSON.stringify(source));
    expect(new Set(sources).size).toBe(sources.length);
  });
}

function testSingleFiles(injected: (file: string) => Injected): void {
  test('plex keeps its own name for the media volume, and plex is the app: not nginx, not a sidecar', () => {
    const { steps, pod } = injected('hand-plex-fedc5f0.yaml');
    expect(steps).toContain('container plex is an app');
    expect(steps.filter((step) => step.endsWith('is an app'))).toHaveLength(1);
    expect(steps).toContain('volume plex-media is the media volume');
    expect(JSON.stringify(pod)).not.toContain('media-library"');
  });

  test('the app that was forgotten gets its mount, in the volume of the sidecars', () => {
    const { pod } = injected('hand-sonarr-fb09be0p-app-not-mounted.yaml');
    const sonarr = pod.spec.containers.find(({ name }) => name === 'sonarr');
    expect(sonarr?.volumeMounts?.at(-1)).toEqual({
      name: 'media-storage',
      mountPath: '/mnt/media',
      mountPropagation: 'HostToContainer',
    });
  });

  test('the claim that plex mounts at /data is mounted at the media path too, as the same volume', () => {
    const { pod } = injected('before-plex-b42d438.yaml');
    const claims = (pod.spec.volumes ?? []).filter(
      ({ persistentVolumeClaim: claim }) =>
        (claim as { claimName?: string } | undefined)?.claimName === 'media-library-pvc',
    );
    expect(namesOf(claims)).toEqual(['plex-media']);
    expect(pod.spec.containers[0]?.volumeMounts?.map(({ name, mountPath }) => [name, mountPath])).toEqual([
      ['plex-config', '/config'],
      ['plex-media', '/data'],
      ['plex-media', '/mnt/media'],
    ]);
  });

  test('the pod that runs as non-root keeps its hardening beside privileged sidecars', () => {
    const { pod } = injected('before-storage-test-pod.yaml');
    expect(pod.spec.containers[0]).toMatchObject({
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsUser: 1000 },
    });
    for (const container of pod.spec.initContainers ?? [])
      expect(container).toMatchObject({
        securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
      });
  });

  test('pods without a preference get the nodes of the settings, the others keep theirs alone', () => {
    for (const [file, count] of [
      ['before-sabnzbd-956cf71.yaml', 1],
      ['before-prowlarr-fb09be0p.yaml', 1],
      ['hand-plex-fedc5f0.yaml', 1],
    ] as const) {
      const { affinity } = injected(file).pod.spec;
      expect(affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution).toHaveLength(count);
    }
  });
}

interface Injected {
  readonly pod: Pod;
  readonly steps: readonly string[];
}

function inject(manifest: Manifest, settings: Settings): Injected {
  const options = { settings, assumeLabel: true };
  const steps = explainFile(manifest, options).explanations.flatMap(({ report }) => report.steps);
  return {
    pod: onlyPodLike(injectFile(manifest, options).after),
    steps: steps.map(({ what }) => what),
  };
}

function readManifest(path: string, file: string): Manifest {
  return { file, text: readFileSync(join(path, file), 'utf8') };
}

function readSettings(): Settings {
  const file = join(import.meta.dirname, '../../examples/wow-ocp/settings.yaml');
  const parsed = parseSettings(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

function onlyPodLike(text: string): Pod {
  const found = readManifests(text, 'injected.yaml').documents.flatMap(({ value }) => findWorkloads(value));
  const [workload] = found;
  if (!workload || found.length > 1) throw new Error(`${found.length} workloads`);
  return workload.podLike as Pod;
}

/** The workload with the label on its pod template. */
function labelled({ object, templatePath }: Workload): Record<string, unknown> {
  const copy = structuredClone(object) as Record<string, unknown>;
  let at = copy;
  for (const segment of templatePath) at = at[segment] as Record<string, unknown>;
  const metadata = (at['metadata'] ??= {}) as Record<string, unknown>;
  metadata['labels'] = { ...(metadata['labels'] as object | undefined), 'media-stack/cloud-mounts': 'true' };
  return copy;
}

function namesOf(items: readonly { readonly name: string }[] | null | undefined): string[] {
  return (items ?? []).map(({ name }) => name);
}
