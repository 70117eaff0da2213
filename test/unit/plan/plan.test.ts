import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { surveyPod } from '../../../src/intent/survey.ts';
import { planMounts } from '../../../src/plan/plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { MOUNT_SCRIPT, INIT_DIRS_SCRIPT, PROBE_SCRIPT } from '../../../src/plan/scripts/shell-scripts.ts';
import type { Container } from '../../../src/pod/pod.ts';
import {
  app,
  handInitDirs,
  handSidecar,
  injected,
  labelledPod,
  MEDIA_CLAIM,
  MEDIA_MOUNT,
  MEDIA_VOLUME,
  settingsOf,
} from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

const ZURG = 'remotes: [{ name: zurg, secret: rclone-zurg-config, probePath: __all__ }]';

interface Given {
  readonly spec?: Fields;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Settings beside the one remote. */
  readonly yaml?: string;
  readonly claimTemplates?: readonly string[];
}
function plan({ spec = {}, annotations, yaml = '', claimTemplates = [] }: Given = {}): Plan {
  const settings = settingsOf(yaml.includes('remotes:') ? yaml : `${ZURG}\n${yaml}`);
  const pod = labelledPod(spec, annotations);
  const { intent } = resolveIntent(pod, settings);
  return planMounts(pod, intent, surveyPod(pod, intent, settings, claimTemplates), settings, claimTemplates);
}
const container = (item: unknown): Container & Fields => item as Container & Fields;
const SEEN = 'HostToContainer';
const BOTH = 'Bidirectional';
const SECRET = {
  name: 'rclone-zurg-config',
  secret: { secretName: 'rclone-zurg-config', defaultMode: 0o400 },
};

