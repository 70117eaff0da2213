// The hand-written manifests of the people this is made for, through migrate: the pod must run as before.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { injectFile } from '../../src/cli/manifest-injection.ts';
import { migrateFile } from '../../src/cli/migrate-manifest.ts';
import type { MigratedFile } from '../../src/cli/migrate-manifest.ts';
import { resolveIntent } from '../../src/intent/intent.ts';
import { comparePods } from '../../src/migrate/compare-pods.ts';
import { renderDifference } from '../../src/migrate/difference.ts';
import { listContainers } from '../../src/pod/containers.ts';
import type { Pod } from '../../src/pod/pod.ts';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { readManifests } from '../../src/workload/documents.ts';
import { findWorkloads } from '../../src/workload/template.ts';

const TEN_SECONDS = {
  'media-stack/read-only': 'false',
  'media-stack/vfs-cache-mode': 'full',
  'media-stack/dir-cache-time': '10s',
  'media-stack/attr-timeout': '10s',
  'media-stack/poll-interval': '10s',
};
/** What rclone does where only --vfs-cache-mode=full is written. */
const STANDARD = {
  'media-stack/read-only': 'false',
  'media-stack/vfs-cache-mode': 'full',
  'media-stack/dir-cache-time': '5m',
  'media-stack/attr-timeout': '1s',
  'media-stack/poll-interval': '1m',
};
/** Their init-dirs makes more than mount points, so it stays, in front of the mounts. */
const LAST = { 'media-stack/sidecar-position': 'last' };

