// Laws of migrate, for thousands of random pods. A failure prints seed and path; `FUZZ_RUNS` makes it dig deeper.
import * as fc from 'fast-check';
import jsonpatch from 'fast-json-patch';
import { expect, test } from 'vitest';
import { applyAndCheck } from '../../src/inject/apply-and-check.ts';
import { decide } from '../../src/inject/decide.ts';
import { isOurInitDirs, isOurSidecar } from '../../src/intent/mount-sidecar.ts';
import { migrateTemplate } from '../../src/migrate/migrate-template.ts';
import { listContainers } from '../../src/pod/containers.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import type { Container, Pod } from '../../src/pod/pod.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { tamePod, wildPod } from '../support/pod-arbitrary.ts';
import { settings } from '../support/settings-arbitrary.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 1000);

type Loose = Record<string, any>; // eslint-disable-line typescript/no-explicit-any

test('migrate never throws and never changes the pod, and leaves nothing to do for a second run', () => {
  fc.assert(
    fc.property(fc.oneof(wildPod, tamePod), settings, fc.boolean(), (pod, settings, defaults) => {
      if (!decodePod(pod).ok) return;
      const copy = structuredClone(pod);
      const migration = migrateTemplate({ pod, settings, defaults });
      expect(pod).toEqual(copy);
      if (migration.outcome !== 'migrated') return;
      const again = migrateTemplate({ pod: patched(pod, migration.patch), settings, defaults });
      expect(['nothing', 'left']).toContain(again.outcome);
    }),
    { numRuns },
  );
});

/** A pod whose sidecars of ours somebody has written by hand, and the sidecars that they were. */
const written = fc
  .record({ pod: tamePod, settings })
  .filter(({ pod }) => !listContainers(pod).some(({ container }) => isByHand(container)))
  // A Secret that shows another key as rclone.conf is the one thing that the webhook finds and would not make.
  .filter(({ pod }) => !JSON.stringify(pod.spec.volumes ?? []).includes('"items"'))
  .map(({ pod, settings }) => ({ settings, after: injected(pod, settings) }))
  .filter(({ after }) => after !== null && !JSON.stringify(after).includes('.media-stack'))
  .map(({ settings, after }) => ({ settings, after: after as Pod, pod: byHand(after as Pod) }));

test('what is written by hand as we would inject it becomes what we inject', () => {
  fc.assert(
    fc.property(written, ({ settings, after, pod }) => {
      const migration = migrateTemplate({ pod, settings });
      if (migration.outcome !== 'migrated') throw new Error(JSON.stringify(migration));
      const again = injected(patched(pod, migration.patch), settings);
      expect(sidecarsOf(again as Pod)).toEqual(sidecarsOf(after));
    }),
    // Most pods that are drawn have something by hand already.
    { numRuns: Math.ceil(numRuns / 10) },
  );
});

function injected(pod: Pod, settings: Settings): Pod | null {
  const decision = decide({ pod, settings });
  if (decision.report.outcome !== 'injected') return null;
  const applied = applyAndCheck(structuredClone(pod), decision, { settings });
  if (!applied.ok) throw new Error(applied.reason);
  return applied.pod;
}

function patched(pod: Pod, operations: readonly unknown[]): Pod {
  const copy = structuredClone(operations) as jsonpatch.Operation[];
  return jsonpatch.applyPatch(structuredClone(pod), copy, true, true).newDocument;
}

function isByHand({ name, image, command, args }: Container): boolean {
  return /rclone|init-dirs|media-stack/.test(`${name} ${image} ${JSON.stringify([command, args])}`);
}

/** All of a sidecar that a running mount depends on. */
function sidecarsOf(pod: Pod): unknown[] {
  return listContainers(pod)
    .map(({ container }) => container)
    .filter(isOurSidecar)
    .map(({ name, args, resources, volumeMounts }) => ({
      name,
      args,
      resources,
      mounts: (volumeMounts ?? []).map(({ mountPath, mountPropagation }) => [mountPath, mountPropagation]),
    }));
}

/** Our sidecars with rclone's own command line, without label and annotations. */
function byHand(pod: Pod): Pod {
  const copy = structuredClone(pod) as unknown as Loose;
  for (const list of ['initContainers', 'containers'])
    copy['spec'][list] = ((copy['spec'][list] ?? []) as Loose[]).map((container) =>
      isOurSidecar(container as Container)
        ? asPeopleWrite(container)
        : isOurInitDirs(container as Container)
          ? asMkdir(container)
          : container,
    );
  const { labels, annotations } = copy['metadata'] as Loose;
  delete labels['media-stack/cloud-mounts'];
  for (const key of Object.keys(annotations as Loose))
    if (key.startsWith('media-stack/') && !KEPT.includes(key)) delete annotations[key];
  return copy as unknown as Pod;
}

/** What no sidecar tells: where the app is, and when the sidecars come. */
const KEPT = [
  'containers',
  'media-path',
  'media-claim',
  'sidecar-mode',
  'sidecar-position',
  'wait-for-content',
].map((name) => `media-stack/${name}`);

function asPeopleWrite(container: Loose): Loose {
  const args = container['args'] as string[];
  const { startupProbe: _s, livenessProbe: _l, lifecycle: _c, command: _w, ...fields } = container;
  const words = args.slice(args.indexOf('--') + 1).map((word) => word.replaceAll('$$', '$'));
  return { ...fields, command: [words[0]], args: words.slice(1) };
}

function asMkdir(container: Loose): Loose {
  const points = (container['args'] as string[]).slice(1).filter((path) => path !== '');
  const { startupProbe: _s, restartPolicy: _r, ...fields } = container;
  return { ...fields, name: 'init-dirs', command: ['mkdir', '-p'], args: points };
}
