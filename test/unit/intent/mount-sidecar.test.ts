import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { isOurInitDirs, isOurSidecar, readMountSidecar } from '../../../src/intent/mount-sidecar.ts';
import { planMounts } from '../../../src/plan/plan.ts';
import { surveyPod } from '../../../src/intent/survey.ts';
import type { Container } from '../../../src/pod/pod.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { labelledPod } from '../../support/labelled-pod.ts';
import type { Fields } from '../../support/labelled-pod.ts';

const settings = defaultSettings();
const { intent } = resolveIntent({}, settings);
/** `[remote, target]`, or null for a container that is no mount sidecar. */
function read(container: Fields): [string | null, string | null] | null {
  const found = readMountSidecar({ name: 'x', ...container }, intent);
  return found && [found.remote?.name ?? null, found.target];
}
const sh = (...text: string[]) => ({ command: ['/bin/sh', '-c', text.join('\n')] });
const IMAGE = 'docker.io/rclone/rclone:1.75.1';
const ARGS = ['mount', 'zurg:', '/mnt/media/zurg'];

describe('a mount sidecar is', () => {
  it.each<[string, Fields, [string | null, string | null]]>([
    ['a container of that name, whatever it runs', { name: 'rclone-zurg' }, ['zurg', null]],
    [
      'a container of that name that mounts elsewhere',
      { name: 'rclone-zurg', command: ['rclone', 'mount', 'zurg:', '/cloud'] },
      ['zurg', '/cloud'],
    ],
    [
      'a container of that name whose configuration is elsewhere too',
      { name: 'rclone-zurg', image: IMAGE, args: ['mount', '--config', '/c', 'zurg:', '/cloud', '/x'] },
      ['zurg', '/cloud'],
    ],
    [
      'a container of that name with another path in front of the mount point',
      { name: 'rclone-zurg', image: IMAGE, args: ['mount', 'zurg:', '--rc-addr', '/s', '/mnt/media/zurg'] },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'the name before the mount point',
      { name: 'rclone-torbox', command: ['rclone', ...ARGS] },
      ['torbox', '/mnt/media/zurg'],
    ],
    ['argv in command', { command: ['rclone', ...ARGS] }, ['zurg', '/mnt/media/zurg']],
    ['argv in command and args', { command: ['rclone'], args: ARGS }, ['zurg', '/mnt/media/zurg']],
    [
      'argv with the path of rclone',
      { command: ['/usr/local/bin/rclone', ...ARGS] },
      ['zurg', '/mnt/media/zurg'],
    ],
    ['args of the rclone image', { image: IMAGE, args: ARGS }, ['zurg', '/mnt/media/zurg']],
    [
      'global flags before the word mount',
      { image: IMAGE, args: ['--log-level=INFO', ...ARGS] },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'flags before the remote',
      {
        image: IMAGE,
        args: [
          'mount',
          '--allow-other',
          '--config',
          '/mnt/media/config/rclone.conf',
          'torbox:',
          '/mnt/media/torbox',
        ],
      },
      ['torbox', '/mnt/media/torbox'],
    ],
    [
      'a cache folder on the media volume',
      { image: IMAGE, args: ['mount', 'zurg:', '--cache-dir', '/mnt/media/cache', '/mnt/media/zurg'] },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a slash too many',
      { command: ['rclone', 'mount', 'zurg:', '/mnt//media/zurg/'] },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a mount point of no remote',
      { command: ['rclone', 'mount', 'b2:', '/mnt/media/b2'] },
      [null, '/mnt/media/b2'],
    ],
    ['the media path itself', { command: ['rclone', 'mount', 'zurg:', '/mnt/media'] }, [null, '/mnt/media']],
    [
      'the private mount point',
      { command: ['rclone', 'mount', 'zurg:', '/mnt/media/.media-stack/zurg'] },
      ['zurg', '/mnt/media/.media-stack/zurg'],
    ],
    ['a shell text', sh('rclone mount zurg: /mnt/media/zurg --allow-other'), ['zurg', '/mnt/media/zurg']],
    [
      'a shell text in args',
      {
        command: ['sh', '-c'],
        args: ['mkdir -p /mnt/media/zurg; exec rclone mount "zurg:" "/mnt/media/zurg"'],
      },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'lines that go on',
      sh(
        'set -e',
        String.raw`exec rclone mount zurg: \ `.trimEnd(),
        String.raw`  '/mnt/media/zurg' \ `.trimEnd(),
        '  --read-only',
      ),
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a command behind another one',
      sh('fusermount3 -uz /mnt/media/zurg||true; rclone mount zurg: /mnt/media/zurg&'),
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a command in a subshell',
      sh('(rclone mount zurg: /mnt/media/zurg) & wait'),
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a command in a loop',
      sh('while true; do rclone mount zurg: /mnt/media/zurg; sleep 1; done'),
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a mount point that stands in the environment, as the kubelet puts it in',
      {
        image: IMAGE,
        args: ['mount', '$(REMOTE)', '$(TARGET)'],
        env: [
          { name: 'REMOTE', value: 'zurg:' },
          { name: 'TARGET', value: '/mnt/media/zurg' },
        ],
      },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a mount point that stands in the environment, as a shell does',
      {
        ...sh('exec rclone mount "$REMOTE:" "$ROOT/$REMOTE"'.replace('$ROOT/$REMOTE', '${ROOT}/zurg')),
        env: [{ name: 'ROOT', value: '/mnt/media/' }],
      },
      ['zurg', '/mnt/media/zurg'],
    ],
    [
      'a shell text of the rclone image',
      { image: IMAGE, ...sh('rclone mount zurg: /mnt/media/zurg') },
      ['zurg', '/mnt/media/zurg'],
    ],
  ])('%s', (_name, container, expected) => {
    expect(read(container)).toEqual(expected);
  });
});

