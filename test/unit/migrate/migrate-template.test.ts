import { describe, expect, it } from 'vitest';
import { MEDIA_MOUNT, ONLY_ZURG, app, podOf, settingsOf } from '../../support/labelled-pod.ts';
import {
  MEDIA_VOLUME,
  OPTIONS,
  PLAIN,
  SECRET_VOLUME,
  SEEING_APP,
  handPod,
  makeDirs,
  migrate,
  migrated,
  summary,
  zurgSidecar,
} from './hand-written.ts';

const LABELS = { app: 'sonarr', 'media-stack/cloud-mounts': 'true' };

describe('what goes', () => {
  it('takes out sidecar, init-dirs and Secret volume, and puts the label on', () => {
    const pod = handPod();
    const migration = migrate(pod);
    expect(summary(migration)).toEqual({ outcome: 'migrated', kept: [], differences: [PLAIN], left: [] });
    expect(migrated(pod, migration)).toEqual(
      podOf({ containers: [SEEING_APP], volumes: [MEDIA_VOLUME] }, { labels: LABELS }),
    );
  });

  it('takes out native sidecars too, and what is left of the list stays', () => {
    const other = { name: 'wait', image: 'busybox:1.37', command: ['true'] };
    const pod = handPod({
      initContainers: [makeDirs(), zurgSidecar({ restartPolicy: 'Always' }), other],
      containers: [SEEING_APP],
    });
    const migration = migrate(pod);
    expect(summary(migration)).toEqual({ outcome: 'migrated', kept: [], differences: [], left: [] });
    expect(migrated(pod, migration).spec.initContainers).toEqual([other]);
  });

  it.each([
    ['makes metadata where there is none', undefined, { labels: { 'media-stack/cloud-mounts': 'true' } }],
    [
      'makes labels where there are none',
      { annotations: { a: 'b' } },
      { annotations: { a: 'b' }, labels: { 'media-stack/cloud-mounts': 'true' } },
    ],
    ['writes over labels: null', { labels: null }, { labels: { 'media-stack/cloud-mounts': 'true' } }],
  ])('%s', (_what, metadata, expected) => {
    const pod = handPod({}, metadata);
    if (metadata === undefined) delete (pod as { metadata?: unknown }).metadata;
    expect(migrated(pod, migrate(pod)).metadata).toEqual(expected);
  });

  it('leaves a volume that another container uses', () => {
    const reader = app({
      name: 'reader',
      volumeMounts: [{ name: 'zurg-secret', mountPath: '/secret' }],
    });
    const pod = handPod({ containers: [zurgSidecar(), SEEING_APP, reader] });
    expect(migrated(pod, migrate(pod)).spec.volumes).toEqual([MEDIA_VOLUME, SECRET_VOLUME]);
  });

  it('leaves a volume that nobody used before', () => {
    const spare = { name: 'spare', emptyDir: {} };
    const pod = handPod({ volumes: [MEDIA_VOLUME, SECRET_VOLUME, spare] });
    expect(migrated(pod, migrate(pod)).spec.volumes).toEqual([MEDIA_VOLUME, spare]);
  });

  it('changes nothing in the pod that it is given', () => {
    const pod = handPod();
    const copy = structuredClone(pod);
    migrate(pod);
    expect(pod).toEqual(copy);
  });

  it('finds nothing to do in its own result', () => {
    const pod = handPod();
    expect(migrate(migrated(pod, migrate(pod)))).toEqual({
      outcome: 'nothing',
      why: 'no hand-written mount sidecar',
      hasMounts: false,
    });
  });

  it('takes the sidecars of a pod that has the label already', () => {
    const pod = handPod({}, { labels: LABELS, annotations: { 'media-stack/dir-cache-time': '1h' } });
    const migration = migrate(pod);
    // The annotation did nothing for a sidecar that somebody had written; now it says what that one had.
    expect(summary(migration).kept).toEqual(['dir-cache-time: 60s']);
    expect(migrated(pod, migration).metadata).toEqual({
      labels: LABELS,
      annotations: { 'media-stack/dir-cache-time': '60s' },
    });
  });
});

