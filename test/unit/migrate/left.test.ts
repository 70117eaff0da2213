import { describe, expect, it } from 'vitest';
import type { Fields } from '../../support/labelled-pod.ts';
import { MEDIA_MOUNT, app, settingsOf } from '../../support/labelled-pod.ts';
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

describe('a sidecar that the webhook would not replace by the same mount', () => {
  const mounts = (...volumeMounts: unknown[]) => ({ volumeMounts });
  const media = { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' };
  const secret = { name: 'zurg-secret', mountPath: '/config/rclone' };
  const args = (...words: string[]) => ({ args: words });
  const shell = (text: string) => ({ command: ['sh', '-c', text], args: undefined });

  const cases: readonly (readonly [
    what: string,
    fields: Fields,
    why: string,
    volumes?: readonly unknown[],
  ])[] = [
    [
      'of a remote that the settings do not know',
      { name: 'gdrive', ...args('mount', 'gdrive:', '/mnt/media/gdrive') },
      'gdrive: mounts gdrive: at /mnt/media/gdrive, and no remote of the settings has that mount point',
    ],
    [
      'at another mount point',
      args('mount', 'zurg:', '/mnt/media/films'),
      'rclone-zurg: mounts zurg: at /mnt/media/films, and no remote of the settings has that mount point',
    ],
    [
      'of another part of the remote',
      args('mount', 'zurg:movies', '/mnt/media/zurg'),
      'rclone-zurg: mounts zurg:movies at /mnt/media/zurg, and the settings mount zurg: there',
    ],
    [
      'over the root of a volume of its own',
      mounts({ name: 'fuse', mountPath: '/mnt/media/zurg', mountPropagation: 'Bidirectional' }, secret),
      'rclone-zurg: mounts zurg: at /mnt/media/zurg, over the root of volume fuse; the webhook mounts in a directory of the media volume (MS207)',
      [{ name: 'fuse', emptyDir: {} }],
    ],
    [
      'in another volume',
      mounts({ name: 'other', mountPath: '/mnt/media', mountPropagation: 'Bidirectional' }, secret),
      'rclone-zurg: mounts zurg: at /mnt/media/zurg in volume other, and the media volume is media',
      [{ name: 'other', emptyDir: {} }],
    ],
    [
      'in no volume',
      mounts(secret),
      'rclone-zurg: mounts zurg: at /mnt/media/zurg, where it has no volume: no other container can see it',
    ],
    [
      'with rclone.conf from a ConfigMap',
      mounts(media, { name: 'conf', mountPath: '/config/rclone' }),
      'rclone-zurg: it reads rclone.conf from configMap rclone, and the webhook mounts Secret rclone-zurg-config',
      [{ name: 'conf', configMap: { name: 'rclone' } }],
    ],
    [
      'with rclone.conf that an init container has copied',
      mounts(media, { name: 'conf', mountPath: '/config/rclone' }),
      'rclone-zurg: it reads rclone.conf from emptyDir, and the webhook mounts Secret rclone-zurg-config',
      [{ name: 'conf', emptyDir: {} }],
    ],
    [
      'with a Secret that the settings do not name',
      mounts(media, { name: 'mine', mountPath: '/config/rclone' }),
      'rclone-zurg: it reads Secret mine, and the settings name rclone-zurg-config for zurg',
      [{ name: 'mine', secret: { secretName: 'mine' } }],
    ],
    [
      'with the configuration under another key',
      { ...args('mount', 'zurg:', '/mnt/media/zurg', '--config=/config/rclone/zurg.conf') },
      'rclone-zurg: it reads the key zurg.conf of Secret rclone-zurg-config, and the webhook reads rclone.conf',
    ],
    [
      'with a remote that is defined in the environment',
      { env: [{ name: 'RCLONE_CONFIG_ZURG_TYPE', value: 'webdav' }] },
      'rclone-zurg: RCLONE_CONFIG_ZURG_TYPE defines a remote in the environment, not in rclone.conf',
    ],
    [
      'with options that nobody can see',
      { envFrom: [{ configMapRef: { name: 'options' } }] },
      'rclone-zurg: it has envFrom: which options of rclone come from there cannot be seen',
    ],
    [
      'with a shell text that does more',
      shell('until wget -q zurg:9999; do sleep 1; done; exec rclone mount zurg: /mnt/media/zurg'),
      'rclone-zurg: its shell text does more than make directories and mount: until wget -q zurg:9999',
    ],
    [
      'with a shell text that makes other directories',
      shell('mkdir -p /mnt/media/zurg /mnt/media/stream && rclone mount zurg: /mnt/media/zurg'),
      'rclone-zurg: its shell text also makes or clears /mnt/media/stream, which the webhook does not',
    ],
    [
      'with a shell text in the background',
      shell('rclone mount zurg: /mnt/media/zurg & wait'),
      'rclone-zurg: its shell text does more than run simple commands (variables, loops, pipes, &)',
    ],
    [
      'with variables in its words',
      args('mount', '$(REMOTE):', '/mnt/media/zurg'),
      'rclone-zurg: its command holds $(...) or $$, which is expanded elsewhere',
    ],
    [
      'with the command of an image',
      { image: 'ghcr.io/acme/zurg-mount:2', args: undefined },
      'rclone-zurg: it has no command: what the image runs cannot be seen',
    ],
    [
      'that serves instead of mounting',
      args('serve', 'webdav', 'zurg:'),
      'rclone-zurg: its command is not "rclone mount REMOTE PATH" with flags',
    ],
  ];

  const named = cases.map(([what, fields, why, volumes = []]) => ({ what, fields, why, volumes }));

  it.each(named)('$what stays, with the reason', ({ fields, why, volumes }) => {
    const pod = handPod({
      containers: [zurgSidecar(fields), SEEING_APP],
      volumes: [MEDIA_VOLUME, SECRET_VOLUME, ...volumes],
    });
    expect(summary(migrate(pod))).toEqual({ outcome: 'left', kept: [], differences: [], left: [why] });
  });

  it('says how to add it to the settings', () => {
    const gdrive = zurgSidecar({ name: 'gdrive', args: ['mount', 'gdrive:', '/mnt/media/films/gdrive'] });
    const migration = migrate(handPod({ containers: [gdrive, SEEING_APP] }));
    expect(migration.outcome === 'left' && migration.left.map(({ mend }) => mend)).toEqual([
      'Add it to the settings: remotes: [{ name: gdrive, remote: "gdrive:", path: films/gdrive, secret: rclone-zurg-config }].',
    ]);
  });

  it('stays beside one that is replaced, and keeps what it needs', () => {
    const gdrive = zurgSidecar({ name: 'gdrive', args: ['mount', 'gdrive:', '/mnt/media/gdrive'] });
    const dirs = makeDirs('mkdir -p /mnt/media/zurg /mnt/media/gdrive');
    const pod = handPod({ initContainers: [dirs], containers: [zurgSidecar(), gdrive, SEEING_APP] });
    const migration = migrate(pod);
    expect(summary(migration)).toEqual({
      outcome: 'migrated',
      kept: ['sidecar-position: last'],
      differences: [PLAIN],
      left: [
        'gdrive: mounts gdrive: at /mnt/media/gdrive, and no remote of the settings has that mount point',
        'init-dirs: it also makes /mnt/media/gdrive, which the webhook does not',
      ],
    });
    const { spec } = migrated(pod, migration);
    expect([spec.initContainers, spec.containers, spec.volumes]).toEqual([
      [dirs],
      [gdrive, SEEING_APP],
      [MEDIA_VOLUME, SECRET_VOLUME],
    ]);
  });
});

it('counts a sidecar that stays among the remotes of the pod', () => {
  const settings = settingsOf(
    'remotes: [{ name: zurg, secret: rclone-zurg-config }, { name: s3, secret: s3 }, { name: b2, secret: b2 }]',
  );
  const s3 = zurgSidecar({ name: 'bucket', args: ['mount', 's3:films', '/mnt/media/s3'] });
  const migration = migrate(handPod({ containers: [zurgSidecar(), s3, SEEING_APP] }), { settings });
  expect(summary(migration)).toEqual({
    outcome: 'migrated',
    kept: ['remotes: zurg,s3'],
    differences: [PLAIN],
    left: ['bucket: mounts s3:films at /mnt/media/s3, and the settings mount s3: there'],
  });
});

describe('a sidecar in a shell text', () => {
  it.each([
    ['exec rclone mount zurg: /mnt/media/zurg --allow-other '],
    ['mkdir -p /mnt/media/zurg && rclone mount "zurg:" /mnt/media/zurg --allow-other '],
    [
      'set -e\n# dead mounts\nfusermount3 -uz /mnt/media/zurg 2>/dev/null || true\nexec rclone mount zurg: \\\n  /mnt/media/zurg --allow-other ',
    ],
  ])('is replaced where the text can be read exactly: %s', (text) => {
    const sidecar = zurgSidecar({ command: ['/bin/sh', '-c', text + OPTIONS.join(' ')], args: undefined });
    expect(summary(migrate(handPod({ containers: [sidecar, SEEING_APP] })))).toEqual({
      outcome: 'migrated',
      kept: [],
      differences: [PLAIN],
      left: [],
    });
  });
});

describe('a Secret', () => {
  it.each([
    [
      'as a single file',
      [{ name: 'zurg-secret', mountPath: '/config/rclone/rclone.conf', subPath: 'rclone.conf' }],
      {},
    ],
    [
      'at another path',
      [{ name: 'zurg-secret', mountPath: '/etc/rclone' }],
      { env: [{ name: 'RCLONE_CONFIG', value: '/etc/rclone/rclone.conf' }] },
    ],
  ])('is the same %s', (_what, mounts, fields) => {
    const media = { ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' };
    const sidecar = zurgSidecar({ volumeMounts: [media, ...mounts], ...fields });
    expect(summary(migrate(handPod({ containers: [sidecar, SEEING_APP] })))).toMatchObject({
      outcome: 'migrated',
      differences: [PLAIN],
    });
  });
});

describe('init-dirs', () => {
  it.each([
    ['mkdir -p /mnt/media/zurg'],
    ['mkdir -p /mnt/media /mnt/media/zurg/ && exit 0'],
    ['set -eu; umount -l /mnt/media/zurg || true; mkdir -pv "/mnt/media/zurg"; echo done'],
  ])('goes where it does what ours does: %s', (text) => {
    const pod = handPod({ initContainers: [makeDirs(text)] });
    expect(migrated(pod, migrate(pod)).spec.initContainers).toBeUndefined();
  });

  it('goes without a shell and under another name too', () => {
    const init = makeDirs('', { name: 'prepare', command: ['mkdir', '-p', '/mnt/media/zurg'] });
    const pod = handPod({ initContainers: [init] });
    expect(migrated(pod, migrate(pod)).spec.initContainers).toBeUndefined();
  });

  it.each([
    [
      'mkdir -p /mnt/media/zurg /mnt/media/downloads',
      'it also makes /mnt/media/downloads, which the webhook does not',
    ],
    [
      'mkdir -p /mnt/media/zurg && chown 1000 /mnt/media/zurg',
      'it does more than make directories: chown 1000 /mnt/media/zurg',
    ],
    ['mkdir -m 755 /mnt/media/zurg', 'it does more than make directories: mkdir -m 755 /mnt/media/zurg'],
    [
      'for d in zurg; do mkdir -p /mnt/media/$d; done',
      'it does more than make directories: its shell text is more than simple commands',
    ],
    ['mkdir -p /data/zurg', 'it also makes /data/zurg, which the webhook does not'],
    ['true', 'it makes nothing below /mnt/media'],
  ])('stays with the reason where it does something else: %s', (text, why) => {
    const pod = handPod({ initContainers: [makeDirs(text)] });
    const migration = migrate(pod);
    expect(summary(migration).left).toEqual([`init-dirs: ${why}`]);
    expect(migrated(pod, migration).spec.initContainers).toEqual([makeDirs(text)]);
  });

  it('that stays has the mounts come behind it, as before', () => {
    const pod = handPod({ initContainers: [makeDirs('mkdir -p /mnt/media/zurg /mnt/media/downloads')] });
    expect(summary(migrate(pod)).kept).toEqual(['sidecar-position: last']);
  });

  it('that stays and only makes directories may see the mounts with our defaults', () => {
    const pod = handPod({ initContainers: [makeDirs('mkdir -p /mnt/media/zurg /mnt/media/downloads')] });
    expect(summary(migrate(pod, { defaults: true }))).toMatchObject({
      kept: [],
      differences: [
        PLAIN,
        'nothing seen at /mnt/media/zurg (init-dirs): sees zurg: from Secret rclone-zurg-config there',
      ],
    });
  });

  it('of another volume is no business of ours', () => {
    const other = makeDirs('chown -R 1 /x', {
      name: 'own',
      volumeMounts: [{ name: 'zurg-secret', mountPath: '/x' }],
    });
    const pod = handPod({ initContainers: [makeDirs(), other] });
    expect(summary(migrate(pod))).toMatchObject({ kept: [], left: [] });
  });
});

describe('what is not kept', () => {
  const differences = (fields: Fields, flags: readonly string[] = [], volumes: readonly unknown[] = []) => {
    const pod = handPod({
      containers: [
        zurgSidecar(fields, [...OPTIONS, ...flags]),
        app({ volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'HostToContainer' }] }),
      ],
      volumes: [MEDIA_VOLUME, SECRET_VOLUME, ...volumes],
    });
    return summary(migrate(pod)).differences.filter((difference) => difference !== PLAIN);
  };
  const ours = zurgSidecar()['volumeMounts'] as readonly unknown[];

  it.each<readonly [what: string, found: readonly string[], expected: readonly string[]]>([
    [
      'an open remote control',
      differences({}, ['--rc', '--rc-no-auth', '--rc-addr=:5572']),
      [
        'open remote control on :5572 (rclone-zurg): is closed: who reaches it is root on the node (MS403); settings rclone.rc: socket gives a private one',
      ],
    ],
    [
      'a remote control on loopback',
      differences({}, ['--rc', '--rc-addr', 'localhost:5572']),
      ['--rc (rclone-zurg): is dropped', '--rc-addr=localhost:5572 (rclone-zurg): is dropped'],
    ],
    [
      'an image without a version',
      differences({ image: 'rclone/rclone' }),
      [
        'image rclone/rclone (rclone-zurg): becomes docker.io/rclone/rclone:1.75.1: one without a version can change any day (MS404)',
      ],
    ],
    [
      'an image of another version',
      differences({ image: 'rclone/rclone:1.66.0' }),
      [
        'image rclone/rclone:1.66.0 (rclone-zurg): becomes docker.io/rclone/rclone:1.75.1; to keep it: settings remotes[].image or images.rclone',
      ],
    ],
    [
      'flags that no annotation has',
      differences({}, ['--umask=002', '--buffer-size', '32Mi', '-v', '--allow-non-empty']),
      [
        '--umask=002 (rclone-zurg): is dropped; to keep it: settings remotes[].flags: [--umask=002]',
        '--buffer-size=32Mi (rclone-zurg): is dropped; to keep it: settings remotes[].flags: [--buffer-size=32Mi]',
        '-v (rclone-zurg): is dropped',
        '--allow-non-empty (rclone-zurg): is dropped',
      ],
    ],
    [
      'a sidecar without requests and limits',
      differences({ resources: undefined }),
      [
        'no requests and limits (rclone-zurg): gets cpu request 100m, cpu limit 500m, memory request 256Mi, memory limit 1Gi (media-stack/memory-limit and its like)',
      ],
    ],
    [
      'variables, ports and hooks',
      differences({
        env: [{ name: 'TZ', value: 'UTC' }],
        ports: [{ containerPort: 5572 }],
        lifecycle: {},
        livenessProbe: {},
      }),
      [
        'env TZ (rclone-zurg): is dropped',
        'ports (rclone-zurg): is dropped',
        'lifecycle (rclone-zurg): is dropped',
        'livenessProbe (rclone-zurg): becomes that of the injected sidecar',
      ],
    ],
    [
      'a user and capabilities',
      differences({
        securityContext: { privileged: true, runAsUser: 1000, capabilities: { add: ['SYS_ADMIN'] } },
      }),
      [
        'securityContext.runAsUser (rclone-zurg): is dropped',
        'securityContext.capabilities (rclone-zurg): is dropped',
      ],
    ],
    [
      'volumes of its own',
      differences(
        {
          volumeMounts: [
            ...ours,
            { name: 'fuse', mountPath: '/dev/fuse' },
            { name: 'cache', mountPath: '/cache' },
          ],
        },
        ['--cache-dir=/cache'],
        [
          { name: 'fuse', hostPath: { path: '/dev/fuse' } },
          { name: 'cache', hostPath: { path: '/srv/cache' } },
        ],
      ),
      [
        'volume fuse at /dev/fuse (rclone-zurg): is dropped',
        'cache in hostPath /srv/cache (rclone-zurg): becomes an emptyDir of the pod',
      ],
    ],
  ])('lists %s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('takes an image without a registry for one of docker.io', () => {
    expect(differences({ image: 'rclone/rclone:1.75.1' })).toEqual([]);
  });

  it('lists the cache that a read-write mount gets', () => {
    const sidecar = zurgSidecar({}, ['--vfs-cache-mode=off']);
    expect(summary(migrate(handPod({ containers: [sidecar, SEEING_APP] }))).differences).toEqual([
      PLAIN,
      'no cache (rclone-zurg): gets a volume of its own, of which rclone takes 8192Mi (media-stack/cache-size)',
    ]);
  });

  it('lists a full cache without a bound', () => {
    const full = OPTIONS.map((flag) => flag.replace('writes', 'full'));
    const pod = handPod({ containers: [zurgSidecar({}, full), SEEING_APP] });
    expect(summary(migrate(pod)).differences).toEqual([
      PLAIN,
      'cache without a bound (rclone-zurg): gets a volume of its own, of which rclone takes 8192Mi (media-stack/cache-size)',
    ]);
  });
});
