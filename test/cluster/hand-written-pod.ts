// An app with an rclone sidecar as people wrote them before the webhook: no label, so that the webhook lets it be.
import type { KubeObject } from './kubectl.ts';
import { STAY } from './media-app.ts';
import { APP_IMAGE, RCLONE_IMAGE } from './node-images.ts';

export interface HandWrittenPodOptions {
  readonly name: string;
  readonly namespace: string;
  /** Of the app's mount of the media volume. */
  readonly propagation?: 'None' | 'HostToContainer';
  /** Fields of the sidecar. */
  readonly sidecar?: KubeObject;
  readonly sidecarPropagation?: 'None' | 'Bidirectional';
  /** A shell command in place of `exec rclone mount ...`; MOUNT stands for that. */
  readonly command?: string;
  readonly secret?: string;
  readonly spec?: KubeObject;
}

const MOUNT =
  'rclone mount zurg: /mnt/media/zurg --config=/config/rclone/rclone.conf --allow-other --read-only --vfs-cache-mode=writes --dir-cache-time=60s --poll-interval=30s --attr-timeout=60s --disable=About';

/** A pod with one plain sidecar for zurg over an emptyDir. */
export function renderHandWrittenPod(options: HandWrittenPodOptions): KubeObject {
  const {
    name,
    namespace,
    propagation,
    sidecarPropagation = 'Bidirectional',
    secret = 'rclone-zurg-config',
  } = options;
  const media = { name: 'media', mountPath: '/mnt/media' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      initContainers: [
        {
          name: 'init-dirs',
          image: APP_IMAGE,
          command: ['mkdir', '-p', '/mnt/media/zurg'],
          volumeMounts: [media],
        },
      ],
      containers: [
        {
          name: 'rclone-zurg',
          image: RCLONE_IMAGE,
          command: ['/bin/sh', '-c', (options.command ?? 'exec MOUNT').replace('MOUNT', MOUNT)],
          securityContext: { privileged: true },
          // rclone itself does not unmount while a file is open, and a pod with a dead mount in it is never gone.
          lifecycle: { preStop: { exec: { command: ['fusermount3', '-uz', '/mnt/media/zurg'] } } },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
          volumeMounts: [
            { ...media, ...(sidecarPropagation === 'None' ? {} : { mountPropagation: sidecarPropagation }) },
            { name: 'config', mountPath: '/config/rclone', readOnly: true },
          ],
          ...options.sidecar,
        },
        {
          name: 'app',
          image: APP_IMAGE,
          command: STAY,
          volumeMounts: [
            { ...media, ...(propagation === undefined ? {} : { mountPropagation: propagation }) },
          ],
        },
      ],
      volumes: [
        { name: 'media', emptyDir: {} },
        { name: 'config', secret: { secretName: secret } },
      ],
      hostNetwork: true,
      terminationGracePeriodSeconds: 10,
      ...options.spec,
    },
  };
}