describe('the path behind a flag is no mount point:', () => {
  it.each([
    '--config',
    '--cache-dir',
    '--log-file',
    '--temp-dir',
    '--ca-cert',
    '--client-cert',
    '--client-key',
  ])('%s', (flag) => {
    const args = ['mount', flag, '/mnt/media/config/x', 'zurg:', '/mnt/media/zurg'];
    expect(read({ image: IMAGE, args })).toEqual(['zurg', '/mnt/media/zurg']);
  });
});

describe('no mount sidecar is', () => {
  it.each<[string, Fields]>([
    [
      'an app that waits for one and says so',
      sh('until ls /mnt/media/zurg; do echo waiting for rclone mount /mnt/media/zurg; done; exec /init'),
    ],
    ['an app that says so in quotes', sh('printf "no rclone mount /mnt/media/zurg yet"; exec /init')],
    ['a command that is commented out', sh('# rclone mount zurg: /mnt/media/zurg', 'exec /init')],
    ['one that is, without a space', sh('#rclone mount zurg: /mnt/media/zurg', 'exec /init')],
    ['a mount of something else beside rclone', sh('rclone version; mount -t nfs a:/ /mnt/media/zurg')],
    ['a mount with rclone behind it', { command: ['mount', '/dev/a', '/mnt/media/zurg', 'rclone'] }],
    ['a program that only begins so', { command: ['rclone-x', ...ARGS] }],
    [
      'a command longer than anybody reads',
      {
        image: IMAGE,
        args: ['mount', 'zurg:', ...Array.from({ length: 1000 }, () => '-v'), '/mnt/media/zurg'],
      },
    ],
    ['a comment behind a command', sh('exec /init # not rclone mount zurg: /mnt/media/zurg')],
    [
      'one whose mount point nobody sees here',
      {
        image: IMAGE,
        args: ['mount', 'zurg:', '$(TARGET)'],
        env: [{ name: 'TARGET', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      },
    ],
    ['one whose mount point is nowhere', { image: IMAGE, args: ['mount', 'zurg:', '$(TARGET)'] }],
    [
      'one whose environment is no list',
      { image: IMAGE, args: ['mount', 'zurg:', '$(TARGET)'], env: { TARGET: '/mnt/media/zurg' } },
    ],
  ])('%s', (_name, container) => {
    expect(read(container)).toBeNull();
  });
});

describe('the image is rclone', () => {
  it.each([
    'rclone',
    'rclone:1',
    'rclone/rclone',
    'rclone/rclone@sha256:0123',
    'registry.example.org:5000/mirror/rclone:1.75.1',
    'ghcr.io/rclone/rclone:beta',
  ])('in %s', (image) => {
    expect(read({ image, args: ARGS })).toEqual(['zurg', '/mnt/media/zurg']);
  });

  it.each(['myrclone:1', 'rclone-browser:1', 'rclone/other:1', 'rclone.example.org/app', undefined])(
    'not in %s',
    (image) => {
      expect(read({ image, args: ARGS })).toBeNull();
    },
  );

  it('but its arguments are not its own where the pod sets a command', () => {
    expect(read({ image: IMAGE, command: ['/entrypoint'], args: ARGS })).toBeNull();
  });
});

describe('no mount sidecar is', () => {
  it.each<[string, Fields]>([
    ['an app', { name: 'sonarr', image: 'sonarr' }],
    ['a container with a name like one', { name: 'rclone-zurg-2' }],
    ['a container named after a remote nobody knows', { name: 'rclone-b2', image: IMAGE }],
    ['the rclone image alone', { image: IMAGE }],
    ['a sync job', { name: 'sync', image: IMAGE, args: ['sync', 'zurg:', '/mnt/media/archive'] }],
    ['a sync job in a shell', sh('rclone sync zurg:mount /mnt/media/archive')],
    ['a copy to a folder called mount', { command: ['rclone', 'copy', 'zurg:', '/mnt/media/mount'] }],
    ['rclone serve', { image: IMAGE, args: ['serve', 'webdav', 'zurg:', '--addr', ':8080'] }],
    ['a mount elsewhere', { command: ['rclone', 'mount', 'zurg:', '/cloud/zurg'] }],
    ['a mount beside', { command: ['rclone', 'mount', 'zurg:', '/mnt/media2/zurg'] }],
    ['a mount at a variable', sh('rclone mount zurg: "$MOUNT_POINT"')],
    ['mount of something else', sh('mount -t nfs nas:/media /mnt/media/nas')],
    [
      'a script that waits for a mount and then syncs',
      sh('until mount | grep -q /mnt/media/zurg; do sleep 1; done', 'rclone copy a: b:'),
    ],
    ['a script that looks at the mounts after a sync', sh('rclone sync a: b:; mount | grep /mnt/media/zurg')],
    ['words that only mention it', { command: ['echo', 'rclone', 'is not', 'a mount'] }],
  ])('%s', (_name, container) => {
    expect(read(container)).toBeNull();
  });
});

describe('a container is ours', () => {
  const pod = labelledPod();
  const plan = planMounts(pod, intent, surveyPod(pod, intent, settings, []), settings, []);

  it('by the name that its script is run under', () => {
    const [sidecar] = plan.sidecars as unknown as Container[];
    const initDirs = plan.initDirs as unknown as Container;
    expect(
      [sidecar, initDirs].map((container) => [
        isOurSidecar(container as Container),
        isOurInitDirs(container as Container),
      ]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('not by its own name', () => {
    for (const container of [{ name: 'rclone-zurg' }, { name: 'init-dirs', command: ['sh', '-c', 'x'] }]) {
      expect([isOurSidecar(container), isOurInitDirs(container)]).toEqual([false, false]);
    }
  });

  it('also under another name', () => {
    const [sidecar] = plan.sidecars as unknown as Container[];
    expect(isOurSidecar({ ...(sidecar as Container), name: 'renamed' })).toBe(true);
    expect(read({ ...(sidecar as unknown as Fields), name: 'renamed' })).toEqual(['zurg', '/mnt/media/zurg']);
  });
});
