import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../src/settings/parse-settings.ts';
import { settingsOf } from '../../support/labelled-pod.ts';

const ROOT_KEYS =
  'Known keys here: media, remotes, images, sidecar, initDirs, rclone, preferredNodes, helperContainers, platform, policy.';
const QUANTITY_HINT = 'Write it as Kubernetes does, e.g. 500m for half a core, 256Mi or 10Gi for bytes.';

interface Found {
  readonly at: string;
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}
const found = (at: string, code: string, path: string, message: string, hint: string): Found => ({
  at,
  code: `settings-${code}`,
  path,
  message,
  hint,
});

/** The problems of a text, with the position as `line:column`. */
function problemsOf(text: string): Found[] {
  const parsed = parseSettings(text, 'conf/settings.yaml');
  if (parsed.ok) return [];
  return parsed.problems.map(({ position, level, ...problem }) => {
    expect(level).toBe('deny');
    expect(position?.file).toBe('conf/settings.yaml');
    return { at: `${position?.line}:${position?.column}`, ...problem };
  });
}

const remote = (...lines: string[]) =>
  ['remotes:', '  - name: films', '    secret: films', ...lines.map((line) => `    ${line}`)].join('\n');

describe('an unknown key', () => {
  it.each<[string, Found]>([
    [
      'platfrom: openshift',
      found(
        '1:1',
        'unknown-key',
        'platfrom',
        'unknown key "platfrom"',
        `Did you mean "platform"? ${ROOT_KEYS}`,
      ),
    ],
    [
      '# mine\nmedai: {}',
      found('2:1', 'unknown-key', 'medai', 'unknown key "medai"', `Did you mean "media"? ${ROOT_KEYS}`),
    ],
    [
      'media:\n  pth: /x',
      found(
        '2:3',
        'unknown-key',
        'media.pth',
        'unknown key "pth"',
        'Did you mean "path"? Known keys here: path, volume, mounts.',
      ),
    ],
    [
      'sidecar: { resources: { limit: {} } }',
      found(
        '1:25',
        'unknown-key',
        'sidecar.resources.limit',
        'unknown key "limit"',
        'Did you mean "limits"? Known keys here: requests, limits.',
      ),
    ],
    [
      remote('probepath: x'),
      found(
        '4:5',
        'unknown-key',
        'remotes[0].probepath',
        'unknown key "probepath"',
        'Did you mean "probePath"? Known keys here: name, secret, remote, path, probePath, flags, image, readOnly, vfsCacheMode, cacheSize, metricsAddr.',
      ),
    ],
    [
      'policy:\n  rules:\n    404: off',
      found('3:5', 'unknown-key', 'policy.rules[404]', 'unknown key "404"', 'Rule IDs look like MS404.'),
    ],
    ['something: else', found('1:1', 'unknown-key', 'something', 'unknown key "something"', ROOT_KEYS)],
    [
      '__proto__: { media: {} }',
      found('1:1', 'unknown-key', '__proto__', 'unknown key "__proto__"', ROOT_KEYS),
    ],
    ['constructor: 1', found('1:1', 'unknown-key', 'constructor', 'unknown key "constructor"', ROOT_KEYS)],
  ])('%j is refused, with the nearest known one', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('a wrong type', () => {
  const FIELD = 'See docs/settings.md.';
  it.each<[string, Found]>([
    ['- media', found('1:1', 'type', '', 'must be a map, found a list', FIELD)],
    ['media', found('1:1', 'type', '', 'must be a map, found "media"', FIELD)],
    ['media: [a]', found('1:1', 'type', 'media', 'must be a map, found a list', 'The media volume.')],
    [
      'remotes: { zurg: {} }',
      found(
        '1:1',
        'type',
        'remotes',
        'must be a list, found an object',
        'The remotes that a labelled pod gets: any rclone backend.',
      ),
    ],
    ['remotes:\n  - zurg', found('2:5', 'type', 'remotes[0]', 'must be a map, found "zurg"', FIELD)],
    [
      'rclone:\n  # not YAML 1.1\n  readOnly: no',
      found(
        '3:3',
        'type',
        'rclone.readOnly',
        'must be a boolean, found "no"',
        'Mount read-only: deletes on a read-write mount reach the cloud.',
      ),
    ],
    [
      'preferredNodes: [a, 2]',
      found('1:21', 'type', 'preferredNodes[1]', 'must be a string, found 2', FIELD),
    ],
    [
      'sidecar: { startup: { periodSeconds: 1.5 } }',
      found(
        '1:23',
        'type',
        'sidecar.startup.periodSeconds',
        'must be an integer, found 1.5',
        'Seconds between two probes.',
      ),
    ],
  ])('%j is refused', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('a key that is needed', () => {
  it.each<[string, Found]>([
    [
      'remotes:\n  - name: films',
      found('2:5', 'missing-key', 'remotes[0]', 'the key "secret" is missing', 'Add secret: ... here.'),
    ],
    [
      'remotes: [{ secret: films }]',
      found('1:11', 'missing-key', 'remotes[0]', 'the key "name" is missing', 'Add name: ... here.'),
    ],
  ])('is asked for in %j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('the level of a rule about what no injection can act on', () => {
  it.each(['MS208', 'MS502', 'MS503'])('is always deny: %s', (id) => {
    expect(settingsOf(`policy: { rules: { ${id}: deny } }`).policy.rules).toEqual({ [id]: 'deny' });
    expect(problemsOf(`policy: { rules: { MS404: off, ${id}: off } }`)).toEqual([
      found(
        '1:32',
        'value',
        `policy.rules.${id}`,
        `${id} cannot be "off": it is about what no injection can act on`,
        'Take it away: the webhook refuses such a pod in any case.',
      ),
    ]);
    expect(problemsOf(`policy: { rules: { ${id}: warn } }`)).toMatchObject([
      { message: `${id} cannot be "warn": it is about what no injection can act on` },
    ]);
  });
});

describe('a value that is not one of the possible ones', () => {
  const value = (at: string, path: string, message: string, hint: string) =>
    found(at, 'value', path, message, hint);
  it.each<[string, Found]>([
    [
      'platform: openshfit',
      value(
        '1:1',
        'platform',
        '"openshfit" is not one of kubernetes, openshift',
        'Did you mean "openshift"? Choose one of them.',
      ),
    ],
    [
      'policy: { rules: { MS404: false } }',
      value('1:20', 'policy.rules.MS404', 'false is not one of deny, warn, off', 'Choose one of them.'),
    ],
    [
      'sidecar: { startup: { periodSeconds: 0 } }',
      value('1:23', 'sidecar.startup.periodSeconds', '0 must be >= 1', 'Seconds between two probes.'),
    ],
    [
      remote('metricsAddr: "9572"'),
      value(
        '4:5',
        'remotes[0].metricsAddr',
        String.raw`"9572" must match pattern ":\d+$"`,
        'Serve rclone metrics there (--metrics-addr), e.g. :9572. Each remote needs a port of its own. Default: off.',
      ),
    ],
    [
      'media: { volume: { emptyDir: {}, csi: {} } }',
      value(
        '1:10',
        'media.volume',
        'only one of them may stand here, found emptyDir and csi',
        'The media volume: one volume source as in a pod (persistentVolumeClaim, nfs, hostPath, ...).',
      ),
    ],
    [
      `remotes: [{ name: ${'a'.repeat(51)}, secret: a }]`,
      value(
        '1:13',
        'remotes[0].name',
        `"${'a'.repeat(51)}" must NOT have more than 50 characters`,
        'Name of the remote; the sidecar is named rclone-NAME.',
      ),
    ],
    [
      'media: { path: /mnt/media/ }',
      value(
        '1:10',
        'media.path',
        '"/mnt/media/" must match pattern "^(/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)+$"',
        'Where apps see the media volume.',
      ),
    ],
    [
      'sidecar: { resources: { limits: { memory: 1Gb } } }',
      value('1:35', 'sidecar.resources.limits.memory', '"1Gb" is no quantity above zero', QUANTITY_HINT),
    ],
    [
      'initDirs: { resources: { requests: { cpu: "0" } } }',
      value('1:38', 'initDirs.resources.requests.cpu', '"0" is no quantity above zero', QUANTITY_HINT),
    ],
    [
      'rclone: { cacheSize: 10 Gi }',
      value('1:11', 'rclone.cacheSize', '"10 Gi" is no quantity above zero', QUANTITY_HINT),
    ],
    [
      remote('cacheSize: -1'),
      value('4:5', 'remotes[0].cacheSize', '-1 is no quantity above zero', QUANTITY_HINT),
    ],
    [
      remote('cacheSize: [1Gi]'),
      found(
        '4:5',
        'type',
        'remotes[0].cacheSize',
        'must be a string or a number, found a list',
        'Default: rclone.cacheSize.',
      ),
    ],
    [
      'sidecar: { resources: { requests: { cpu: "2" } } }',
      value(
        '1:37',
        'sidecar.resources.requests.cpu',
        'the request "2" is above the limit "500m"',
        'Lower the request or raise the limit.',
      ),
    ],
    [
      'rclone: { pollInterval: "60" }',
      value(
        '1:11',
        'rclone.pollInterval',
        '"60" is no duration',
        'Write a number with a unit, e.g. 60s, 5m or 1h30m.',
      ),
    ],
    [
      remote('probePath: a/../..'),
      value(
        '4:5',
        'remotes[0].probePath',
        '"a/../.." leads out of the mount',
        'Name a directory below the mount point.',
      ),
    ],
  ])('%j is refused', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('remotes', () => {
  const two = (first: string, second: string) =>
    `remotes:\n  - { name: films, secret: a${first} }\n  - { name: series, secret: a${second} }`;
  const OWN_DIRECTORY = 'Give each remote a directory of its own.';

  it('of one name are refused at the second one', () => {
    const text = 'remotes:\n  - { name: films, secret: a }\n  - { name: films, secret: b }';
    expect(problemsOf(text)).toEqual([
      found(
        '3:7',
        'value',
        'remotes[1].name',
        'two remotes have the name "films" (the other is remotes[0])',
        'Give each remote a name of its own.',
      ),
    ]);
  });

  it.each<[string, string, string]>([
    [', path: cloud', ', path: cloud', 'cloud'],
    ['', ', path: /mnt/media/films', 'films'],
  ])('{%s} and {%s} cannot be mounted at one place', (first, second, point) => {
    const column = '  - { name: series, secret: a, p'.length;
    expect(problemsOf(two(first, second))).toEqual([
      found(
        `3:${column}`,
        'value',
        'remotes[1].path',
        `mount point "${point}" is that of remotes[0] too`,
        OWN_DIRECTORY,
      ),
    ]);
  });

  it('with names that only begin alike do not', () => {
    expect(problemsOf(two(', path: cloud', ', path: cloud2'))).toEqual([]);
  });

  it.each([
    '/srv/films',
    '../films',
    'films/..',
    '/mnt/media',
    '/mnt/media2/films',
    '/mnt/media/../films',
    '.',
    './',
  ])('cannot be mounted at %s, outside the media path or at it', (path) => {
    const [problem, ...others] = problemsOf(remote(`path: ${path}`));
    expect([problem?.at, problem?.path, others]).toEqual(['4:5', 'remotes[0].path', []]);
  });

  it('say where a mount point may be', () => {
    expect(problemsOf(remote('path: /srv/films'))).toEqual([
      found(
        '4:5',
        'value',
        'remotes[0].path',
        '"/srv/films" is outside the media path /mnt/media',
        'Name a directory below it, e.g. path: films',
      ),
    ]);
  });

  it.each(['cloud/films', '/mnt/media/cloud/films', '.media-stack/films'])(
    'cannot be mounted at %s, which is more than one directory',
    (path) => {
      expect(problemsOf(remote(`path: ${path}`))).toEqual([
        found(
          '4:5',
          'value',
          'remotes[0].path',
          `"${path.replace('/mnt/media/', '')}" is not directly below the media path`,
          'Choose one directory, e.g. path: films',
        ),
      ]);
    },
  );

  it('leave the directory of private mounts alone', () => {
    expect(problemsOf(remote('path: .media-stack'))).toEqual([
      found(
        '4:5',
        'value',
        'remotes[0].path',
        '".media-stack" is the directory of private mounts',
        'Choose one directory, e.g. path: films',
      ),
    ]);
  });

  it.each(['films', '/mnt/media/films', '.films', 'a.b+c=d@e-f_g'])('can be mounted at %s', (path) => {
    expect(problemsOf(remote(`path: ${path}`))).toEqual([]);
  });
});

describe('rclone flags', () => {
  const flags = (...values: string[]) =>
    problemsOf(`rclone:\n  flags:\n${values.map((flag) => `    - "${flag}"\n`).join('')}`);
  const refused = (line: number, flag: string, reason: string) =>
    found(
      `${line}:7`,
      'value',
      `rclone.flags[${line - 3}]`,
      `"${flag}" cannot be set here`,
      `Take it away: ${reason}.`,
    );

  it('that the sidecar sets itself are refused with the reason', () => {
    expect(flags('--daemon', '--config=/x', '--rc-addr=:5572', '--disable=About')).toEqual([
      refused(3, '--daemon', 'rclone must stay in the foreground of its container'),
      refused(4, '--config=/x', 'the configuration comes from the Secret of the remote'),
      refused(5, '--rc-addr=:5572', 'use rclone.rc: socket, which nobody outside the sidecars can reach'),
      refused(
        6,
        '--disable=About',
        'About is disabled by the sidecar, so that a probe never asks the backend',
      ),
    ]);
  });

  it.each([
    '--daemon-wait=1s',
    '--cache-dir=/x',
    '--allow-non-empty',
    '--read-only',
    '--read-only=false',
    '--vfs-cache-mode=full',
    '--vfs-cache-max-size=1Gi',
    '--rc',
    '--rc-no-auth',
    '--metrics-addr=:1',
  ])('%s is one of them', (flag) => {
    expect(flags(flag)).toMatchObject([{ message: `"${flag}" cannot be set here` }]);
  });

  it.each(['-v', 'buffer-size=32Mi', '--buffer-size 32Mi', '', '--', '--Buffer=1'])(
    '%j is no flag',
    (flag) => {
      expect(flags(flag)).toEqual([
        found(
          '3:7',
          'value',
          'rclone.flags[0]',
          `"${flag}" is no rclone flag`,
          'Write flag and value as one item, e.g. --buffer-size=32Mi',
        ),
      ]);
    },
  );

  it('of a remote are held to the same', () => {
    expect(problemsOf(remote('flags: [--buffer-size=1Mi, --rc]'))).toEqual([
      found(
        '4:32',
        'value',
        'remotes[0].flags[1]',
        '"--rc" cannot be set here',
        'Take it away: use rclone.rc: socket.',
      ),
    ]);
  });

  it('that rclone has besides are welcome', () => {
    expect(flags('--buffer-size=32Mi', '--no-modtime', '--poll-interval=0', '--vfs-read-ahead=1Gi')).toEqual(
      [],
    );
  });
});

describe('a file that is no YAML', () => {
  it.each([
    ['media: {\n', '2:1'],
    ['media:\n\tpath: /x\n', '2:1'],
    ['media: {}\nremotes: []\nmedia: {}\n', '3:1'],
    ['media:\n  path: /a\n  path: /b\n', '3:3'],
    ['platform: "openshift\n', '2:1'],
    ['media: {}\n---\nmedia: {}\n', '2:1'],
    ['media: {}\nrclone: *missing\n', '2:9'],
  ])('%j is named at its place', (text, at) => {
    const problems = problemsOf(text);
    expect(problems).toMatchObject([{ at, code: 'settings-yaml', path: '' }]);
  });

  it('is explained in words for people, not for programmers', () => {
    for (const text of ['media: {}\n---\nmedia: {}\n', 'media: {}\nmedia: {}\n']) {
      expect(problemsOf(text)[0]?.message).not.toMatch(/YAML\.|parseAllDocuments|\(\)/);
    }
  });

  it('but a bomb of aliases goes off nowhere', () => {
    const levels = Array.from('bcdefgh', (name, index) => {
      const below = `*${'abcdefg'[index]}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => below).join(', ')}]\n`;
    });
    const started = performance.now();
    expect(problemsOf(`a: &a [x]\n${levels.join('')}`)).toMatchObject([
      {
        code: 'settings-yaml',
        message: 'the settings cannot be read: Excessive alias count indicates a resource exhaustion attack',
        hint: 'Write the values out instead of using aliases.',
      },
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('a few aliases are fine', () => {
    const text =
      'remotes:\n  - { name: a, secret: a, flags: &f [--no-modtime] }\n  - { name: b, secret: b, flags: *f }\n';
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('several problems', () => {
  it('are all named, in the order of the file', () => {
    const text = 'platform: windows\nmedai: 1\nrclone: { readOnly: 1, cacheSize: true }\nremotes: x\n';
    expect(problemsOf(text).map(({ at, path }) => `${at} ${path}`)).toEqual([
      '1:1 platform',
      '2:1 medai',
      '3:11 rclone.readOnly',
      '3:24 rclone.cacheSize',
      '4:1 remotes',
    ]);
  });
});