describe('a sidecar', () => {
  const probe = (kind: string, seconds: string, content = '') => [
    '/bin/sh',
    '-c',
    PROBE_SCRIPT,
    'media-stack-probe',
    kind,
    seconds,
    '/mnt/media/zurg',
    content,
  ];

  it('is a native one with all that it needs', () => {
    expect(plan().sidecars).toEqual([
      {
        name: 'rclone-zurg',
        image: 'docker.io/rclone/rclone:1.75.1',
        command: ['/bin/sh', '-c', MOUNT_SCRIPT, 'media-stack-mount'],
        args: [
          '/mnt/media/zurg',
          '--',
          'rclone',
          'mount',
          'zurg:',
          '/mnt/media/zurg',
          '--config=/config/rclone/rclone.conf',
          '--allow-other',
          '--read-only',
          '--vfs-cache-mode=writes',
          '--dir-cache-time=60s',
          '--attr-timeout=60s',
          '--poll-interval=30s',
          '--disable=About',
          '--use-json-log',
        ],
        env: [{ name: 'GOMEMLIMIT', value: '921MiB' }],
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
        restartPolicy: 'Always',
        securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
        volumeMounts: [
          { ...MEDIA_MOUNT, mountPropagation: BOTH },
          { name: 'rclone-zurg-config', mountPath: '/config/rclone', readOnly: true },
        ],
        startupProbe: {
          exec: { command: probe('startup', '4') },
          periodSeconds: 1,
          timeoutSeconds: 5,
          failureThreshold: 300,
        },
        livenessProbe: {
          exec: { command: probe('liveness', '9') },
          periodSeconds: 30,
          timeoutSeconds: 10,
          failureThreshold: 3,
        },
        terminationMessagePolicy: 'FallbackToLogsOnError',
      },
    ]);
  });

  it('in container mode is held back by postStart and unmounts in preStop', () => {
    const { restartPolicy, lifecycle } = container(
      plan({ annotations: { 'media-stack/sidecar-mode': 'container' } }).sidecars[0],
    );
    expect([restartPolicy, lifecycle]).toEqual([
      undefined,
      {
        postStart: { exec: { command: ['timeout', '-s', 'KILL', '300', ...probe('gate', '4')] } },
        preStop: {
          exec: {
            command: [
              '/bin/sh',
              '-c',
              'fusermount3 -uz "$1" || umount -l "$1" || :',
              'media-stack-unmount',
              '/mnt/media/zurg',
            ],
          },
        },
      },
    ]);
  });

  it.each([
    ['', ''],
    ['sidecar: { waitForContent: true }', '__all__'],
  ])('waits for content on request only: %j', (yaml, content) => {
    const { startupProbe, livenessProbe } = container(plan({ yaml }).sidecars[0]);
    expect(
      [startupProbe, livenessProbe].map((value) =>
        (value as { exec: { command: string[] } }).exec.command.at(-1),
      ),
    ).toEqual([content, '']);
  });

  it('looks at content every 10 s only, for as long in all, and twice within the time of a probe', () => {
    const yaml =
      'sidecar: { waitForContent: true, startup: { periodSeconds: 2, failureThreshold: 101, timeoutSeconds: 9 } }';
    expect(container(plan({ yaml }).sidecars[0])['startupProbe']).toEqual({
      exec: { command: probe('startup', '4', '__all__') },
      periodSeconds: 10,
      timeoutSeconds: 9,
      failureThreshold: 21,
    });
  });

  it('without a probe path waits for its mount point to be listed', () => {
    const yaml = 'remotes: [{ name: zurg, secret: s }]\nsidecar: { waitForContent: true }';
    const { startupProbe } = container(plan({ yaml }).sidecars[0]);
    expect((startupProbe as { exec: { command: string[] } }).exec.command.at(-1)).toBe('.');
  });

  it.each([
    [1, '1'],
    [2, '1'],
    [30, '29'],
  ])('gives up a probe of %d s itself after %s s', (timeoutSeconds, seconds) => {
    const yaml = `sidecar: { startup: { timeoutSeconds: ${timeoutSeconds} } }`;
    const { startupProbe } = container(plan({ yaml }).sidecars[0]);
    expect((startupProbe as { exec: { command: string[] } }).exec.command[5]).toBe(seconds);
  });

  it('has image and pull policy of the settings', () => {
    const yaml = 'images: { rclone: "mirror/rclone:1", pullPolicy: Always }';
    const { sidecars, initDirs } = plan({ yaml });
    expect(
      [...sidecars, initDirs].map(container).map(({ image, imagePullPolicy }) => [image, imagePullPolicy]),
    ).toEqual([
      ['mirror/rclone:1', 'Always'],
      ['mirror/rclone:1', 'Always'],
    ]);
  });

  it('knows the mount points of the others that are ours', () => {
    const { sidecars } = plan({
      yaml: 'remotes: [{ name: a, secret: s }, { name: b, secret: s }, { name: c, secret: s }]',
    });
    expect(sidecars.map((sidecar) => container(sidecar).args?.slice(0, 4))).toEqual([
      ['/mnt/media/a', '/mnt/media/b', '/mnt/media/c', '--'],
      ['/mnt/media/b', '/mnt/media/a', '/mnt/media/c', '--'],
      ['/mnt/media/c', '/mnt/media/a', '/mnt/media/b', '--'],
    ]);
  });

  it('gets no text that the kubelet would expand', () => {
    const yaml = 'remotes: [{ name: zurg, secret: s, remote: "crypt:$(HOME)/$$" }]';
    expect(container(plan({ yaml }).sidecars[0]).args?.[4]).toBe('crypt:$$(HOME)/$$$$');
  });

  it('with a socket for rc shares one volume in memory with the others', () => {
    const { sidecars, volumes } = plan({
      yaml: 'remotes: [{ name: a, secret: s }, { name: b, secret: s }]\nrclone: { rc: socket }',
    });
    expect(volumes.map(({ name }) => name)).toEqual(['s', 'rclone-rc']);
    expect(sidecars.map((item) => container(item).volumeMounts?.at(-1))).toEqual([
      { name: 'rclone-rc', mountPath: '/run/rclone' },
      { name: 'rclone-rc', mountPath: '/run/rclone' },
    ]);
  });

  it('with a cache has a volume of its own for it', () => {
    const { sidecars, volumes } = plan({ yaml: 'rclone: { vfsCacheMode: full, cacheSize: 5Gi }' });
    expect(volumes).toEqual([SECRET, { name: 'rclone-zurg-cache', emptyDir: { sizeLimit: '5Gi' } }]);
    expect(container(sidecars[0]).volumeMounts?.at(-1)).toEqual({
      name: 'rclone-zurg-cache',
      mountPath: '/cache',
    });
  });

  it('is not added for a remote that a hand-written one mounts', () => {
    const spec = { initContainers: [handInitDirs(), handSidecar('zurg')] };
    const { sidecars, initDirs, volumes } = plan({ spec });
    expect([sidecars, initDirs, volumes]).toEqual([[], null, []]);
  });
});

