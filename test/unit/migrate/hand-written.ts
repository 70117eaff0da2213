// Pods with mounts written by hand, as people write them: a plain rclone container, an init-dirs, a Secret volume.
import { applyAndCheck } from '../../../src/inject/apply-and-check.ts';
import { decide } from '../../../src/inject/decide.ts';
import jsonpatch from 'fast-json-patch';
import { migrateTemplate } from '../../../src/migrate/migrate-template.ts';
import type { Migration, MigrationInput } from '../../../src/migrate/migrate-template.ts';
import { renderDifference } from '../../../src/migrate/difference.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { MEDIA_MOUNT, ONLY_ZURG, app, podOf } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

/** As the settings of the tests have them: what is equal needs no annotation. */
export const OPTIONS = [
  '--read-only',
  '--vfs-cache-mode=writes',
  '--dir-cache-time=60s',
  '--attr-timeout=60s',
  '--poll-interval=30s',
];

export const RESOURCES = {
  requests: { cpu: '100m', memory: '256Mi' },
  limits: { cpu: '500m', memory: '1Gi' },
};

/** A plain sidecar for zurg that only its form tells from ours. */
export function zurgSidecar(fields: Fields = {}, flags: readonly string[] = OPTIONS): Fields {
  return {
    name: 'rclone-zurg',
    image: 'docker.io/rclone/rclone:1.75.1',
    args: ['mount', 'zurg:', '/mnt/media/zurg', '--allow-other', ...flags],
    resources: RESOURCES,
    securityContext: { privileged: true },
    volumeMounts: [
      { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' },
      { name: 'zurg-secret', mountPath: '/config/rclone', readOnly: true },
    ],
    ...fields,
  };
}

export function makeDirs(text = 'mkdir -p /mnt/media/zurg', fields: Fields = {}): Fields {
  return {
    name: 'init-dirs',
    image: 'alpine:3.22',
    command: ['sh', '-c', text],
    volumeMounts: [MEDIA_MOUNT],
    ...fields,
  };
}

export const SEEING_APP = app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] });
export const MEDIA_VOLUME = { name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } };
export const SECRET_VOLUME = { name: 'zurg-secret', secret: { secretName: 'rclone-zurg-config' } };

/** init-dirs, sidecar, app, and their volumes; `spec` replaces parts. */
export function handPod(spec: Fields = {}, metadata: Fields = { labels: { app: 'sonarr' } }): Pod {
  return podOf(
    {
      initContainers: [makeDirs()],
      containers: [zurgSidecar(), SEEING_APP],
      volumes: [MEDIA_VOLUME, SECRET_VOLUME],
      ...spec,
    },
    metadata,
  );
}

/** By settings that know zurg alone. */
export function migrate(pod: Pod, input: Partial<Omit<MigrationInput, 'pod'>> = {}): Migration {
  return migrateTemplate({ pod, settings: ONLY_ZURG, ...input });
}

export interface Summary {
  readonly outcome: string;
  /** `dir-cache-time: 5m`. */
  readonly kept: readonly string[];
  readonly differences: readonly string[];
  readonly left: readonly string[];
}

/** What a person would read of it. */
export function summary(migration: Migration): Summary {
  const isMigrated = migration.outcome === 'migrated';
  const left = 'left' in migration ? migration.left : [];
  const inits = isMigrated ? migration.leftInits : [];
  return {
    outcome: migration.outcome,
    kept: isMigrated ? migration.kept.map(({ name, value }) => `${name}: ${value}`) : [],
    differences: isMigrated ? migration.differences.map(renderDifference) : [],
    left: [...left, ...inits].map(({ name, why }) => `${name}: ${why}`),
  };
}

/** The pod as migrate leaves it. */
export function migrated(pod: Pod, migration: Migration): Pod {
  if (migration.outcome !== 'migrated') throw new Error(JSON.stringify(migration));
  const patch = structuredClone(migration.patch) as jsonpatch.Operation[];
  return jsonpatch.applyPatch(structuredClone(pod), patch, true, true).newDocument;
}

/** The pod as the webhook makes it. */
export function injected(pod: Pod, settings = defaultSettings()): Pod {
  const applied = applyAndCheck(structuredClone(pod), decide({ pod, settings }), { settings });
  if (!applied.ok) throw new Error(applied.reason);
  return applied.pod;
}

/** Differences that every plain sidecar has. */
export const PLAIN =
  'plain container (rclone-zurg): becomes a native sidecar (restartPolicy: Always), for which the app waits';
