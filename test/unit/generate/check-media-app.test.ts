import { describe, expect, it } from 'vitest';
import type { AppRequest } from '../../../src/generate/app-request.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';
import { checkRequest, readApp } from '../../support/app-request.ts';

/** `OPTION MESSAGE`, and the mends where they are asked for. */
const complaints = (words: Partial<AppRequest>): string[] => {
  const checked = checkRequest(words);
  return checked.ok ? [] : checked.problems.map(({ path, message }) => `${path} ${message}`);
};
const mends = (words: Partial<AppRequest>): string[] => {
  const checked = checkRequest(words);
  return checked.ok ? [] : checked.problems.map(({ hint }) => hint);
};

describe('an app that is asked for', () => {
  it('is taken with the three words alone', () => {
    expect(checkRequest({})).toEqual({
      ok: true,
      app: {
        name: 'sonarr',
        image: 'lscr.io/linuxserver/sonarr:4.0.15',
        port: 8989,
        zone: 'zone2',
        sidecars: 'label',
        exposure: { kind: 'route', host: null },
        namespace: null,
        openshift: false,
        serviceAccount: null,
        puid: 1000,
        pgid: 1000,
        timeZone: 'Etc/UTC',
        configPath: '/config',
        argocd: null,
      },
      warnings: [],
    });
  });

  it('hears of an image that can change any day, and is taken', () => {
    expect(checkRequest({ image: 'host:5000/sonarr:latest' })).toMatchObject({
      ok: true,
      warnings: [
        'the image "host:5000/sonarr:latest" can change any day: name a version, e.g. host:5000/sonarr:1.2.3, or a digest',
      ],
    });
  });

  it('hears what the settings make of it, and is taken', () => {
    const settings = defaultSettings();
    const volume = { persistentVolumeClaim: { claimName: 'library', readOnly: true } };
    const odd = { ...settings, remotes: [], media: { ...settings.media, volume } };
    expect(checkRequest({}, odd)).toMatchObject({
      ok: true,
      warnings: [
        'the settings have no remotes: the label brings no mounts',
        'the media volume of the settings is read-only: the app cannot write at /config',
      ],
    });
  });

  it('hears everything that is wrong at once, in the order of the command line', () => {
    expect(
      complaints({
        app: 'Sonarr',
        image: 'x y',
        port: '0',
        zone: 'zone5',
        expose: 'rout',
        namespace: 'Media',
        serviceAccount: 'a b',
        puid: 'root',
        pgid: '-1',
        tz: 'europe/berlin',
        configPath: 'config',
      }),
    ).toEqual([
      'APP "Sonarr" has other characters than lower-case letters, digits and -',
      'IMAGE "x y" is not the name of an image: it is not of the form [HOST[:PORT]/]PATH[:TAG][@DIGEST]',
      'PORT "0" is not a port',
      '--zone "zone5" is not a zone',
      '--expose "rout" is no way to expose an app',
      '-n "Media" has other characters than lower-case letters, digits and -',
      '--service-account "a b" has other characters than lower-case letters, digits and -',
      '--puid "root" is not a numeric ID',
      '--pgid "-1" is not a numeric ID',
      '--tz "europe/berlin" is not a time zone',
      '--config-path "config" is not an absolute path without : and ..',
    ]);
  });

  it.each<[Partial<AppRequest>, string]>([
    [{ app: '' }, 'APP "" is empty'],
    [{ app: '2fauth' }, 'APP "2fauth" does not begin with a letter'],
    [{ app: 'sonarr-' }, 'APP "sonarr-" begins or ends with -'],
    [{ app: 'a'.repeat(47) }, `APP "${'a'.repeat(47)}" has 47 characters, at most 46 are allowed`],
    [{ app: 'rclone-zurg' }, 'APP "rclone-zurg" is the name of a container that is injected'],
    [{ app: 'init-dirs' }, 'APP "init-dirs" is the name of a container that is injected'],
    [{ port: '65536' }, 'PORT "65536" is not a port'],
    [{ port: '8989/tcp' }, 'PORT "8989/tcp" is not a port'],
    [{ port: '1e3' }, 'PORT "1e3" is not a port'],
    [{ puid: '2147483648' }, '--puid "2147483648" is not a numeric ID'],
    [{ configPath: '/mnt' }, '--config-path "/mnt" and the media path /mnt/media are one inside the other'],
    [
      { configPath: '/mnt/media/config' },
      '--config-path "/mnt/media/config" and the media path /mnt/media are one inside the other',
    ],
    [{ configPath: '/' }, '--config-path "/" is not an absolute path without : and ..'],
    [{ configPath: '/a/../b' }, '--config-path "/a/../b" is not an absolute path without : and ..'],
    [{ inline: true, sidecars: false }, '--inline writes the sidecars out, --no-sidecars leaves them away'],
  ])('%j: one complaint', (words, complaint) => {
    expect(complaints(words)).toEqual([complaint]);
  });

  it.each<[Partial<AppRequest>, string]>([
    [
      { app: 'My_App' },
      'A letter, then letters, digits and -, all in lower case, at most 46 characters: it also names the Service and begins the names of the pods, e.g. my-app.',
    ],
    [{ image: 'https://LSCR.io/App:1' }, 'Write lscr.io/app:1'],
    [{ namespace: 'My Media' }, 'The name of a namespace, e.g. -n my-media'],
    [
      { tz: 'europe/berlin' },
      'Did you mean "Europe/Berlin"? A name of the IANA database, e.g. --tz Europe/Berlin',
    ],
    [{ host: 'https://Sonarr.example.com:443/x' }, 'Write the name alone: --host sonarr.example.com'],
  ])('%j: the mend says what would be right', (words, mend) => {
    expect(mends(words)).toEqual([mend]);
  });

  it('takes the longest name that leaves its pods a host name, a clean path and the ends of each range', () => {
    const name = `a${'-b'.repeat(22)}c`;
    expect(name).toHaveLength(46);
    const words = { app: name, port: '65535', puid: '0', pgid: '2147483647', configPath: '/app//config/' };
    expect(readApp(words)).toMatchObject({
      name,
      port: 65535,
      puid: 0,
      pgid: 2147483647,
      configPath: '/app/config',
    });
  });

  it('cannot have sidecars written out when the settings have none', () => {
    const checked = checkRequest({ inline: true }, { ...defaultSettings(), remotes: [] });
    expect(checked.ok ? [] : checked.problems.map(({ message }) => message)).toEqual([
      'there is no sidecar to write out: the settings have no remotes',
    ]);
  });
});