describe('init-dirs', () => {
  it('is a native sidecar that stays', () => {
    expect(plan().initDirs).toEqual({
      name: 'init-dirs',
      image: 'docker.io/rclone/rclone:1.75.1',
      command: ['/bin/sh', '-c', INIT_DIRS_SCRIPT, 'media-stack-init-dirs'],
      args: ['stay', '/mnt/media/zurg', ''],
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
      restartPolicy: 'Always',
      securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
      volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: BOTH }],
      startupProbe: {
        exec: { command: ['test', '-f', '/tmp/media-stack-ready'] },
        periodSeconds: 1,
        failureThreshold: 300,
      },
      terminationMessagePolicy: 'FallbackToLogsOnError',
    });
  });

  it('in container mode runs once', () => {
    const { args, restartPolicy, startupProbe } = container(
      plan({ annotations: { 'media-stack/sidecar-mode': 'container' } }).initDirs,
    );
    expect([args?.[0], restartPolicy, startupProbe]).toEqual(['once', undefined, undefined]);
  });

  it.each([
    ['init-dirs', 'media-stack-init-dirs'],
    ['media-stack-init-dirs', 'init-dirs'],
  ])('has another name beside a container called %s: %s', (taken, name) => {
    expect(plan({ spec: { initContainers: [{ name: taken, image: 'x' }] } }).initDirs?.name).toBe(name);
  });

  it('makes the mount points of the sidecars that are ours', () => {
    const yaml = 'remotes: [{ name: zurg, secret: a }, { name: torbox, secret: b }]';
    const spec = { initContainers: [handInitDirs(), handSidecar('zurg')] };
    expect(container(plan({ spec, yaml }).initDirs).args).toEqual(['stay', '/mnt/media/torbox', '']);
  });

  it('is added again where another webhook removed it', () => {
    const settings = settingsOf(ZURG);
    const pod = injected(labelledPod(), { settings });
    const initContainers = pod.spec.initContainers?.filter(({ name }) => name !== 'init-dirs') ?? [];
    const again = plan({ spec: { ...pod.spec, initContainers } });
    expect([again.initDirs?.name, again.sidecars]).toEqual(['init-dirs', []]);
  });
});