describe('affinity', () => {
  const settings = settingsOf(
    '{ preferredNodes: [n2, n3], remotes: [{ name: zurg, secret: rclone-zurg-config }] }',
  );
  const term = (weight: number, ...values: string[]) => ({
    weight,
    preference: { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] },
  });
  const affinity = (...terms: unknown[]) => ({
    nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms },
  });
  const after = (before: unknown) => {
    const pod = handPod({ affinity: before });
    const migration = migrate(pod, { settings });
    return { affinity: migrated(pod, migration).spec.affinity, differences: summary(migration).differences };
  };

  it('takes out the preference that the webhook adds, in whatever order its nodes stand', () => {
    expect(after(affinity(term(100, 'n3', 'n2')))).toEqual({ affinity: undefined, differences: [PLAIN] });
  });

  it('leaves what stands beside it', () => {
    const other = term(1, 'n9');
    expect(after(affinity(term(100, 'n2', 'n3'), other))).toEqual({
      affinity: affinity(other),
      differences: [PLAIN],
    });
    const podAffinity = { podAffinity: { x: [] } };
    expect(after({ ...affinity(term(100, 'n2', 'n3')), ...podAffinity }).affinity).toEqual(podAffinity);
  });

  it('leaves a preference of another weight, which the webhook takes for its own', () => {
    expect(after(affinity(term(50, 'n2', 'n3')))).toEqual({
      affinity: affinity(term(50, 'n2', 'n3')),
      differences: [PLAIN],
    });
  });

  it('says what comes where there was none', () => {
    expect(after(undefined).differences).toEqual([
      PLAIN,
      'no preference for n2, n3: is added: settings preferredNodes',
    ]);
  });
});