describe('--expose', () => {
  it('reads the Gateway with and without a namespace', () => {
    const words = { expose: 'gateway', host: 'a.example.com', gatewayListener: 'https' };
    const gateway = { name: 'public', namespace: 'infra', listener: 'https' };
    expect(readApp({ ...words, gateway: 'infra/public' }).exposure).toEqual({
      kind: 'gateway',
      host: 'a.example.com',
      gateway,
    });
    expect(readApp({ ...words, gateway: 'public' }).exposure).toMatchObject({
      gateway: { ...gateway, namespace: null },
    });
  });

  it.each<[Partial<AppRequest>, string[]]>([
    [{ expose: 'ingress' }, ['--host is missing: --expose ingress needs it']],
    [
      { expose: 'gateway' },
      ['--host is missing: --expose gateway needs it', '--gateway is missing: --expose gateway needs it'],
    ],
    [
      { expose: 'none', host: 'a.b', gateway: 'x', ingressClass: 'x', tlsSecret: 'x', gatewayListener: 'x' },
      [
        '--host is not for --expose none',
        '--ingress-class is not for --expose none',
        '--tls-secret is not for --expose none',
        '--gateway is not for --expose none',
        '--gateway-listener is not for --expose none',
      ],
    ],
    [{ host: '10.0.0.1' }, ['--host "10.0.0.1" is an address, not a host name']],
    [
      { host: '*.example.com' },
      ['--host "*.example.com" is a wildcard: it would take the requests of other apps'],
    ],
    [{ host: 'a..b' }, ['--host "a..b" begins or ends with a dot, or has two in a row']],
    [{ host: 'a.-b' }, ['--host "a.-b" has the part "-b", which begins or ends with -']],
    [
      { expose: 'gateway', host: 'a.b', gateway: 'a/b/c' },
      ['--gateway "a/b/c" has other characters than lower-case letters, digits and -'],
    ],
    [
      { namespace: 'n'.repeat(60) },
      [
        `--host is missing: OpenShift would make one of sonarr-${'n'.repeat(60)}, and that has 67 characters, at most 63 are allowed`,
      ],
    ],
  ])('%j', (words, wrong) => {
    expect(complaints(words)).toEqual(wrong);
  });
});