describe('volumes and mounts', () => {
  it('are only those that are missing', () => {
    const { volumes, volumeMounts, propagation } = plan();
    expect(volumes).toEqual([SECRET]);
    expect(volumeMounts).toEqual([]);
    expect(propagation.map(({ ref, mountIndex }) => [ref.container.name, mountIndex])).toEqual([
      ['sonarr', 0],
    ]);
  });

  it('of an app that has none of it', () => {
    const { volumes, volumeMounts, propagation } = plan({
      spec: { volumes: null, containers: [{ name: 'sonarr' }] },
    });
    expect(volumes).toEqual([{ name: 'media-library', ...MEDIA_CLAIM }, SECRET]);
    expect(volumeMounts.map(({ ref, mounts }) => [ref.container.name, mounts])).toEqual([
      ['sonarr', [{ name: 'media-library', mountPath: '/mnt/media', mountPropagation: SEEN }]],
    ]);
    expect(propagation).toEqual([]);
  });

  it.each<[string, Fields[], number[]]>([
    ['absent', [MEDIA_MOUNT], [0]],
    ['null', [{ ...MEDIA_MOUNT, mountPropagation: null }], [0]],
    ['empty, which is no value: left to its author', [{ ...MEDIA_MOUNT, mountPropagation: '' }], []],
    ['None written out: left to its author', [{ ...MEDIA_MOUNT, mountPropagation: 'None' }], []],
    ['Bidirectional', [{ ...MEDIA_MOUNT, mountPropagation: BOTH }], []],
    ['HostToContainer', [{ ...MEDIA_MOUNT, mountPropagation: SEEN }], []],
    ['on a read-only mount', [{ ...MEDIA_MOUNT, readOnly: true }], [0]],
    ['on a part of the volume', [{ ...MEDIA_MOUNT, subPath: 'x' }], []],
    ['on a part of the volume by expression', [{ ...MEDIA_MOUNT, subPathExpr: '$(X)' }], []],
    ['with recursiveReadOnly Enabled', [{ ...MEDIA_MOUNT, recursiveReadOnly: 'Enabled' }], []],
    ['with recursiveReadOnly IfPossible', [{ ...MEDIA_MOUNT, recursiveReadOnly: 'IfPossible' }], []],
    ['with recursiveReadOnly Disabled', [{ ...MEDIA_MOUNT, recursiveReadOnly: 'Disabled' }], [0]],
    ['elsewhere, in front', [{ name: 'media', mountPath: '/x' }, MEDIA_MOUNT], [1]],
    ['on another volume elsewhere', [{ name: 'config', mountPath: '/config' }, MEDIA_MOUNT], [1]],
  ])('propagation %s', (_name, volumeMounts, indexes) => {
    const spec = { containers: [app({ volumeMounts })] };
    expect(plan({ spec }).propagation.map(({ mountIndex }) => mountIndex)).toEqual(indexes);
  });

  it('give propagation to init containers of the user too, to helpers not', () => {
    const helper = { name: 'helper', volumeMounts: [MEDIA_MOUNT] };
    const spec = {
      initContainers: [{ name: 'seed', volumeMounts: [MEDIA_MOUNT] }, handInitDirs()],
      containers: [app(), helper],
    };
    const annotations = { 'media-stack/containers': 'sonarr' };
    expect(plan({ spec, annotations }).propagation.map(({ ref }) => ref.container.name)).toEqual([
      'sonarr',
      'seed',
    ]);
  });

  it.each<[string, Fields[], string[], readonly string[]]>([
    [
      'of the Secret under any name',
      [{ name: 'conf', secret: { secretName: 'rclone-zurg-config' } }],
      [],
      [],
    ],
    [
      'of its rclone.conf alone',
      [
        {
          name: 'conf',
          secret: { secretName: 'rclone-zurg-config', items: [{ key: 'a', path: 'rclone.conf' }] },
        },
      ],
      [],
      [],
    ],
    [
      'of other keys of the Secret: it gets its own',
      [{ name: 'conf', secret: { secretName: 'rclone-zurg-config', items: [{ key: 'a', path: 'a' }] } }],
      ['rclone-zurg-config'],
      [],
    ],
    [
      'of the name, from a ConfigMap: it gets another name',
      [{ name: 'rclone-zurg-config', configMap: { name: 'x' } }],
      ['media-stack-rclone-zurg-config'],
      [],
    ],
    [
      'of the name, from another Secret',
      [{ name: 'rclone-zurg-config', secret: { secretName: 'x' } }],
      ['media-stack-rclone-zurg-config'],
      [],
    ],
    ['of the name, from a claim template', [], ['media-stack-rclone-zurg-config'], ['rclone-zurg-config']],
  ])('find a volume %s', (_name, volumes, added, claimTemplates) => {
    const found = plan({ spec: { volumes: [MEDIA_VOLUME, ...volumes] }, claimTemplates });
    expect(found.volumes.map(({ name }) => name)).toEqual(added);
    const used = container(found.sidecars[0]).volumeMounts?.find(
      ({ mountPath }) => mountPath === '/config/rclone',
    );
    expect(used?.name).toBe(added[0] ?? 'conf');
  });

  it('name the volume of a Secret by a DNS label', () => {
    const secret = `my.secret.${'x'.repeat(60)}`;
    const [volume] = plan({ yaml: `remotes: [{ name: zurg, secret: ${secret} }]` }).volumes;
    expect(volume).toEqual({
      name: `my-secret-${'x'.repeat(53)}`,
      secret: { secretName: secret, defaultMode: 0o400 },
    });
  });
});

