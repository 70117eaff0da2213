// The objects of an app, as people write them: one file each, in one folder for kustomize.
import { MOUNTS_LABEL } from '../intent/labels.ts';
import { renderPreferredNodesTerm } from '../plan/affinity.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Settings } from '../settings/schema.ts';
import type { AppDescription, ArgocdTarget } from './app-description.ts';
import { renderExposure } from './render-exposure.ts';

export interface GeneratedObject {
  /** Relative to the folder that is asked for: `apps/sonarr/base/service.yaml`. */
  readonly file: string;
  /** Lines above the object, without #. */
  readonly comment: readonly string[];
  readonly object: JsonObject;
}

export const REQUIRED_SCC = 'openshift.io/required-scc';

/** Deployment, Service, way in, kustomization, and the Argo CD Application where it is asked for. */
export function renderApp(app: AppDescription, settings: Settings): GeneratedObject[] {
  const base = `apps/${app.name}/base`;
  const exposure = renderExposure(app);
  const parts: GeneratedObject[] = [
    {
      file: `${base}/deployment.yaml`,
      comment: deploymentComment(app),
      object: renderDeployment(app, settings),
    },
    { file: `${base}/service.yaml`, comment: [], object: renderService(app) },
    ...(exposure === null
      ? []
      : [{ file: `${base}/${exposure.file}`, comment: [], object: exposure.object }]),
  ];
  const kustomization = {
    file: `${base}/kustomization.yaml`,
    comment: [],
    object: {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      ...(app.namespace === null ? {} : { namespace: app.namespace }),
      resources: parts.map(({ file }) => file.slice(base.length + 1)),
    },
  };
  const application =
    app.argocd === null
      ? []
      : [
          {
            file: `apps/${app.name}/argocd-application.yaml`,
            comment: ['Not part of the app: apply it once, in the namespace of Argo CD.'],
            object: renderApplication(app.name, base, app.argocd),
          },
        ];
  return [...parts, kustomization, ...application];
}

function deploymentComment({ isLabelled }: AppDescription): string[] {
  return isLabelled
    ? [
        `The label ${MOUNTS_LABEL} has the webhook add the rclone sidecars when a pod is created.`,
        'Annotations that change what it adds: docs/annotations.md of media-stack.',
      ]
    : [];
}

function labelsOf({ name, zone }: AppDescription): JsonObject {
  return { app: name, zone };
}

function renderDeployment(app: AppDescription, settings: Settings): JsonObject {
  const labels = labelsOf(app);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app.name, labels },
    spec: {
      replicas: 1,
      // Two pods at once would write to the same database.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: app.name } },
      template: {
        metadata: {
          labels: { ...labels, ...(app.isLabelled ? { [MOUNTS_LABEL]: 'true' } : {}) },
          // The SCC is chosen before the webhook has added the privileged sidecars.
          ...(app.isOpenshift ? { annotations: { [REQUIRED_SCC]: 'privileged' } } : {}),
        },
        spec: renderPodSpec(app, settings),
      },
    },
  };
}

/** Time for the app to end, and for the mounts behind it. */
const GRACE_SECONDS = 60;

function renderPodSpec(app: AppDescription, { media, preferredNodes }: Settings): JsonObject {
  return {
    ...(app.serviceAccount === null ? {} : { serviceAccountName: app.serviceAccount }),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(preferredNodes.length === 0
      ? {}
      : {
          affinity: {
            nodeAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [renderPreferredNodesTerm(preferredNodes)],
            },
          },
        }),
    containers: [
      {
        name: app.name,
        image: app.image,
        env: [
          { name: 'PUID', value: String(app.uid) },
          { name: 'PGID', value: String(app.gid) },
          { name: 'TZ', value: app.timeZone },
        ],
        ports: [{ name: 'http', containerPort: app.port }],
        // An app that migrates its database may take minutes until it listens.
        startupProbe: { tcpSocket: { port: 'http' }, periodSeconds: 5, failureThreshold: 60 },
        readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 10 },
        livenessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 30, failureThreshold: 5 },
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '1Gi' } },
        volumeMounts: [
          { name: 'media', mountPath: '/config', subPath: `config/${app.name}` },
          { name: 'media', mountPath: media.path, mountPropagation: 'HostToContainer' },
        ],
      },
    ],
    volumes: [{ name: 'media', ...media.volume }],
  };
}

function renderService(app: AppDescription): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app.name, labels: labelsOf(app) },
    spec: {
      selector: { app: app.name },
      ports: [{ name: 'http', port: app.port, targetPort: 'http' }],
    },
  };
}

function renderApplication(name: string, path: string, argocd: ArgocdTarget): JsonObject {
  const { repository, project, revision, destination, namespace } = argocd;
  const isUrl = /^https?:\/\//.test(destination);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name },
    spec: {
      project,
      source: { repoURL: repository, targetRevision: revision, path },
      destination: { ...(isUrl ? { server: destination } : { name: destination }), namespace },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
  };
}