/** The annotations of each hand-written manifest: one for each difference that is kept. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'hand-bazarr-fedc5f0.yaml': TEN_SECONDS,
  'hand-overseerr-fedc5f0.yaml': TEN_SECONDS,
  'hand-plex-de952a6.yaml': STANDARD,
  'hand-plex-fedc5f0.yaml': TEN_SECONDS,
  'hand-prowlarr-fedc5f0.yaml': TEN_SECONDS,
  'hand-radarr-ea82b3b.yaml': STANDARD,
  'hand-radarr-fedc5f0.yaml': TEN_SECONDS,
  'hand-rdt-client-5ceb387.yaml': { ...LAST, ...STANDARD },
  'hand-rdt-client-fedc5f0.yaml': { ...LAST, ...TEN_SECONDS },
  'hand-riven-fedc5f0.yaml': { ...LAST, ...TEN_SECONDS },
  'hand-sabnzbd-fedc5f0.yaml': TEN_SECONDS,
  'hand-sonarr-cdf0f98.yaml': STANDARD,
  'hand-sonarr-fb09be0p-app-not-mounted.yaml': STANDARD,
  'hand-sonarr-fedc5f0.yaml': TEN_SECONDS,
};
const OPEN_RC = /^open remote control on :557[23] /;

const folder = process.env['MEDIA_STACK_MANIFESTS'];

if (folder === undefined) {
  const required = process.env['MEDIA_STACK_REQUIRE_ALL'] === '1';
  const what = 'migrate on 27 real manifests: set MEDIA_STACK_MANIFESTS to the folder that holds wow-ocp';
  if (!required) console.warn(`skipped: ${what}`);
  test.skipIf(!required)(what, () => {
    expect.fail('MEDIA_STACK_MANIFESTS is not set, and MEDIA_STACK_REQUIRE_ALL=1');
  });
} else {
  const path = join(folder, 'wow-ocp');
  const settings = readSettings();
  const read = (file: string) => ({ file, text: readFileSync(join(path, file), 'utf8') });
  const others = readdirSync(path).filter((file) => !file.startsWith('hand-'));

  test('the table holds every hand-written manifest', () => {
    expect(readdirSync(path).filter((file) => file.startsWith('hand-'))).toEqual(Object.keys(EXPECTED));
  });
  for (const [file, annotations] of Object.entries(EXPECTED))
    describe(file, () => testManifest(read(file), annotations, settings));
  test.each(others)('%s has nothing to migrate', (file) => {
    const found = migrateFile(read(file), { settings, defaults: false });
    expect(found.after).toBe(found.before);
    expect(found.workloads.map(({ migration }) => migration)).toEqual([
      file.startsWith('infra-rclone-')
        ? {
            outcome: 'nothing',
            why: 'the pod only mounts, for nobody in it (MS401): label the apps, then remove this workload',
            hasMounts: true,
          }
        : { outcome: 'nothing', why: 'no hand-written mount sidecar', hasMounts: false },
    ]);
  });
}

function testManifest(
  manifest: { readonly file: string; readonly text: string },
  annotations: Readonly<Record<string, string>>,
  settings: Settings,
): void {
  const migrated = migrateFile(manifest, { settings, defaults: false });
  const standard = migrateFile(manifest, { settings, defaults: true });

  test('runs as before once it is injected: what is other is what the command lists', () => {
    for (const file of [migrated, standard]) {
      const found = compareInjected(file, settings);
      expect(found.broken).toEqual([]);
      expect(found.differences).toEqual(listed(file));
    }
  });

  test('has fewer findings than before', () => {
    for (const { workloads } of [migrated, standard])
      for (const { findings } of workloads) expect(findings.after).toBeLessThan(findings.before);
  });

  test('has lost lines, and got the label and one annotation for each difference that is kept', () => {
    expect(addedLines(migrated)).toEqual([
      'media-stack/cloud-mounts: "true"',
      'annotations:',
      ...Object.entries(annotations).map(
        ([key, value]) => `${key}: ${value === 'false' ? '"false"' : value}`,
      ),
    ]);
    expect(podOf(migrated.after).metadata?.annotations).toEqual(annotations);
  });

  test('has the label alone with --defaults', () => {
    expect(addedLines(standard)).toEqual(['media-stack/cloud-mounts: "true"']);
    expect(listed(standard).length).toBeGreaterThan(listed(migrated).length);
  });

  test('lists an open remote control and does not keep it', () => {
    const open = manifest.text.match(/--rc-addr=:557/g) ?? [];
    expect(listed(migrated).filter((line) => OPEN_RC.test(line))).toHaveLength(open.length);
    const injected = injectFile({ ...manifest, text: migrated.after }, { settings, assumeLabel: false });
    const words = listContainers(podOf(injected.after)).flatMap(({ container }) => container.args ?? []);
    expect(words.filter((word) => word.startsWith('--rc'))).toEqual([]);
  });

  test('is left alone by a second run', () => {
    const again = migrateFile({ ...manifest, text: migrated.after }, { settings, defaults: false });
    expect(again.after).toBe(migrated.after);
    expect(again.workloads.map(({ migration }) => migration.outcome)).toEqual(['nothing']);
  });
}

/** By the function that the command checks itself with, on the text that comes out, injected as text. */
function compareInjected(file: MigratedFile, settings: Settings) {
  const injected = injectFile({ file: file.file, text: file.after }, { settings, assumeLabel: false });
  expect(injected.workloads.map(({ outcome }) => outcome)).toEqual(['injected']);
  const [before, after] = [podOf(file.before), podOf(injected.after)];
  const bare = listContainers(podOf(file.after)).map(({ container }) => container.name);
  const replaced = listContainers(before)
    .map(({ container }) => container.name)
    .filter((name) => !bare.includes(name));
  const { intent } = resolveIntent(after, settings);
  const { broken, differences } = comparePods(before, after, replaced, intent);
  return { broken, differences: differences.map(renderDifference) };
}

function listed({ workloads }: MigratedFile): string[] {
  return workloads.flatMap(({ migration }) =>
    migration.outcome === 'migrated' ? migration.differences.map(renderDifference) : [migration.outcome],
  );
}

/** Lines that the original has not, in their order; every other line must be one of the original, in its order. */
function addedLines({ before, after }: MigratedFile): string[] {
  const lines = before.split('\n');
  let at = 0;
  return after.split('\n').flatMap((line) => {
    const found = lines.indexOf(line, at);
    if (found === -1) return [line.trim()];
    at = found + 1;
    return [];
  });
}

function podOf(text: string): Pod {
  const [workload] = readManifests(text, '').documents.flatMap(({ value }) => findWorkloads(value));
  return workload?.podLike as Pod;
}

function readSettings(): Settings {
  const file = join(import.meta.dirname, '../../examples/wow-ocp/settings.yaml');
  const parsed = parseSettings(readFileSync(file, 'utf8'), file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}
