// Sidecars as people write them by hand, for pods that the webhook has nothing to do with.
import type { KubeObject } from './kubectl.ts';
import type { ClusterNode } from './node.ts';
import { RCLONE_IMAGE } from './node-images.ts';

export interface HandWrittenOptions {
  readonly remote: 'zurg' | 'torbox';
  readonly secret: string;
  readonly flags?: readonly string[];
  /** Default: privileged. */
  readonly securityContext?: KubeObject;
  /** Fields of the container that are otherwise. */
  readonly container?: KubeObject;
}

/** A plain container that mounts a remote on the volume `media`. */
export function renderHandWritten(options: HandWrittenOptions): KubeObject {
  const { remote, secret, flags = [], securityContext = { privileged: true }, container } = options;
  return {
    name: `rclone-${remote}`,
    image: RCLONE_IMAGE,
    securityContext,
    args: [
      'mount',
      `${remote}:`,
      `/mnt/media/${remote}`,
      '--config=/config/rclone/rclone.conf',
      '--allow-other',
      ...flags,
    ],
    volumeMounts: [
      { name: 'media', mountPath: '/mnt/media', mountPropagation: 'Bidirectional' },
      { name: secret, mountPath: '/config/rclone', readOnly: true },
    ],
    ...container,
  };
}

/** Volumes for `renderHandWritten`, the media claim among them. */
export function renderVolumes(...secrets: readonly string[]): KubeObject[] {
  return [
    { name: 'media', persistentVolumeClaim: { claimName: 'media-library-pvc' } },
    ...secrets.map((secretName) => ({ name: secretName, secret: { secretName } })),
  ];
}

/** Makes the mount points, as every such pod has it. */
export const MKDIR: KubeObject = {
  name: 'init-dirs',
  image: RCLONE_IMAGE,
  command: ['/bin/sh', '-c', 'mkdir -p /mnt/media/zurg /mnt/media/torbox'],
  volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
};

/**
 * Unmounts every rclone mount on the node, as somebody has to whose sidecar was killed and left a dead one: its pod stays
 * in Terminating until then (kubernetes #129550).
 */
export async function unmountOnNode(node: ClusterNode): Promise<void> {
  const points = node
    .mountinfo()
    .filter((line) => line.includes(' - fuse.rclone '))
    .map((line) => line.split(' ')[4] ?? '');
  for (const point of points) await node.namespace.exec('umount', ['-l', point]).catch(() => undefined);
}
