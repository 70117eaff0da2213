// The Deployment of an app, as people write it by hand: apart from the label, nothing in it is ours.
import { MOUNTS_LABEL } from '../intent/labels.ts';
import { renderPreferredNodesTerm } from '../plan/affinity.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Settings } from '../settings/schema.ts';
import { renderLabels } from './render-labels.ts';
import type { MediaApp, Zone } from './media-app.ts';

export const MEDIA_VOLUME = 'media-storage';
export const PORT_NAME = 'http';
export const REQUIRED_SCC = 'openshift.io/required-scc';

/** Seconds: the app ends first, then each sidecar waits up to 20 for uploads and unmounts (plan/scripts/mount.sh). */
const GRACE_SECONDS = 60;
/** 5 minutes: a first start migrates databases. */
const STARTUP = { periodSeconds: 5, failureThreshold: 60 };

const MANAGER = { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } };
/** A player scans the library and transcodes. */
const PLAYER = { requests: { cpu: '1', memory: '2Gi' }, limits: { cpu: '4', memory: '8Gi' } };

const RESOURCES: Readonly<Record<Zone, JsonObject>> = {
  zone1: MANAGER,
  zone2: MANAGER,
  zone3: PLAYER,
  zone4: MANAGER,
};

/** The Deployment without sidecars. */
export function renderDeployment(app: MediaApp, settings: Settings): JsonObject {
  const labels = renderLabels(app);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app.name, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: { app: app.name } },
      template: {
        metadata: {
          labels: app.sidecars === 'none' ? labels : { ...labels, [MOUNTS_LABEL]: 'true' },
          ...(app.openshift ? { annotations: { [REQUIRED_SCC]: 'privileged' } } : {}),
        },
        spec: renderPodSpec(app, settings),
      },
    },
  };
}

function renderPodSpec(app: MediaApp, { media, preferredNodes }: Settings): JsonObject {
  return {
    ...(app.serviceAccount === null ? {} : { serviceAccountName: app.serviceAccount }),
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(preferredNodes.length === 0 ? {} : { affinity: renderAffinity(preferredNodes) }),
    containers: [renderContainer(app, media.path)],
    volumes: [{ name: MEDIA_VOLUME, ...(media.volume as JsonObject) }],
  };
}

function renderAffinity(nodes: readonly string[]): JsonObject {
  const term = renderPreferredNodesTerm(nodes);
  return { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function renderContainer(app: MediaApp, mediaPath: string): JsonObject {
  const tcpSocket = { port: PORT_NAME };
  return {
    name: app.name,
    image: app.image,
    env: [
      { name: 'PUID', value: String(app.puid) },
      { name: 'PGID', value: String(app.pgid) },
      { name: 'TZ', value: app.timeZone },
    ],
    ports: [{ name: PORT_NAME, containerPort: app.port }],
    volumeMounts: [
      { name: MEDIA_VOLUME, mountPath: app.configPath, subPath: `config/${app.name}` },
      { name: MEDIA_VOLUME, mountPath: mediaPath, mountPropagation: 'HostToContainer' },
    ],
    startupProbe: { tcpSocket, ...STARTUP },
    readinessProbe: { tcpSocket, periodSeconds: 10 },
    livenessProbe: { tcpSocket, periodSeconds: 20 },
    resources: RESOURCES[app.zone],
  };
}