describe('what is kept as an annotation', () => {
  const keptOf = (flags: readonly string[], fields = {}) =>
    summary(migrate(handPod({ containers: [zurgSidecar(fields, flags), SEEING_APP] }))).kept;
  const with_ = (flag: string) => [
    ...OPTIONS.filter((other) => !other.startsWith(flag.split('=')[0] ?? '')),
    flag,
  ];

  it.each([
    ['--vfs-cache-mode=off', 'vfs-cache-mode: off'],
    ['--vfs-cache-mode=FULL', 'vfs-cache-mode: full'],
    ['--dir-cache-time=10s', 'dir-cache-time: 10s'],
    ['--dir-cache-time=1h30m', 'dir-cache-time: 1h30m'],
    ['--attr-timeout=1', 'attr-timeout: 1s'],
    ['--poll-interval=0', 'poll-interval: 0s'],
  ])('%s becomes %s', (flag, annotation) => {
    expect(keptOf(with_(flag))).toEqual([annotation]);
  });

  it.each([['--dir-cache-time=1m'], ['--attr-timeout=60'], ['--poll-interval=0m30s']])(
    '%s says what the settings say: no annotation',
    (flag) => {
      expect(keptOf(with_(flag))).toEqual([]);
    },
  );

  it("keeps rclone's own defaults where nothing was written", () => {
    expect(keptOf([])).toEqual([
      'read-only: false',
      'vfs-cache-mode: off',
      'dir-cache-time: 5m',
      'attr-timeout: 1s',
      'poll-interval: 1m',
    ]);
  });

  it('reads options from the environment, and lets the command line win', () => {
    const env = [
      { name: 'RCLONE_DIR_CACHE_TIME', value: '7s' },
      { name: 'RCLONE_ATTR_TIMEOUT', value: '7s' },
    ];
    const flags = OPTIONS.filter((flag) => !flag.startsWith('--dir-cache-time'));
    expect(keptOf(flags, { env })).toEqual(['dir-cache-time: 7s']);
  });

  it('makes a cache volume of which rclone takes what it was given', () => {
    expect(keptOf([...with_('--vfs-cache-mode=full'), '--vfs-cache-max-size=20G'])).toEqual([
      'vfs-cache-mode: full',
      'cache-size: 25Gi',
    ]);
  });

  it('keeps requests and limits', () => {
    const resources = { requests: { cpu: '0.1', memory: '128Mi' }, limits: { cpu: '500m', memory: '2Gi' } };
    expect(keptOf(OPTIONS, { resources })).toEqual(['memory-request: 128Mi', 'memory-limit: 2Gi']);
  });

  it('names only the remotes that were mounted', () => {
    expect(summary(migrate(handPod(), { settings: settingsOf('{}') })).kept).toEqual(['remotes: zurg']);
  });

  it('keeps the path at which app and sidecar have the volume', () => {
    const mount = { name: 'media', mountPath: '/data' };
    const pod = handPod({
      initContainers: [makeDirs('mkdir -p /data/zurg', { volumeMounts: [mount] })],
      containers: [
        zurgSidecar({
          name: 'mount',
          args: ['mount', 'zurg:', '/data/zurg', '--allow-other', ...OPTIONS],
          volumeMounts: [
            { ...mount, mountPropagation: 'Bidirectional' },
            { name: 'zurg-secret', mountPath: '/config/rclone' },
          ],
        }),
        app({ volumeMounts: [{ ...mount, mountPropagation: 'HostToContainer' }] }),
      ],
    });
    expect(summary(migrate(pod))).toMatchObject({
      outcome: 'migrated',
      kept: ['media-path: /data'],
      left: [],
    });
  });

  it('names the claim that only the sidecar had mounted', () => {
    const volume = { name: 'films', persistentVolumeClaim: { claimName: 'films' } };
    const pod = handPod({
      initContainers: [
        makeDirs('mkdir -p /mnt/media/zurg', { volumeMounts: [{ name: 'films', mountPath: '/mnt/media' }] }),
      ],
      containers: [
        zurgSidecar({
          volumeMounts: [
            { name: 'films', mountPath: '/mnt/media', mountPropagation: 'Bidirectional' },
            { name: 'zurg-secret', mountPath: '/config/rclone' },
          ],
        }),
        app({ volumeMounts: [] }),
      ],
      volumes: [volume, SECRET_VOLUME],
    });
    expect(summary(migrate(pod))).toEqual({
      outcome: 'migrated',
      kept: ['media-claim: films'],
      differences: [
        PLAIN,
        'no mount at /mnt/media (sonarr): volume films is mounted there',
        'nothing seen at /mnt/media/zurg (sonarr): sees zurg: from Secret rclone-zurg-config there',
      ],
      left: [],
    });
  });

  it('lets the mounts live where they did on a hostPath, and where the settings would make them private', () => {
    const volumes = [{ name: 'media', hostPath: { path: '/srv/media' } }, SECRET_VOLUME];
    expect(summary(migrate(handPod({ volumes })))).toMatchObject({
      outcome: 'migrated',
      kept: ['mounts: volume'],
    });
    const settings = settingsOf(
      '{ media: { mounts: private }, remotes: [{ name: zurg, secret: rclone-zurg-config }] }',
    );
    expect(summary(migrate(handPod(), { settings })).kept).toEqual(['mounts: volume']);
  });

  it('keeps init containers of the media volume in front of the mounts', () => {
    const chown = makeDirs('chown -R 1000 /mnt/media', { name: 'chown' });
    const pod = handPod({ initContainers: [makeDirs(), chown] });
    expect(summary(migrate(pod)).kept).toEqual(['sidecar-position: last']);
    expect(summary(migrate(pod, { defaults: true })).kept).toEqual(['sidecar-position: last']);
  });

  it('writes none that a flag of the settings would overrule', () => {
    const settings = settingsOf(
      'remotes: [{ name: zurg, secret: rclone-zurg-config, flags: [--dir-cache-time=9s] }]',
    );
    expect(summary(migrate(handPod(), { settings }))).toEqual({
      outcome: 'migrated',
      kept: [],
      differences: [
        PLAIN,
        '--dir-cache-time 60s (rclone-zurg): becomes 9s; to keep it: media-stack/dir-cache-time or settings rclone.dirCacheTime',
      ],
      left: [],
    });
  });

  it('drops those of options with defaults, and says what becomes of them', () => {
    const pod = handPod({ containers: [zurgSidecar({}, with_('--vfs-cache-mode=full')), SEEING_APP] });
    expect(summary(migrate(pod, { defaults: true }))).toEqual({
      outcome: 'migrated',
      kept: [],
      differences: [
        PLAIN,
        '--vfs-cache-mode full (rclone-zurg): becomes writes; to keep it: media-stack/vfs-cache-mode or settings remotes[].vfsCacheMode or rclone.vfsCacheMode',
      ],
      left: [],
    });
  });
});

