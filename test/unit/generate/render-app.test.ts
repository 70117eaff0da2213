import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { judgeFile } from '../../../src/cli/lint-manifests.ts';
import { injectFile, uninjectFile } from '../../../src/cli/manifest-injection.ts';
import type { AppRequest } from '../../../src/generate/app-request.ts';
import { ZONES } from '../../../src/generate/media-app.ts';
import { renderApp } from '../../../src/generate/render-app.ts';
import { renderManifestText } from '../../../src/generate/render-manifest-text.ts';
import type { JsonObject } from '../../../src/pod/json.ts';
import { defaultSettings, parseSettings } from '../../../src/settings/parse-settings.ts';
import type { Settings } from '../../../src/settings/schema.ts';
import { EXPOSE_WORDS, readApp } from '../../support/app-request.ts';

const WOW = readSettings(readFileSync('examples/wow-ocp/settings.yaml', 'utf8'));
const SETTINGS: Readonly<Record<string, Settings>> = {
  'the default settings': defaultSettings(),
  'nodes and OpenShift': WOW,
  'container mode': readSettings('sidecar: { mode: container }'),
  'a hostPath elsewhere': readSettings(
    'media: { path: /data/library, volume: { hostPath: { path: /srv/library } } }',
  ),
  'every warning a denial': readSettings(
    `policy: { rules: { ${['MS308', 'MS402', 'MS404', 'MS407', 'MS501', 'MS504'].map((id) => `${id}: deny`).join(', ')} } }`,
  ),
};
const SIDECARS: Readonly<Record<string, Partial<AppRequest>>> = {
  'by label': {},
  inline: { inline: true },
  none: { sidecars: false },
};

