import { describe, expect, it } from 'vitest';
import { checkApp } from '../../../src/generate/check-app.ts';
import type { AppWords } from '../../../src/generate/check-app.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';

const WORDS: AppWords = {
  name: 'sonarr',
  image: 'lscr.io/linuxserver/sonarr:4.0.15',
  port: '8989',
  zone: 'zone2',
  puid: '1000',
  pgid: '1000',
  tz: 'Etc/UTC',
  isLabelled: true,
  openshift: false,
  expose: 'route',
  argocdProject: 'default',
  argocdRevision: 'HEAD',
  argocdDestination: 'https://kubernetes.default.svc',
};

const check = (words: Partial<AppWords> = {}) =>
  checkApp({ ...WORDS, ...words }, defaultSettings(), (zone) => zone === 'Etc/UTC');
/** `WORD message | mend` of each problem. */
const problems = (words: Partial<AppWords>): string[] => {
  const checked = check(words);
  return checked.ok ? [] : checked.problems.map(({ path, message, hint }) => `${path} ${message} | ${hint}`);
};

it('takes what is right', () => {
  expect(check()).toEqual({
    ok: true,
    warnings: [],
    app: {
      name: 'sonarr',
      image: 'lscr.io/linuxserver/sonarr:4.0.15',
      port: 8989,
      zone: 'zone2',
      namespace: null,
      serviceAccount: null,
      uid: 1000,
      gid: 1000,
      timeZone: 'Etc/UTC',
      isLabelled: true,
      isOpenshift: false,
      exposure: { kind: 'route', host: null },
      argocd: null,
    },
  });
});

it('names everything that is wrong at once', () => {
  expect(
    problems({
      name: '1Sonarr',
      image: ':',
      port: '0',
      zone: 'zone5',
      tz: 'Mars',
      puid: '-1',
      expose: 'port',
    }),
  ).toEqual([
    'APP "1Sonarr" is not a name: a lower-case letter first, then also digits and -, at most 63 | Write for example sonarr.',
    'IMAGE ":" is not the name of an image | Write for example lscr.io/linuxserver/sonarr:4.0.15.',
    '--zone "zone5" is none of zone1, zone2, zone3, zone4 | zone1 cloud gateway, zone2 managers, zone3 player, zone4 discovery.',
    '--tz "Mars" is not a time zone | Write for example Europe/Berlin or Etc/UTC.',
    'PORT "0" is not a whole number from 1 to 65535 | Write for example 8989.',
    '--puid "-1" is not a whole number from 0 to 4294967294 | Write for example 1000.',
    '--expose "port" is none of route, ingress, gateway, none | Without it: route (OpenShift).',
  ]);
});

it.each(['init-dirs', 'rclone-zurg', 'istio-proxy'])(
  'refuses the name of a container that is no app: %s',
  (name) => {
    expect(problems({ name })[0]).toMatch(
      /^APP ".*" is the name of a container that is never taken for the app/,
    );
  },
);

describe('a name', () => {
  it.each(['a', 'sonarr-4k', 'x'.repeat(63)])('may be %s', (name) => {
    expect(problems({ name })).toEqual([]);
  });
  it.each(['', 'Sonarr', 'sonarr_4k', '-a', 'a-', 'a.b', '4k', 'x'.repeat(64)])('may not be %j', (name) => {
    expect(problems({ name })).toHaveLength(1);
  });
});

describe('an image', () => {
  it.each([
    'sonarr:4',
    'localhost:5000/sonarr:4',
    'ghcr.io/a/b_c/d-e.f:v1.2.3-x_y',
    `sonarr@sha256:${'0'.repeat(64)}`,
    `registry:443/sonarr:latest@sha256:${'a'.repeat(64)}`,
  ])('may be %s', (image) => {
    expect(check({ image })).toMatchObject({ ok: true, warnings: [] });
  });
  it.each(['sonarr', 'lscr.io/linuxserver/sonarr:latest'])('is named where it is not pinned: %s', (image) => {
    expect(check({ image })).toMatchObject({
      ok: true,
      warnings: [`the image ${image} is not pinned: with a version in its name every restart runs the same`],
    });
  });
  it.each(['', 'Sonarr:4', 'a b', 'https://ghcr.io/a:1', 'a:', 'a@sha256:12', '/a', 'a//b', 'a:-x'])(
    'may not be %j',
    (image) => {
      expect(problems({ image })).toHaveLength(1);
    },
  );
});

describe('the way in', () => {
  it('needs a host for an Ingress, and a Gateway for an HTTPRoute', () => {
    expect(problems({ expose: 'ingress' })).toEqual([
      '--expose "ingress" needs the name of the host | Write --host sonarr.example.org.',
    ]);
    expect(problems({ expose: 'gateway' })).toEqual([
      '--expose "gateway" needs the name of a Gateway | Write --gateway NAME or NAMESPACE/NAME.',
    ]);
  });

  it('takes no option that belongs to another one', () => {
    expect(problems({ expose: 'none', host: 'a.b' })).toEqual([
      '--host "a.b" goes with --expose route or ingress or gateway, not with none | Take one of the two away.',
    ]);
    expect(problems({ expose: 'route', gateway: 'a', tlsSecret: 'b', ingressClass: 'c' })).toHaveLength(3);
  });

  it('checks each name', () => {
    expect(problems({ expose: 'ingress', host: 'a_b', ingressClass: 'X', tlsSecret: '-' })).toHaveLength(3);
    expect(problems({ expose: 'gateway', gateway: 'a/b/c' })).toHaveLength(1);
    expect(problems({ expose: 'gateway', gateway: 'gateways/public', host: 'sonarr.example.org' })).toEqual(
      [],
    );
  });
});

describe('Argo CD', () => {
  it('needs a namespace and the address of a repository', () => {
    expect(problems({ argocd: 'apps' })).toEqual([
      '--argocd "apps" is not the address of a Git repository | Write for example https://git.example.org/home/apps.git.',
      '--argocd "apps" needs a namespace to put the app into | Name it with --namespace NAME.',
    ]);
  });

  it.each(['https://git.example.org/a.git', 'git@git.example.org:a/b.git', 'ssh://git@x/y'])(
    'takes %s',
    (argocd) => {
      expect(problems({ argocd, namespace: 'media' })).toEqual([]);
    },
  );
});