describe('two sidecars', () => {
  const settings = settingsOf('{}');
  const torbox = (flags: readonly string[]) =>
    zurgSidecar({
      name: 'rclone-torbox',
      args: ['mount', 'torbox:', '/mnt/media/torbox', '--allow-other', ...flags],
      volumeMounts: [
        { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' },
        { name: 'torbox-secret', mountPath: '/config/rclone' },
      ],
    });
  const both = (zurgFlags: readonly string[], torboxFlags: readonly string[]) =>
    handPod({
      initContainers: [makeDirs('mkdir -p /mnt/media/zurg /mnt/media/torbox')],
      containers: [zurgSidecar({}, zurgFlags), torbox(torboxFlags), SEEING_APP],
      volumes: [
        MEDIA_VOLUME,
        SECRET_VOLUME,
        { name: 'torbox-secret', secret: { secretName: 'rclone-config' } },
      ],
    });

  it('share an annotation where they agree', () => {
    const flags = OPTIONS.map((flag) => flag.replace('60s', '10s'));
    expect(summary(migrate(both(flags, flags), { settings })).kept).toEqual([
      'dir-cache-time: 10s',
      'attr-timeout: 10s',
    ]);
  });

  it('get none where they differ: what is lost is listed with the setting', () => {
    const slow = OPTIONS.map((flag) => flag.replace('writes', 'off'));
    const found = summary(migrate(both(OPTIONS, slow), { settings }));
    expect(found.kept).toEqual([]);
    expect(found.differences).toContain(
      '--vfs-cache-mode off (rclone-torbox): becomes writes; to keep it: media-stack/vfs-cache-mode or settings remotes[].vfsCacheMode or rclone.vfsCacheMode',
    );
  });
});

describe('what a pod without an app has', () => {
  it('is nothing to migrate: MS401', () => {
    expect(migrate(handPod({ containers: [zurgSidecar({ name: 'rclone' })] }))).toEqual({
      outcome: 'nothing',
      why: 'the pod only mounts, for nobody in it (MS401): label the apps, then remove this workload',
      hasMounts: true,
    });
  });
});

describe('what is refused', () => {
  it.each([
    ['a label that nobody understands', { labels: { 'media-stack/cloud-mounts': 'yes' } }, 'MS502'],
    ['an annotation that does not parse', { annotations: { 'media-stack/mounts': 'here' } }, 'MS503'],
  ])('is %s', (_what, metadata, code) => {
    const migration = migrate(handPod({}, metadata));
    expect(migration.outcome === 'refused' && migration.problems.map((problem) => problem.code)).toEqual([
      code,
    ]);
  });

  it('is a pod with two volumes at the media path', () => {
    const other = app({ name: 'other', volumeMounts: [{ name: 'zurg-secret', mountPath: '/mnt/media' }] });
    const migration = migrate(handPod({ containers: [zurgSidecar(), SEEING_APP, other] }));
    expect(migration.outcome === 'refused' && migration.problems.map(({ code }) => code)).toEqual(['MS208']);
  });

  it('leaves a pod alone whose label says "false"', () => {
    const migration = migrate(handPod({}, { labels: { 'media-stack/cloud-mounts': 'false' } }));
    expect(summary(migration)).toMatchObject({
      outcome: 'left',
      left: ['rclone-zurg: the label media-stack/cloud-mounts is "false": nothing is injected'],
    });
  });
});

it('repairs what could not have worked, and says so', () => {
  const sidecar = zurgSidecar({
    securityContext: undefined,
    volumeMounts: [MEDIA_MOUNT, { name: 'zurg-secret', mountPath: '/config/rclone' }],
  });
  const pod = handPod({ containers: [sidecar, app()] });
  expect(summary(migrate(pod, { settings: ONLY_ZURG })).differences).toEqual([
    'not privileged (rclone-zurg): is privileged now: it could not mount (MS301)',
    'no mountPropagation: Bidirectional (rclone-zurg): has it now: nobody could see the mount (MS202)',
    PLAIN,
    'mount at /mnt/media without propagation (sonarr): gets HostToContainer',
    'nothing seen at /mnt/media/zurg (sonarr): sees zurg: from Secret rclone-zurg-config there',
  ]);
});