function readSettings(text: string): Settings {
  const parsed = parseSettings(text, 'settings.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

/** The text of each file by its name below `apps/sonarr/`. */
function render(words: Partial<AppRequest>, settings: Settings = defaultSettings()): Record<string, string> {
  const rendered = renderApp(readApp(words, settings), settings);
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return Object.fromEntries(
    rendered.manifests.map((manifest) => [
      manifest.file.replace('apps/sonarr/', ''),
      renderManifestText(manifest),
    ]),
  );
}

describe('the files of an app', () => {
  it('are Deployment, Service, Route and kustomization, as a person would have written them', () => {
    expect(Object.keys(render({}))).toEqual([
      'base/deployment.yaml',
      'base/service.yaml',
      'base/route.yaml',
      'base/kustomization.yaml',
    ]);
    expect(render({ namespace: 'media' })).toMatchInlineSnapshot(`
      {
        "base/deployment.yaml": "# sonarr with cloud mounts (/mnt/media/zurg, /mnt/media/torbox): the webhook adds the sidecars to each pod.
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: sonarr
        labels:
          app: sonarr
          zone: zone2
      spec:
        replicas: 1
        # The database in /config must never be open in two pods at once.
        strategy:
          type: Recreate
        selector:
          matchLabels:
            app: sonarr
        template:
          metadata:
            labels:
              app: sonarr
              zone: zone2
              # Asks the webhook for the mounts. It counts here, on the pod template.
              media-stack/cloud-mounts: "true"
          spec:
            # No variables like SONARR_PORT=tcp://... of Services: an app may take one for its own.
            enableServiceLinks: false
            # Time for the app to end, and for the sidecars to unmount after it.
            terminationGracePeriodSeconds: 60
            containers:
              - name: sonarr
                image: lscr.io/linuxserver/sonarr:4.0.15
                env:
                  - name: PUID
                    value: "1000"
                  - name: PGID
                    value: "1000"
                  - name: TZ
                    value: Etc/UTC
                ports:
                  - name: http
                    containerPort: 8989
                volumeMounts:
                  # The app's own files: a folder of the library, without mounts below it.
                  - name: media-storage
                    mountPath: /config
                    subPath: config/sonarr
                  # The library. HostToContainer: what is mounted in it after the start is seen too.
                  - name: media-storage
                    mountPath: /mnt/media
                    mountPropagation: HostToContainer
                # Up to five minutes for the first start.
                startupProbe:
                  tcpSocket:
                    port: http
                  periodSeconds: 5
                  failureThreshold: 60
                readinessProbe:
                  tcpSocket:
                    port: http
                  periodSeconds: 10
                livenessProbe:
                  tcpSocket:
                    port: http
                  periodSeconds: 20
                resources:
                  requests:
                    cpu: 100m
                    memory: 256Mi
                  limits:
                    cpu: "1"
                    memory: 1Gi
            volumes:
              - name: media-storage
                persistentVolumeClaim:
                  claimName: media-library-pvc
      ",
        "base/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1
      kind: Kustomization
      namespace: media
      resources:
        - deployment.yaml
        - service.yaml
        - route.yaml
      ",
        "base/route.yaml": "apiVersion: route.openshift.io/v1
      kind: Route
      metadata:
        name: sonarr
        labels:
          app: sonarr
          zone: zone2
      spec:
        # Without a host here OpenShift makes one: NAME-NAMESPACE.apps.CLUSTER
        to:
          kind: Service
          name: sonarr
          weight: 100
        port:
          targetPort: http
        # HTTPS with the router's certificate.
        tls:
          termination: edge
          insecureEdgeTerminationPolicy: Redirect
      ",
        "base/service.yaml": "apiVersion: v1
      kind: Service
      metadata:
        name: sonarr
        labels:
          app: sonarr
          zone: zone2
      spec:
        selector:
          app: sonarr
        ports:
          - name: http
            port: 8989
            targetPort: http
      ",
      }
    `);
  });

  it('have an Application beside them where one is asked for, which the kustomization does not list', () => {
    const files = render({
      argocd: 'https://github.com/me/cluster.git',
      argocdProject: 'home',
      argocdRevision: 'main',
      argocdPath: 'clusters/home/apps/sonarr/base',
      argocdDestination: 'https://10.0.0.1:6443',
      namespace: 'media',
    });
    expect(Object.keys(files).at(-1)).toBe('application.yaml');
    expect(files['base/kustomization.yaml']).not.toContain('application');
    expect(files['application.yaml']).toMatchInlineSnapshot(`
      "apiVersion: argoproj.io/v1alpha1
      kind: Application
      metadata:
        name: sonarr
        namespace: argocd
        labels:
          app: sonarr
          zone: zone2
      spec:
        project: home
        source:
          repoURL: https://github.com/me/cluster.git
          targetRevision: main
          path: clusters/home/apps/sonarr/base
        destination:
          server: https://10.0.0.1:6443
          namespace: media
        syncPolicy:
          automated:
            prune: true
            selfHeal: true
      "
    `);
  });

  it('have what exposes it, and the kustomization lists it', () => {
    const names = Object.keys(EXPOSE_WORDS).filter((name) => name !== 'none');
    const exposed = names.map((name) => {
      const files = render(EXPOSE_WORDS[name] ?? {});
      const [, , file = ''] = Object.keys(files);
      expect(files['base/kustomization.yaml']).toContain(`- ${file.replace('base/', '')}\n`);
      const text = files[file] ?? '';
      return `# ${name}: ${file}\n${text.replace(/^metadata:\n( .*\n)*/m, '')}`;
    });
    expect(exposed.join('')).toMatchInlineSnapshot(`
      "# route: base/route.yaml
      apiVersion: route.openshift.io/v1
      kind: Route
      spec:
        # Without a host here OpenShift makes one: NAME-NAMESPACE.apps.CLUSTER
        to:
          kind: Service
          name: sonarr
          weight: 100
        port:
          targetPort: http
        # HTTPS with the router's certificate.
        tls:
          termination: edge
          insecureEdgeTerminationPolicy: Redirect
      # route with a host: base/route.yaml
      apiVersion: route.openshift.io/v1
      kind: Route
      spec:
        host: sonarr.example.com
        to:
          kind: Service
          name: sonarr
          weight: 100
        port:
          targetPort: http
        # HTTPS with the router's certificate.
        tls:
          termination: edge
          insecureEdgeTerminationPolicy: Redirect
      # ingress: base/ingress.yaml
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      spec:
        # Without ingressClassName here the cluster's default IngressClass serves it.
        rules:
          - host: sonarr.example.com
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend:
                    service:
                      name: sonarr
                      port:
                        name: http
      # ingress with class and TLS: base/ingress.yaml
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      spec:
        ingressClassName: nginx
        tls:
          - hosts:
              - sonarr.example.com
            secretName: sonarr-tls
        rules:
          - host: sonarr.example.com
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend:
                    service:
                      name: sonarr
                      port:
                        name: http
      # gateway: base/httproute.yaml
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      spec:
        # The Gateway must allow routes of this namespace; TLS ends in its listener.
        parentRefs:
          - name: public
        hostnames:
          - sonarr.example.com
        rules:
          - matches:
              - path:
                  type: PathPrefix
                  value: /
            backendRefs:
              - name: sonarr
                port: 8989
      # gateway of another namespace: base/httproute.yaml
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      spec:
        # The Gateway must allow routes of this namespace; TLS ends in its listener.
        parentRefs:
          - name: public
            namespace: infra
            sectionName: https
        hostnames:
          - sonarr.example.com
        rules:
          - matches:
              - path:
                  type: PathPrefix
                  value: /
            backendRefs:
              - name: sonarr
                port: 8989
      "
    `);
  });

  it('are two and a kustomization where nothing exposes it', () => {
    expect(Object.keys(render({ expose: 'none' }))).toEqual([
      'base/deployment.yaml',
      'base/service.yaml',
      'base/kustomization.yaml',
    ]);
  });
});

describe('the Deployment', () => {
  const template = (words: Partial<AppRequest>, settings?: Settings) => {
    const { spec } = parse(render(words, settings)['base/deployment.yaml'] ?? '') as {
      spec: { template: { metadata: JsonObject; spec: JsonObject & { containers: JsonObject[] } } };
    };
    return spec.template;
  };

  it('has what the options say', () => {
    const words = {
      serviceAccount: 'managers',
      puid: '1001',
      pgid: '1002',
      tz: 'Europe/Berlin',
      configPath: '/app/config',
      openshift: true,
      zone: 'zone3',
    };
    const { metadata, spec } = template(words);
    expect(metadata).toEqual({
      labels: { app: 'sonarr', zone: 'zone3', 'media-stack/cloud-mounts': 'true' },
      annotations: { 'openshift.io/required-scc': 'privileged' },
    });
    expect(spec['serviceAccountName']).toBe('managers');
    expect(spec.containers).toMatchObject([
      {
        env: [
          { name: 'PUID', value: '1001' },
          { name: 'PGID', value: '1002' },
          { name: 'TZ', value: 'Europe/Berlin' },
        ],
        volumeMounts: [
          { mountPath: '/app/config', subPath: 'config/sonarr' },
          { mountPath: '/mnt/media', mountPropagation: 'HostToContainer' },
        ],
        resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '4', memory: '8Gi' } },
      },
    ]);
  });

  it('has media path, media volume and preferred nodes of the settings', () => {
    const elsewhere = template({}, SETTINGS['a hostPath elsewhere']).spec;
    expect(elsewhere['volumes']).toEqual([{ name: 'media-storage', hostPath: { path: '/srv/library' } }]);
    expect(elsewhere.containers[0]?.['volumeMounts']).toMatchObject([{}, { mountPath: '/data/library' }]);
    expect(elsewhere['affinity']).toBeUndefined();
    expect(template({}, WOW).spec['affinity']).toEqual({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            preference: {
              matchExpressions: [
                {
                  key: 'kubernetes.io/hostname',
                  operator: 'In',
                  values: ['wow-ocp-node2', 'wow-ocp-node3'],
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('has no trace of the mounts without sidecars', () => {
    const text = render({ sidecars: false })['base/deployment.yaml'] ?? '';
    expect(text).not.toContain('media-stack/');
    expect(text.split('\n')[0]).toBe('# sonarr without cloud mounts.');
  });

  it.each(Object.keys(SETTINGS))(
    'with sidecars written out is what inject makes of the other: %s',
    (name) => {
      const settings = SETTINGS[name] ?? WOW;
      const labelled = render({}, settings)['base/deployment.yaml'] ?? '';
      const inline = render({ inline: true }, settings)['base/deployment.yaml'] ?? '';
      const { after } = injectFile({ file: 'd', text: labelled }, { settings, assumeLabel: false });
      expect(parse(inline)).toEqual(parse(after));
      expect(
        injectFile({ file: 'd', text: inline }, { settings, assumeLabel: false }).workloads,
      ).toMatchObject([{ outcome: 'skipped', detail: 'already_complete' }]);
    },
  );
});

it('comes back from uninject as the Deployment that asks the webhook', () => {
  const inline = render({ inline: true })['base/deployment.yaml'] ?? '';
  const { after } = uninjectFile({ file: 'd', text: inline });
  expect(parse(after)).toEqual(parse(render({})['base/deployment.yaml'] ?? ''));
});

describe('lint has nothing to say', () => {
  const rows = Object.keys(SETTINGS).flatMap((settings) =>
    Object.keys(SIDECARS).flatMap((sidecars) =>
      [false, true].flatMap((openshift) =>
        Object.keys(EXPOSE_WORDS).map((expose) => ({ settings, sidecars, openshift, expose })),
      ),
    ),
  );

  it.each(rows)(
    'with $settings, sidecars $sidecars, --openshift $openshift, --expose $expose, in any zone',
    (row) => {
      const settings = SETTINGS[row.settings] ?? WOW;
      // Where the settings say OpenShift the command line takes the option for given.
      const openshift = row.openshift || settings.platform === 'openshift';
      const words = { ...SIDECARS[row.sidecars], ...EXPOSE_WORDS[row.expose], openshift };
      for (const zone of ZONES) {
        for (const [file, text] of Object.entries(render({ ...words, zone }, settings))) {
          const { subjects, problems } = judgeFile({ file, text }, { settings, assumeLabel: false });
          expect(problems).toEqual([]);
          expect(subjects.flatMap(({ linted }) => linted?.problems ?? [])).toEqual([]);
          if (file === 'base/deployment.yaml')
            expect(subjects.map(({ linted }) => linted !== null)).toEqual([row.sidecars !== 'none']);
        }
      }
    },
  );
});

test('the text holds the object and nothing else, whatever looks like something else in YAML', () => {
  const object = { a: '1000', b: 'yes', c: 'null', d: ['0o7', '1:30', '~'], e: 'a # b', f: { on: true } };
  const text = renderManifestText({ file: 'x', object, comments: [{ path: ['d', 1], text: 'two\nlines' }] });
  expect(text).toBe(
    'a: "1000"\nb: "yes"\nc: "null"\nd:\n  - "0o7"\n  # two\n  # lines\n  - "1:30"\n  - "~"\ne: "a # b"\nf:\n  "on": true\n',
  );
  expect(parse(text)).toEqual(object);
});

test('a comment on a field that is not there is a mistake of the program', () => {
  const comments = [{ path: ['spec', 'strategy'], text: 'x' }];
  expect(() => renderManifestText({ file: 'x.yaml', object: { spec: {} }, comments })).toThrow(
    'x.yaml has no spec.strategy to put a comment on',
  );
});
