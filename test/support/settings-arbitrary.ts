// Random settings that the schema takes.
import * as fc from 'fast-check';
import { parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';

const remotes = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 15, arbitrary: fc.subarray(allRemotes(), { minLength: 1 }) },
);

function allRemotes(): Record<string, unknown>[] {
  return [
    { name: 'zurg', secret: 'rclone-zurg-config', remote: 'zurg:', probePath: '__all__' },
    { name: 'torbox', secret: 'rclone-config', path: 'box', readOnly: false },
    { name: 's3', secret: 'rclone-config', remote: 'minio:$bucket', vfsCacheMode: 'full', cacheSize: '1Gi' },
    { name: 'sftp', secret: 'keys.of.sftp', metricsAddr: ':9572', flags: ['--dir-cache-time=5m'] },
  ];
}

/** What a settings file could hold, as a value. */
export const settingsValue: fc.Arbitrary<Record<string, unknown>> = fc.record(
  {
    media: fc.record(
      {
        path: fc.constantFrom('/mnt/media', '/data'),
        volume: fc.constantFrom<unknown>(
          { persistentVolumeClaim: { claimName: 'media-library-pvc' } },
          { hostPath: { path: '/srv' } },
          { nfs: { server: 'nas', path: '/media' } },
        ),
        mounts: fc.constantFrom('volume', 'private'),
      },
      { requiredKeys: [] },
    ),
    remotes,
    sidecar: fc.record(
      {
        mode: fc.constantFrom('native', 'container'),
        position: fc.constantFrom('first', 'last'),
        waitForContent: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    rclone: fc.record(
      { rc: fc.constantFrom('off', 'socket'), readOnly: fc.boolean(), flags: fc.constant(['--timeout=30s']) },
      { requiredKeys: [] },
    ),
    preferredNodes: fc.subarray(['node2', 'node3']),
    policy: fc.record(
      {
        waivers: fc.constantFrom('all', 'warnings'),
        rules: fc.constantFrom({}, { MS306: 'off' }, { MS101: 'warn' }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** 200 of them, always the same: checking settings takes longer than deciding about a pod. */
export const settings: fc.Arbitrary<Settings> = fc.constantFrom(
  ...fc.sample(settingsValue, { numRuns: 200, seed: 1 }).map((value) => {
    const parsed = parseSettings(JSON.stringify(value), 'settings.yaml');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.settings;
  }),
);
