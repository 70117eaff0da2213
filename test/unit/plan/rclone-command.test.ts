import { describe, expect, it } from 'vitest';
import { resolveIntent } from '../../../src/intent/intent.ts';
import { kubeletLiteral } from '../../../src/plan/literal.ts';
import { needsCache, renderRcloneCommand } from '../../../src/plan/rclone-command.ts';
import { settingsOf } from '../../support/labelled-pod.ts';

const HEAD = ['rclone', 'mount', 'films:', '/mnt/media/films'];
const STANDARD = [
  '--config=/config/rclone/rclone.conf',
  '--allow-other',
  '--read-only',
  '--vfs-cache-mode=writes',
  '--dir-cache-time=60s',
  '--attr-timeout=60s',
  '--poll-interval=30s',
  '--disable=About',
  '--use-json-log',
];

/** The command for one remote, from fields of the remote, of `rclone` and from annotations. */
function command(remote = '', rclone = '', annotations: Readonly<Record<string, string>> = {}): string[] {
  const settings = settingsOf(`remotes: [{ name: films, secret: films${remote} }]\nrclone: { ${rclone} }\n`);
  const { intent } = resolveIntent({ metadata: { annotations } }, settings);
  const [first] = intent.remotes;
  if (!first) throw new Error('no remote');
  return renderRcloneCommand(first, first.path, intent, settings.rclone.rc);
}
const without = (...flags: string[]) => STANDARD.filter((flag) => !flags.includes(flag));
const replaced = (flag: string, by: string) => STANDARD.map((item) => (item === flag ? by : item));
const cache = (size: string) => [
  '--cache-dir=/cache',
  `--vfs-cache-max-size=${size}`,
  '--vfs-cache-poll-interval=5s',
];

describe('the rclone command', () => {
  it('mounts read-only with a cache for writes, and never asks the backend how full it is', () => {
    expect(command()).toEqual([...HEAD, ...STANDARD]);
  });

  it('mounts what the settings name', () => {
    expect(command(', remote: "crypt:sub folder/$x"')).toEqual([
      'rclone',
      'mount',
      'crypt:sub folder/$x',
      '/mnt/media/films',
      ...STANDARD,
    ]);
  });

  it.each<[string, [string?, string?, Record<string, string>?], string[]]>([
    [
      'read-write brings a cache volume of which rclone gets 80 %',
      ['', 'readOnly: false'],
      [...without('--read-only'), ...cache('8192Mi')],
    ],
    ['of the remote', [', readOnly: false'], [...without('--read-only'), ...cache('8192Mi')]],
    [
      'of the pod',
      ['', '', { 'media-stack/read-only': 'false', 'media-stack/cache-size': '20G' }],
      [...without('--read-only'), ...cache('15258Mi')],
    ],
    [
      'cache mode full brings one too',
      ['', 'vfsCacheMode: full, cacheSize: 1Gi'],
      [...replaced('--vfs-cache-mode=writes', '--vfs-cache-mode=full'), ...cache('819Mi')],
    ],
    [
      'a cache of a few bytes is still a cache',
      ['', 'vfsCacheMode: full, cacheSize: "1"'],
      [...replaced('--vfs-cache-mode=writes', '--vfs-cache-mode=full'), ...cache('1Mi')],
    ],
    [
      'cache mode off',
      ['', 'vfsCacheMode: off'],
      replaced('--vfs-cache-mode=writes', '--vfs-cache-mode=off'),
    ],
    [
      'times of the settings',
      ['', 'dirCacheTime: 1s, attrTimeout: 2s, pollInterval: 3s'],
      [
        ...STANDARD.slice(0, 4),
        '--dir-cache-time=1s',
        '--attr-timeout=2s',
        '--poll-interval=3s',
        ...STANDARD.slice(7),
      ],
    ],
    [
      'rc on a socket',
      ['', 'rc: socket'],
      [...STANDARD, '--rc', '--rc-no-auth', '--rc-addr=unix:///run/rclone/films.sock'],
    ],
    ['metrics', [', metricsAddr: ":9572"'], [...STANDARD, '--metrics-addr=:9572']],
    [
      'flags of all and of one remote',
      [', flags: [--b=2, --c]', 'flags: [--a=1]'],
      [...STANDARD, '--a=1', '--b=2', '--c'],
    ],
    [
      'a flag that takes the place of ours',
      ['', 'flags: [--poll-interval=0, --allow-other=false]'],
      [...without('--poll-interval=30s', '--allow-other'), '--poll-interval=0', '--allow-other=false'],
    ],
    [
      'a flag whose name only begins like ours',
      ['', 'flags: [--attr-timeout-x=1]'],
      [...STANDARD, '--attr-timeout-x=1'],
    ],
  ])('%s', (_name, given, expected) => {
    expect(command(...given)).toEqual([...HEAD, ...expected]);
  });

  it('needs a cache when it writes or caches all', () => {
    const table = [
      [true, 'writes', false],
      [true, 'full', true],
      [true, 'off', false],
      [false, 'writes', true],
      [false, 'off', true],
    ] as const;
    expect(
      table.map(([readOnly, vfsCacheMode]) => {
        const { intent } = resolveIntent(
          {},
          settingsOf(`rclone: { readOnly: ${readOnly}, vfsCacheMode: ${vfsCacheMode} }`),
        );
        return intent.remotes.map(needsCache);
      }),
    ).toEqual(table.map(([, , needed]) => [needed, needed]));
  });
});

describe('a text for the kubelet', () => {
  /** k8s.io/kubernetes third_party/forked/golang/expansion, Expand, with no variable known. */
  function expand(text: string): string {
    return text.replaceAll(/\$\$|\$\([^)]*\)/g, (found) => (found === '$$' ? '$' : found));
  }

  it.each([
    ['plain', 'plain'],
    ['$HOME', '$$HOME'],
    ['$(NAME)', '$$(NAME)'],
    ['$$', '$$$$'],
    ['a$', 'a$$'],
    ['$$(X)$', '$$$$(X)$$'],
    ['', ''],
  ])('%j is written as %j and arrives as it was', (text, written) => {
    expect(kubeletLiteral(text)).toBe(written);
    expect(expand(written)).toBe(text);
  });
});
