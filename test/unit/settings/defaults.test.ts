import { describe, expect, it } from 'vitest';
import { defaultSettings, parseSettings } from '../../../src/settings/parse-settings.ts';

const DEFAULTS = {
  media: {
    path: '/mnt/media',
    volume: { persistentVolumeClaim: { claimName: 'media-library-pvc' } },
    mounts: 'volume',
  },
  remotes: [
    { name: 'zurg', secret: 'rclone-zurg-config', remote: 'zurg:', probePath: '__all__', flags: [] },
    { name: 'torbox', secret: 'rclone-config', remote: 'torbox:', probePath: 'torrents', flags: [] },
  ],
  images: { rclone: 'docker.io/rclone/rclone:1.75.1' },
  sidecar: {
    mode: 'native',
    position: 'first',
    waitForContent: false,
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
    startup: { periodSeconds: 1, failureThreshold: 300, timeoutSeconds: 5 },
    liveness: { periodSeconds: 30, failureThreshold: 3, timeoutSeconds: 10 },
  },
  initDirs: {
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
  },
  rclone: {
    readOnly: true,
    vfsCacheMode: 'writes',
    cacheSize: '10Gi',
    dirCacheTime: '60s',
    attrTimeout: '60s',
    pollInterval: '30s',
    flags: [],
    rc: 'off',
  },
  preferredNodes: [],
  helperContainers: [
    'istio-proxy',
    'linkerd-proxy',
    'envoy-sidecar',
    'kuma-sidecar',
    'consul-dataplane',
    'daprd',
    'cloud-sql-proxy',
    'oauth-proxy',
    'oauth2-proxy',
    'vault-agent',
    'otc-container',
    'gluetun',
  ],
  platform: 'kubernetes',
  policy: { rules: {}, waivers: 'warnings', nodeSelectorKeys: ['kubernetes.io/hostname'] },
};

describe('the defaults', () => {
  it('are these', () => {
    expect(defaultSettings()).toEqual(DEFAULTS);
  });

  it.each(['', '\n', '# nothing but\n# comments\n', '---\n', '{}', 'null', '\uFEFF{}', 'media: {}\n'])(
    'are what a file with %j means',
    (text) => {
      expect(parseSettings(text, 's.yaml')).toEqual({ ok: true, settings: DEFAULTS });
    },
  );

  it('belong to each caller alone', () => {
    const first = defaultSettings() as { remotes: unknown[]; media: { path: string } };
    first.remotes.pop();
    first.media.path = '/elsewhere';
    expect(defaultSettings()).toEqual(DEFAULTS);
  });

  it('stand beside what the file sets, at any depth', () => {
    const text = 'sidecar: { resources: { limits: { memory: 2Gi } } }\nrclone: { readOnly: false }\n';
    expect(parseSettings(text, 's.yaml')).toEqual({
      ok: true,
      settings: {
        ...DEFAULTS,
        sidecar: {
          ...DEFAULTS.sidecar,
          resources: { ...DEFAULTS.sidecar.resources, limits: { cpu: '500m', memory: '2Gi' } },
        },
        rclone: { ...DEFAULTS.rclone, readOnly: false },
      },
    });
  });

  it('give a remote of one’s own its flags and no probe path, and take the place of the standard remotes', () => {
    const parsed = parseSettings('remotes: [{ name: films, secret: films }]', 's.yaml');
    expect(parsed).toEqual({
      ok: true,
      settings: { ...DEFAULTS, remotes: [{ name: 'films', secret: 'films', probePath: '', flags: [] }] },
    });
  });
});