describe('private mounts', () => {
  const POINT = '/mnt/media/.media-stack';
  const PRIVATE = { 'media-stack/mounts': 'private' };

  it('live in an emptyDir that sidecar, init-dirs, app and init containers share', () => {
    const spec = { initContainers: [{ name: 'seed', volumeMounts: [MEDIA_MOUNT] }, { name: 'other' }] };
    const found = plan({ spec, annotations: PRIVATE });
    expect(found.mounts).toBe('private');
    expect(found.volumes).toEqual([{ name: 'media-stack-mounts', emptyDir: {} }, SECRET]);
    expect(container(found.sidecars[0]).volumeMounts?.[0]).toEqual({
      name: 'media-stack-mounts',
      mountPath: POINT,
      mountPropagation: BOTH,
    });
    expect(container(found.sidecars[0]).args?.[0]).toBe(`${POINT}/zurg`);
    expect(container(found.initDirs).args).toEqual(['stay', `${POINT}/zurg`, '/mnt/media/zurg']);
    // Bidirectional on the media volume would carry the private mounts to every pod of it.
    expect(container(found.initDirs).volumeMounts).toEqual([
      { ...MEDIA_MOUNT, mountPropagation: SEEN },
      { name: 'media-stack-mounts', mountPath: POINT, mountPropagation: BOTH },
    ]);
    expect(found.volumeMounts.map(({ ref, mounts }) => [ref.container.name, mounts])).toEqual([
      ['sonarr', [{ name: 'media-stack-mounts', mountPath: POINT, mountPropagation: SEEN }]],
      ['seed', [{ name: 'media-stack-mounts', mountPath: POINT, mountPropagation: SEEN }]],
    ]);
  });

  const host = [{ name: 'media', hostPath: { path: '/srv/media' } }];
  it.each<[string, Given, 'volume' | 'private']>([
    ['the settings say so', { yaml: 'media: { mounts: private }' }, 'private'],
    ['the volume is a hostPath', { spec: { volumes: host } }, 'private'],
    [
      'the volume is a hostPath, but the pod says volume',
      { spec: { volumes: host }, annotations: { 'media-stack/mounts': 'volume' } },
      'volume',
    ],
    [
      'the settings say private, but the pod says volume',
      { yaml: 'media: { mounts: private }', annotations: { 'media-stack/mounts': 'volume' } },
      'volume',
    ],
    ['nobody says so', {}, 'volume'],
  ])('when %s: %s', (_name, given, mounts) => {
    expect(plan(given).mounts).toBe(mounts);
  });

  it('are not made where nothing is ours', () => {
    const spec = { initContainers: [handInitDirs(), handSidecar('zurg')] };
    const found = plan({ spec, annotations: PRIVATE });
    expect([found.volumes, found.volumeMounts]).toEqual([[], []]);
  });

  it('use the volume that init-dirs has from an earlier injection, when a sidecar must be put back', () => {
    const pod = injected(labelledPod({}, PRIVATE), { settings: settingsOf(ZURG) });
    const initContainers = pod.spec.initContainers?.filter(({ name }) => name === 'init-dirs');
    const found = plan({ spec: { ...pod.spec, initContainers }, annotations: PRIVATE });
    expect([found.volumes, found.volumeMounts]).toEqual([[], []]);
    expect(container(found.sidecars[0]).volumeMounts?.[0]?.name).toBe('media-stack-mounts');
  });

  it('have a volume of their own beside one that the app mounts there', () => {
    const containers = [app({ volumeMounts: [MEDIA_MOUNT, { name: 'mine', mountPath: POINT }] })];
    const spec = { containers, volumes: [MEDIA_VOLUME, { name: 'mine', emptyDir: {} }] };
    const { volumes } = plan({ spec, annotations: PRIVATE });
    expect(volumes.map(({ name }) => name)).toEqual(['media-stack-mounts', 'rclone-zurg-config']);
  });
});

describe('the default container', () => {
  const CONTAINER_MODE = { 'media-stack/sidecar-mode': 'container' };
  it.each<[string, Given, string | null]>([
    ['is the app in container mode', { annotations: CONTAINER_MODE }, 'sonarr'],
    [
      'is left to the user',
      { annotations: { ...CONTAINER_MODE, 'kubectl.kubernetes.io/default-container': 'x' } },
      null,
    ],
    ['is nobody with native sidecars', {}, null],
    [
      'is nobody where the sidecars are hand-written',
      {
        annotations: CONTAINER_MODE,
        spec: { initContainers: [handInitDirs()], containers: [handSidecar('zurg'), app()] },
      },
      null,
    ],
  ])('%s', (_name, given, name) => {
    expect(plan(given).defaultContainer).toBe(name);
  });
});
