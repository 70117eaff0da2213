// The container that mounts one remote.
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { MOUNT_SCRIPT_NAME } from '../intent/mount-sidecar.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NamedItem, Resources } from '../pod/pod.ts';
import { CACHE_DIRECTORY, CONFIG_DIRECTORY, RC_DIRECTORY } from '../settings/container-paths.ts';
import type { Settings } from '../settings/schema.ts';
import { kubeletLiteral } from './literal.ts';
import { renderRcloneCommand } from './rclone-command.ts';
import { goMemoryLimit } from './resources.ts';
import { MOUNT_SCRIPT, PROBE_SCRIPT } from './scripts/shell-scripts.ts';

export interface SidecarParts {
  /** The mount point: in the media volume or in the private volume. */
  readonly point: string;
  /** The mount points of the pod's other sidecars of ours: at the end of the pod it clears those that are dead. */
  readonly otherPoints: readonly string[];
  /** The volume that holds the mount point, and where it is mounted. */
  readonly volume: { readonly name: string; readonly mountPath: string };
  readonly secretVolume: string;
  readonly cacheVolume: string | null;
  readonly rcVolume: string | null;
  readonly resources: Resources;
}

/** A native sidecar (an init container that keeps running, KEP-753) or a plain container. */
export function renderSidecar(
  remote: RemoteIntent,
  parts: SidecarParts,
  intent: Intent,
  settings: Settings,
): NamedItem {
  const { liveness } = settings.sidecar;
  const content = intent.waitForContent ? remote.probePath || '.' : '';
  const native = intent.mode === 'native';
  return {
    name: remote.containerName,
    image: remote.image,
    ...(settings.images.pullPolicy === undefined ? {} : { imagePullPolicy: settings.images.pullPolicy }),
    command: ['/bin/sh', '-c', MOUNT_SCRIPT, MOUNT_SCRIPT_NAME],
    args: [
      parts.point,
      ...parts.otherPoints,
      '--',
      ...renderRcloneCommand(remote, parts.point, intent, settings.rclone.rc),
    ].map(kubeletLiteral),
    env: [{ name: 'GOMEMLIMIT', value: goMemoryLimit(intent.resources.limits.memory) }],
    resources: parts.resources as JsonObject,
    ...(native ? { restartPolicy: 'Always' } : {}),
    // Its own values, lest it inherit the pod's: FUSE needs root, and Bidirectional needs privileged.
    securityContext: { privileged: true, runAsUser: 0, runAsNonRoot: false },
    volumeMounts: [
      { ...parts.volume, mountPropagation: 'Bidirectional' },
      { name: parts.secretVolume, mountPath: CONFIG_DIRECTORY, readOnly: true },
      ...(parts.cacheVolume === null ? [] : [{ name: parts.cacheVolume, mountPath: CACHE_DIRECTORY }]),
      ...(parts.rcVolume === null ? [] : [{ name: parts.rcVolume, mountPath: RC_DIRECTORY }]),
    ],
    startupProbe: renderStartupProbe(parts.point, content, settings),
    livenessProbe: {
      exec: { command: probeCommand('liveness', liveness.timeoutSeconds, parts.point, '') },
      periodSeconds: liveness.periodSeconds,
      timeoutSeconds: liveness.timeoutSeconds,
      failureThreshold: liveness.failureThreshold,
    },
    ...(native ? {} : { lifecycle: renderGate(parts, content, settings) }),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/**
 * Each look at the content of a server that hangs leaves a process behind until it answers: they must be few. The
 * time until the container is restarted stays the same.
 */
function renderStartupProbe(point: string, content: string, settings: Settings): JsonObject {
  const { periodSeconds, failureThreshold, timeoutSeconds } = settings.sidecar.startup;
  const period = content === '' ? periodSeconds : Math.max(periodSeconds, CONTENT_PERIOD_SECONDS);
  return {
    exec: { command: probeCommand('startup', timeoutSeconds, point, content) },
    periodSeconds: period,
    timeoutSeconds,
    failureThreshold: Math.ceil((periodSeconds * failureThreshold) / period),
  };
}

const CONTENT_PERIOD_SECONDS = 10;

/**
 * Plain containers start in order, and only postStart holds the next one back: the gate ends when the mount is there.
 * The kubelet sets no limit to a hook, so this one has its own. preStop runs while the app still has its files open,
 * hence the lazy unmount, with which rclone ends: uploads that wait are given 20 s before.
 */
function renderGate({ point, cacheVolume }: SidecarParts, content: string, settings: Settings): JsonObject {
  const { periodSeconds, failureThreshold, timeoutSeconds } = settings.sidecar.startup;
  const limit = String(periodSeconds * failureThreshold);
  const gate = ['timeout', '-s', 'KILL', limit, ...probeWords('gate', timeoutSeconds, point, content)];
  return {
    postStart: { exec: { command: gate } },
    preStop: {
      exec: {
        command:
          cacheVolume === null
            ? ['/bin/sh', '-c', UNMOUNT, 'media-stack-unmount', point]
            : ['/bin/sh', '-c', FLUSH + UNMOUNT, 'media-stack-unmount', point, CACHE_DIRECTORY],
      },
    },
  };
}

// As in mount.sh.
const FLUSH =
  'left=xxxxxxxxxxxxxxxxxxxx; while [ -n "$left" ] && grep -rqs \'"Dirty": *true\' "$2/vfsMeta"; do left=${left#x}; sleep 1; done; ';
const UNMOUNT = 'fusermount3 -uz "$1" || umount -l "$1" || :';

function probeCommand(
  kind: 'startup' | 'liveness',
  timeoutSeconds: number,
  point: string,
  content: string,
): string[] {
  const words = probeWords(kind, timeoutSeconds, point, content);
  // The script holds nothing that the kubelet would expand.
  return words.map((word) => (word === PROBE_SCRIPT ? word : kubeletLiteral(word)));
}

/** As it stands: the kubelet expands the command of a probe (prober.go) but not that of a hook (lifecycle/handlers.go). */
function probeWords(
  kind: 'startup' | 'liveness' | 'gate',
  timeoutSeconds: number,
  point: string,
  content: string,
): string[] {
  // The script must give up before the kubelet does: it then says which part did not answer. With content it asks twice.
  const seconds = String(Math.max(1, Math.floor((timeoutSeconds - 1) / (content === '' ? 1 : 2))));
  return ['/bin/sh', '-c', PROBE_SCRIPT, 'media-stack-probe', kind, seconds, point, content];
}
