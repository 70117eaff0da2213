// The manifests of the cluster tests: an ordinary app with the media claim, as users have it.
import { NODE_NAME } from './cluster-credentials.ts';
import type { KubeObject } from './kubectl.ts';
import { APP_IMAGE } from './node-images.ts';
import { OWN_MOUNT_DRIVER } from './volume-driver.ts';

export const LABEL = 'media-stack/cloud-mounts';

/** Runs until it is told to end, and then ends at once. */
export const STAY = ['/bin/sh', '-c', 'trap "exit 0" TERM; sleep 86400 & wait $!'];

export interface AppOptions {
  readonly name?: string;
  readonly namespace: string;
  /** Fields of the pod's metadata besides labels, of its spec, and of the app container. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: KubeObject;
  readonly container?: KubeObject;
}

/** A labelled pod with one app that mounts the media claim. */
export function renderPod(options: AppOptions): KubeObject {
  const { metadata, spec } = renderTemplate(options);
  const { name = 'sonarr', namespace } = options;
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ...metadata }, spec };
}

/** The same as a Deployment. */
export function renderDeployment(options: AppOptions & { readonly replicas?: number }): KubeObject {
  const { name = 'sonarr', namespace, replicas = 1 } = options;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: renderTemplate(options) },
  };
}

function renderTemplate(options: AppOptions): KubeObject {
  const { name = 'sonarr', labels = { [LABEL]: 'true' }, annotations } = options;
  return {
    metadata: { labels: { app: name, ...labels }, ...(annotations ? { annotations } : {}) },
    spec: {
      containers: [
        {
          name,
          image: APP_IMAGE,
          command: STAY,
          volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
          ...options.container,
        },
      ],
      volumes: [{ name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } }],
      // The node has no pod network: see node-config.ts.
      hostNetwork: true,
      ...options.spec,
    },
  };
}

/** Secrets as the README has them: one rclone.conf each. */
export function renderSecret(namespace: string, name: string, rcloneConfig: string): KubeObject {
  const stringData = { 'rclone.conf': rcloneConfig };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData };
}

/** How pods on one node get the volume: see volume-driver.ts. */
export type MediaVolumeKind = 'own mount for each pod' | 'shared on the node';

/** media-library-pvc bound to a folder of the node: like an NFS export unless it is said otherwise. */
export function renderMediaClaim(
  namespace: string,
  path: string,
  kind: MediaVolumeKind = 'own mount for each pod',
): KubeObject[] {
  const capacity = { storage: '1Gi' };
  const name = 'media-library-pvc';
  const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: [NODE_NAME] };
  const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } };
  const source =
    kind === 'shared on the node'
      ? { local: { path }, nodeAffinity }
      : { flexVolume: { driver: OWN_MOUNT_DRIVER, options: { path } } };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `media-${namespace}` },
      spec: {
        capacity,
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: { namespace, name },
        ...source,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { namespace, name },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: '',
        volumeName: `media-${namespace}`,
        resources: { requests: capacity },
      },
    },
  ];
}
