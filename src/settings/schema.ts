// The settings file: one TypeBox schema is the type, the published JSON Schema (schemas/settings.schema.json),
// the reference page and the chart's values. Every key has a default or is marked optional.
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { FIXED_RULE_IDS } from '../problem/rule-ids.ts';
import { remoteSchema } from './remote-schema.ts';
import { volumeSources } from './volume-schema.ts';
import { closed, quantity, resourcesSchema } from './schema-parts.ts';

/** Characters that need no escape in /proc/self/mounts and no quoting in a shell. */
const ABSOLUTE_PATH = '^(/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)+$';

const FIXED = FIXED_RULE_IDS.join(', ');

export const settingsSchema = Type.Object(
  {
    media: Type.Object(
      {
        path: Type.String({
          default: '/mnt/media',
          pattern: ABSOLUTE_PATH,
          description: 'Where apps see the media volume',
        }),
        volume: Type.Object(volumeSources, {
          ...closed,
          default: { persistentVolumeClaim: { claimName: 'media-library-pvc' } },
          minProperties: 1,
          maxProperties: 1,
          description:
            'The media volume: one volume source as in a pod (persistentVolumeClaim, nfs, hostPath, ...)',
        }),
        mounts: Type.Enum(['volume', 'private'], {
          default: 'volume',
          description:
            'Where the FUSE mounts live: in a directory of the media volume, or in an emptyDir of the pod. A hostPath media volume gets private, unless the pod is annotated media-stack/mounts: volume',
        }),
      },
      { ...closed, default: {}, description: 'The media volume' },
    ),
    remotes: Type.Array(remoteSchema, {
      default: [
        { name: 'zurg', secret: 'rclone-zurg-config', remote: 'zurg:', probePath: '__all__' },
        { name: 'torbox', secret: 'rclone-config', remote: 'torbox:', probePath: 'torrents' },
      ],
      description: 'The remotes that a labelled pod gets: any rclone backend',
    }),
    images: Type.Object(
      {
        rclone: Type.String({
          default: 'docker.io/rclone/rclone:1.75.1',
          minLength: 1,
          description: 'Image of the sidecars and of init-dirs: needs sh, rclone and fusermount3',
        }),
        pullPolicy: Type.Optional(
          Type.Enum(['Always', 'IfNotPresent', 'Never'], {
            description:
              'imagePullPolicy of the sidecars and init-dirs. Default: what Kubernetes derives from the tag',
          }),
        ),
      },
      { ...closed, default: {}, description: 'Container images' },
    ),
    sidecar: Type.Object(
      {
        mode: Type.Enum(['native', 'container'], {
          default: 'native',
          description:
            'native: init containers with restartPolicy Always (kubelets from 1.29); container: plain containers',
        }),
        position: Type.Enum(['first', 'last'], {
          default: 'first',
          description: 'Native sidecars before or behind the init containers of the pod',
        }),
        waitForContent: Type.Boolean({
          default: false,
          description: 'Hold the app back until probePath can be listed, not only until the mount is there',
        }),
        resources: resourcesSchema(['100m', '256Mi'], ['500m', '1Gi'], 'Resources of each rclone sidecar'),
        startup: Type.Object(
          {
            periodSeconds: Type.Integer({
              default: 1,
              minimum: 1,
              description: 'Seconds between two probes',
            }),
            failureThreshold: Type.Integer({
              default: 300,
              minimum: 1,
              description: 'Failures in a row until the container is restarted',
            }),
            timeoutSeconds: Type.Integer({ default: 5, minimum: 1, description: 'Seconds a probe may take' }),
          },
          { ...closed, default: {}, description: 'startupProbe: the mount is there and answers statfs' },
        ),
        liveness: Type.Object(
          {
            periodSeconds: Type.Integer({
              default: 30,
              minimum: 1,
              description: 'Seconds between two probes',
            }),
            failureThreshold: Type.Integer({
              default: 3,
              minimum: 1,
              description: 'Failures in a row until the container is restarted',
            }),
            timeoutSeconds: Type.Integer({
              default: 10,
              minimum: 1,
              description: 'Seconds a probe may take',
            }),
          },
          { ...closed, default: {}, description: 'livenessProbe: the mount answers statfs' },
        ),
      },
      { ...closed, default: {}, description: 'The rclone sidecars' },
    ),
    initDirs: Type.Object(
      { resources: resourcesSchema(['10m', '16Mi'], ['100m', '64Mi'], 'Resources of init-dirs') },
      { ...closed, default: {}, description: 'The container that makes the mount points' },
    ),
    rclone: Type.Object(
      {
        readOnly: Type.Boolean({
          default: true,
          description: 'Mount read-only: deletes on a read-write mount reach the cloud',
        }),
        vfsCacheMode: Type.Enum(['off', 'minimal', 'writes', 'full'], {
          default: 'writes',
          description: '--vfs-cache-mode',
        }),
        cacheSize: quantity(
          'Size of the cache volume of a sidecar: read-write mounts and cache mode full have one',
          '10Gi',
        ),
        dirCacheTime: Type.String({ default: '60s', description: '--dir-cache-time' }),
        attrTimeout: Type.String({ default: '60s', description: '--attr-timeout' }),
        pollInterval: Type.String({
          default: '30s',
          description: '--poll-interval (WebDAV has no change notification and ignores it)',
        }),
        flags: Type.Array(Type.String(), { default: [], description: 'More rclone flags for every remote' }),
        rc: Type.Enum(['off', 'socket'], {
          default: 'off',
          description: 'Remote control: off, or a unix socket in a volume that only the sidecars mount',
        }),
      },
      { ...closed, default: {}, description: 'rclone mount options of every remote' },
    ),
    preferredNodes: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'Host names that labelled pods prefer (weight 100, never required)',
    }),
    helperContainers: Type.Array(Type.String({ minLength: 1 }), {
      default: [
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
      description: 'Containers that are never taken for the app',
    }),
    platform: Type.Enum(['kubernetes', 'openshift'], {
      default: 'kubernetes',
      description: 'Platform-specific rules',
    }),
    policy: Type.Object(
      {
        rules: Type.Record(Type.String({ pattern: '^MS\\d{3}$' }), Type.Enum(['deny', 'warn', 'off']), {
          default: {},
          additionalProperties: false,
          description: `Level of single rules, e.g. MS404: off; ${FIXED} are always deny`,
        }),
        waivers: Type.Enum(['warnings', 'all'], {
          default: 'warnings',
          description: `What the annotation media-stack/ignore may waive at admission: only warnings, or denials too (${FIXED} never)`,
        }),
        nodeSelectorKeys: Type.Array(Type.String({ minLength: 1 }), {
          default: ['kubernetes.io/hostname'],
          description: 'nodeSelector keys that pin a pod to a node (MS101, MS102)',
        }),
      },
      { ...closed, default: {}, description: 'The rules' },
    ),
  },
  { ...closed, $schema: 'http://json-schema.org/draft-07/schema#', title: 'media-stack settings' },
);

export type Settings = Static<typeof settingsSchema>;
export type ResourceSettings = Settings['sidecar']['resources'];
