// The container that makes the mount points before the sidecars start and, as a native sidecar, ends last and clears
// what a killed sidecar left: a pod with a dead mount would stay in Terminating (kubernetes #129550).
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { INIT_DIRS_SCRIPT_NAME } from '../intent/mount-sidecar.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NamedItem, Resources } from '../pod/pod.ts';
import type { Settings } from '../settings/schema.ts';
import { kubeletLiteral } from './literal.ts';
import { INIT_DIRS_SCRIPT, READY_MARKER } from './scripts/shell-scripts.ts';

export interface InitDirsParts {
  readonly name: string;
  readonly mediaVolume: string;
  /** The volume of private mounts, null when the mounts live on the media volume. */
  readonly privateVolume: string | null;
  readonly resources: Resources;
}

/** init-dirs for these remotes. */
export function renderInitDirs(
  remotes: readonly RemoteIntent[],
  parts: InitDirsParts,
  intent: Intent,
  settings: Settings,
): NamedItem {
  const native = intent.mode === 'native';
  const isPrivate = parts.privateVolume !== null;
  const points = remotes.flatMap((remote) =>
    isPrivate ? [remote.privatePath, remote.path] : [remote.path, ''],
  );
  return {
    name: parts.name,
    image: settings.images.rclone,
    ...(settings.images.pullPolicy === undefined ? {} : { imagePullPolicy: settings.images.pullPolicy }),
    command: ['/bin/sh', '-c', INIT_DIRS_SCRIPT, INIT_DIRS_SCRIPT_NAME],
    args: [native ? 'stay' : 'once', ...points].map(kubeletLiteral),
    resources: parts.resources as JsonObject,
    ...(native ? { restartPolicy: 'Always' } : {}),
    securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
    volumeMounts: [
      {
        name: parts.mediaVolume,
        mountPath: intent.mediaPath,
        // The private volume lies inside: Bidirectional here would carry it to the node and to every pod of the volume.
        mountPropagation: isPrivate ? 'HostToContainer' : 'Bidirectional',
      },
      ...(isPrivate
        ? [{ name: parts.privateVolume, mountPath: intent.privateRoot, mountPropagation: 'Bidirectional' }]
        : []),
    ],
    ...(native
      ? {
          startupProbe: {
            exec: { command: ['test', '-f', READY_MARKER] },
            periodSeconds: 1,
            failureThreshold: 300,
          },
        }
      : {}),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}
