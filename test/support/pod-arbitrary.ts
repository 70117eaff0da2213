// Random pods: what people write, what other webhooks leave behind, and what nobody should write.
import * as fc from 'fast-check';
import type { Pod } from '../../src/pod/pod.ts';

const NAMES = [
  'sonarr',
  'plex',
  'rclone-zurg',
  'rclone-torbox',
  'init-dirs',
  'media-stack-init-dirs',
  'istio-proxy',
  'oauth-proxy',
  'a~b/c',
  '__proto__',
  'constructor',
  'x y',
];
const VOLUMES = [
  'media',
  'media-library',
  'rclone-zurg-config',
  'rclone-config',
  'media-stack-mounts',
  'rclone-zurg-cache',
  'rclone-rc',
  'claim',
  '__proto__',
];
const PATHS = [
  '/mnt/media',
  '/mnt/media',
  '/mnt/media/',
  '/mnt//media',
  '/mnt/media/.media-stack',
  '/mnt/media/zurg',
  '/mnt',
  '/config',
  '/run/rclone',
  '/data',
];

/** Any JSON value, with keys that a pointer must escape. */
export const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, 0, -1.5, 2 ** 53, '', 'text', '$(A) $$', '~1/~0'),
    fc.string({ maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 3 }),
    // Own keys, as JSON.parse makes them: `__proto__` among them.
    fc
      .uniqueArray(
        fc.tuple(fc.constantFrom('a', 'a/b', 'a~b', '~1', '', '__proto__', 'name'), tie('value')),
        {
          maxLength: 3,
          selector: ([key]) => key,
        },
      )
      .map((entries) => object(entries)),
  ),
})).value;