describe('--argocd', () => {
  const repo = 'https://github.com/me/cluster.git';

  it('has the defaults of Argo CD, and those of OpenShift GitOps on OpenShift', () => {
    const argocd = {
      repo,
      project: 'default',
      revision: 'HEAD',
      path: 'apps/sonarr/base',
      destination: { server: 'https://kubernetes.default.svc' },
      namespace: 'argocd',
    };
    expect(readApp({ argocd: repo, namespace: 'media' }).argocd).toEqual(argocd);
    expect(readApp({ argocd: repo, namespace: 'media', openshift: true }).argocd).toEqual({
      ...argocd,
      namespace: 'openshift-gitops',
    });
  });

  it.each([
    ['in-cluster', { name: 'in-cluster' }],
    ['https://10.0.0.1:6443', { server: 'https://10.0.0.1:6443' }],
  ])('takes the destination %s as argocd cluster list shows it', (argocdDestination, destination) => {
    expect(readApp({ argocd: repo, namespace: 'media', argocdDestination }).argocd?.destination).toEqual(
      destination,
    );
  });

  it.each(['git@github.com:me/cluster.git', 'ssh://git@git.example.com:2222/me/cluster.git'])(
    'takes the repository %s',
    (argocd) => {
      expect(complaints({ argocd, namespace: 'media' })).toEqual([]);
    },
  );

  it('never says a password again', () => {
    const checked = checkRequest({ argocd: 'https://me:s3cret@github.com/me/x', namespace: 'media' });
    expect(JSON.stringify(checked)).not.toContain('s3cret');
    expect(checked.ok ? [] : checked.problems.map(({ message }) => message)).toEqual([
      'has a user or password in the URL: the Application would carry it into git',
    ]);
  });

  it.each<[Partial<AppRequest>, string[]]>([
    [{ argocd: repo }, ['-n is missing: an Application names the namespace of its app']],
    [
      { argocd: 'me/cluster', namespace: 'media' },
      ['--argocd "me/cluster" is not the URL of a git repository'],
    ],
    [
      { argocdProject: 'home', argocdPath: 'x' },
      [
        '--argocd-project says something about an Application, and --argocd REPO, which asks for one, is missing',
        '--argocd-path says something about an Application, and --argocd REPO, which asks for one, is missing',
      ],
    ],
    [
      {
        argocd: repo,
        namespace: 'media',
        argocdProject: 'A',
        argocdRevision: 'a b',
        argocdPath: '../x',
        argocdDestination: 'https://',
        argocdNamespace: 'A',
      },
      [
        '--argocd-project "A" has other characters than lower-case letters, digits and -',
        '--argocd-revision "a b" is not the name of a revision',
        '--argocd-path "../x" is not a path below the root of the repository',
        '--argocd-destination "https://" is not the URL of an API server',
        '--argocd-namespace "A" has other characters than lower-case letters, digits and -',
      ],
    ],
  ])('%j', (words, wrong) => {
    expect(complaints(words)).toEqual(wrong);
  });
});