function object(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return JSON.parse(
    `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
  ) as Record<string, unknown>;
}

/** The fields of a record, each there or not; what is undefined is not there either. */
function some<T>(
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
  required: (keyof T)[],
): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: required as never[] }) as fc.Arbitrary<Partial<T>>;
}

const mount = some(
  {
    name: fc.constantFrom(...VOLUMES),
    mountPath: fc.constantFrom(...PATHS),
    mountPropagation: fc.constantFrom(
      'None',
      'HostToContainer',
      'HostToContainer',
      'Bidirectional',
      '',
      null,
    ),
    subPath: fc.constantFrom('', 'config/x'),
    subPathExpr: fc.constantFrom('$(NAME)'),
    readOnly: fc.boolean(),
    recursiveReadOnly: fc.constantFrom('Disabled', 'Enabled', 'IfPossible'),
    unknown: json,
  },
  ['name', 'mountPath'],
).chain((value) =>
  // Most mounts are plain.
  fc.boolean().map((plain) => (plain ? { name: value.name, mountPath: value.mountPath } : value)),
);

const quantities = some<Record<string, unknown>>(
  {
    cpu: fc.constantFrom('1', '500m', 0.5, '2e3', 'much'),
    memory: fc.constantFrom('1Gi', '1024Mi', 7, '0'),
    gpu: fc.constant(1),
  },
  [],
);
const resources = some({ requests: orNull(quantities), limits: orNull(quantities), claims: json }, []);

const command = fc.constantFrom<string[] | null>(
  null,
  [],
  ['sleep', '1'],
  ['sh', '-c', 'mkdir -p /mnt/media/zurg && exec rclone mount zurg: "/mnt/media/zurg"'],
  ['rclone', 'mount', 'torbox:', '/mnt/media/torbox'],
  ['rclone', 'sync', 'a:', '/mnt/media/zurg'],
  ['/bin/sh', '-c', 'exit', 'media-stack-mount'],
);
const args = fc.constantFrom<string[] | null>(
  null,
  [],
  ['mount', 'zurg:', '/mnt/media/zurg', '--allow-other'],
  ['mount', 'x:', '/mnt/media'],
  ['--config', '/mnt/media/rclone.conf', 'mount', 'x:', '/srv'],
);

/** `paths` says whether two mounts of one container may be at the same path: the API server refuses that. */
function container(tame: boolean): fc.Arbitrary<Record<string, unknown>> {
  const mounts = tame
    ? fc.uniqueArray(mount, { maxLength: 3, selector: (item) => clean(String(item.mountPath)) })
    : fc.array(mount, { maxLength: 4 });
  return some<Record<string, unknown>>(
    {
      name: fc.constantFrom(...NAMES),
      image: fc.constantFrom('a', 'docker.io/rclone/rclone:1.69', 'rclone/rclone@sha256:0'),
      command,
      args,
      volumeMounts: orNull(mounts),
      resources: orNull(resources),
      restartPolicy: fc.constantFrom('Always', 'Never'),
      securityContext: orNull(some({ privileged: fc.constantFrom<unknown>(true, false, null, 'yes') }, [])),
      env: fc.array(fc.record({ name: fc.string({ maxLength: 3 }), value: fc.constant('$$(A)') }), {
        maxLength: 2,
      }),
      'a/b~c': json,
    },
    ['name'],
  );
}

const volume = fc
  .tuple(
    fc.constantFrom(...VOLUMES),
    fc.constantFrom<Record<string, unknown>>(
      { persistentVolumeClaim: { claimName: 'media-library-pvc' } },
      { persistentVolumeClaim: { claimName: 'other' } },
      { persistentVolumeClaim: null },
      { emptyDir: {} },
      { emptyDir: { medium: 'Memory' } },
      { secret: { secretName: 'rclone-zurg-config' } },
      { secret: { secretName: 'rclone-config', items: [{ key: 'a', path: 'rclone.conf' }] } },
      { secret: { secretName: 'rclone-config', items: [] } },
      { secret: null },
      { configMap: { name: 'rclone-config' } },
      { hostPath: { path: '/srv' } },
      { nfs: { server: 'nas', path: '/media' } },
      {},
    ),
  )
  .map(([name, source]) => ({ name, ...source }));

const requirement = fc.record({
  key: fc.constantFrom('kubernetes.io/hostname', 'metadata.name', 'zone'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists'),
  values: orNull(fc.array(fc.constantFrom('node2', 'node3'), { maxLength: 2 })),
});
const term = some(
  {
    matchExpressions: orNull(fc.array(requirement, { maxLength: 2 })),
    matchFields: orNull(fc.array(requirement, { maxLength: 1 })),
  },
  [],
);
const affinity = some(
  {
    podAntiAffinity: json,
    nodeAffinity: orNull(
      some(
        {
          preferredDuringSchedulingIgnoredDuringExecution: orNull(
            fc.array(fc.record({ weight: fc.nat(100), preference: term }), { maxLength: 2 }),
          ),
          requiredDuringSchedulingIgnoredDuringExecution: orNull(
            some({ nodeSelectorTerms: orNull(fc.array(term, { maxLength: 2 })) }, []),
          ),
        },
        [],
      ),
    ),
  },
  [],
);

const GOOD: readonly (readonly [string, string])[] = [
  ['remotes', 'zurg'],
  ['remotes', ''],
  ['mounts', 'private'],
  ['mounts', 'volume'],
  ['sidecar-mode', 'container'],
  ['sidecar-position', 'last'],
  ['read-only', 'false'],
  ['vfs-cache-mode', 'full'],
  ['cache-size', '1Gi'],
  ['wait-for-content', 'true'],
  ['media-path', '/data'],
  ['media-path', '/config/rclone'],
  ['media-claim', 'other'],
  ['memory-limit', '512Mi'],
  ['containers', 'sonarr'],
  ['containers', 'sonarr,plex'],
  ['ignore', 'MS101'],
];
const BAD: readonly (readonly [string, string])[] = [
  ['remotes', 'nobody'],
  ['mounts', 'Private'],
  ['cpu-limit', '0'],
  ['media-path', 'relative'],
  ['containers', 'nobody'],
  ['remote', 'x'],
  ['status', 'not ours'],
  ['', ''],
];
const ours = (rows: readonly (readonly [string, string])[]) =>
  fc.constantFrom(...rows).map(([name, value]): [string, string] => [`media-stack/${name}`, value]);
const foreign = fc.constantFrom<[string, string]>(
  ['a/b~1c', '~0'],
  ['__proto__', 'x'],
  ['kubectl.kubernetes.io/default-container', 'plex'],
  ['kubectl.kubernetes.io/default-container', 'nobody'],
);

function annotations(bad: number): fc.Arbitrary<Record<string, unknown>> {
  return fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: foreign },
        { weight: 4, arbitrary: ours(GOOD) },
        { weight: bad, arbitrary: ours(BAD) },
      ),
      { maxLength: 3 },
    )
    .map((entries) => object([...new Map(entries)]));
}

function orNull<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(arbitrary, { freq: 8, nil: null });
}

function metadata(tame: boolean, labelled: number): fc.Arbitrary<Record<string, unknown>> {
  return some<Record<string, unknown>>(
    {
      name: fc.constant('p'),
      labels: fc
        .oneof(
          { weight: labelled, arbitrary: fc.constant('true') },
          { weight: 1, arbitrary: fc.constantFrom('false', 'True', '') },
        )
        .map((value) => ({ 'a/b~c': '', 'media-stack/cloud-mounts': value })),
      annotations: orNull(annotations(tame ? 0 : 3)),
      ownerReferences: fc.constantFrom<unknown>(
        null,
        [{ kind: 'DaemonSet', controller: true }],
        [null, 7],
        'x',
      ),
      managedFields: json,
    },
    ['labels'],
  );
}

function spec(tame: boolean): fc.Arbitrary<Record<string, unknown>> {
  const one = container(tame);
  const volumes = tame
    ? fc.uniqueArray(volume, { maxLength: 4, selector: ({ name }) => name })
    : fc.array(volume, { maxLength: 5 });
  return fc
    .record({
      rest: some<Record<string, unknown>>(
        {
          volumes: orNull(volumes),
          affinity: orNull(affinity),
          nodeSelector: orNull(fc.constantFrom({ zone: 'a' }, { 'kubernetes.io/hostname': 'node1' })),
          nodeName: fc.constant('node1'),
          hostUsers: fc.boolean(),
          runtimeClassName: fc.constantFrom('kata', 'runc'),
          os: orNull(fc.constant({ name: 'linux' })),
          resources: orNull(resources),
          '~x/y': json,
        },
        [],
      ),
      all: tame
        ? fc.uniqueArray(one, { minLength: 1, maxLength: 6, selector: ({ name }) => name })
        : fc.array(one, { minLength: 1, maxLength: 5 }),
      inits: fc.nat(3),
      nothing: fc.constantFrom<null | undefined | []>(null, undefined, []),
    })
    .map(({ rest, all, inits, nothing }) => {
      const count = Math.min(inits, all.length - 1);
      const initContainers = count === 0 ? nothing : all.slice(0, count);
      return {
        ...rest,
        ...(initContainers === undefined ? {} : { initContainers }),
        containers: all.slice(count),
      };
    });
}

/** Pods the API server could take: names and mount paths are unique, annotations are right. */
export const tamePod: fc.Arbitrary<Pod> = fc
  .record({ metadata: metadata(true, 100), spec: spec(true) })
  .map(({ metadata, spec }) => withVolumes(JSON.parse(JSON.stringify({ metadata, spec })) as Pod));

/** Pods of the right shape and nothing more: doubled names and paths, wrong annotations, any label. */
export const wildPod: fc.Arbitrary<Pod> = fc
  .record({ metadata: metadata(false, 8), spec: spec(false) })
  .map((pod) => JSON.parse(JSON.stringify(pod)) as Pod);

/** Every mount has its volume, as the API server demands. */
function withVolumes(pod: Pod): Pod {
  const { spec } = pod;
  const used = [...(spec.initContainers ?? []), ...spec.containers].flatMap(({ volumeMounts }) =>
    (volumeMounts ?? []).map(({ name }) => name),
  );
  const there = (spec.volumes ?? []).map(({ name }) => name);
  const missing = [...new Set(used)].filter((name) => !there.includes(name));
  if (missing.length === 0) return pod;
  const volumes = [...(spec.volumes ?? []), ...missing.map((name) => ({ name, emptyDir: {} }))];
  return { ...pod, spec: { ...spec, volumes } };
}

function clean(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
}
