// A mount sidecar as what it does in a running pod, whoever wrote it: two of them can be compared.
import type { Intent } from '../intent/intent.ts';
import { isNativeSidecar } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { isJsonObject } from '../pod/json.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Pod } from '../pod/pod.ts';
import { describeSource, placeOf, secretKeyOf, volumeNamed } from './container-files.ts';
import { flagValue, readMountCommand } from './mount-command.ts';
import type { MountCommand, RcloneFlag } from './mount-command.ts';
import { readTuning } from './sidecar-tuning.ts';
import type { Tuning } from './sidecar-tuning.ts';

export interface SidecarFacts {
  readonly ref: ContainerRef;
  readonly command: Extract<MountCommand, { ok: true }>;
  /** Where the mount lives; null where no volume is mounted there. */
  readonly site: { readonly volume: string; readonly path: string } | null;
  /** The Secret and its key that rclone reads as rclone.conf; else a description of what it reads. */
  readonly config: { readonly secret: string; readonly key: string } | string;
  readonly isNative: boolean;
  readonly isBidirectional: boolean;
  readonly isPrivileged: boolean;
  readonly tuning: Tuning;
  /** The address of an open remote control, null where there is none. */
  readonly openRc: string | null;
  /** `--umask=002`: what neither tuning nor place is. */
  readonly otherFlags: readonly string[];
  /** `hostPath /srv/cache`; `emptyDir` too where the cache is in no volume: both end with the pod. */
  readonly cache: string;
  /** Variables that are no options of rclone. Their values may be secrets: they are compared and never shown. */
  readonly variables: ReadonlyMap<string, unknown>;
  /** `volume certs at /certs`. */
  readonly otherMounts: readonly string[];
  /** Fields of the container that no other part of the facts is made from. */
  readonly otherFields: readonly string[];
}

/** The image of rclone sets XDG_CONFIG_HOME=/config (Dockerfile of rclone). */
const STANDARD_CONFIG = '/config/rclone/rclone.conf';

/** Flags that say where files are, and those that tuning holds. */
const READ_ELSEWHERE = new Set([
  '--config',
  '--cache-dir',
  '--read-only',
  '--vfs-cache-mode',
  '--vfs-cache-max-size',
  '--dir-cache-time',
  '--attr-timeout',
  '--poll-interval',
]);
const FIELDS_READ = new Set([
  'name',
  'image',
  'command',
  'args',
  'env',
  'envFrom',
  'resources',
  'restartPolicy',
  'volumeMounts',
]);

/** The facts of a sidecar, or why its command cannot be read. */
export function readSidecarFacts(ref: ContainerRef, pod: Pod): SidecarFacts | string {
  const { container } = ref;
  const command = readMountCommand(container);
  if (!command.ok) return command.why;
  const { flags, target } = command;
  const site = placeOf(container, target);
  const configFile = cleanPath(flagValue(flags, '--config') ?? STANDARD_CONFIG);
  const cacheDirectory = flagValue(flags, '--cache-dir');
  const cache = cacheDirectory === undefined ? null : placeOf(container, cleanPath(cacheDirectory));
  const used = [site?.mount, placeOf(container, configFile)?.mount, cache?.mount];
  const openRc = openRemoteControl(flags);
  return {
    ref,
    command,
    site: site && { volume: site.mount.name, path: site.path },
    config: secretKeyOf(container, pod, configFile),
    isNative: isNativeSidecar(ref),
    isBidirectional: site?.mount.mountPropagation === 'Bidirectional',
    isPrivileged: container.securityContext?.privileged === true,
    tuning: readTuning(flags, container),
    openRc,
    otherFlags: flags
      .filter(({ name }) => !READ_ELSEWHERE.has(name))
      .filter(({ name }) => openRc === null || !name.startsWith('--rc'))
      .map(({ name, value }) => (value === 'true' ? name : `${name}=${value}`)),
    cache: cache === null ? 'emptyDir' : describeSource(volumeNamed(pod, cache.mount.name)),
    variables: readVariables(container.env),
    otherMounts: (container.volumeMounts ?? [])
      .filter((mount) => !used.includes(mount))
      .map(({ name, mountPath }) => `volume ${name} at ${mountPath}`),
    otherFields: otherFields(ref),
  };
}

/** Where the app finds a mount of this place: private mounts are seen through a link on the media volume. */
export function publicPath(path: string, intent: Intent): string {
  const remote = intent.knownRemotes.find(({ privatePath }) => privatePath === path);
  return remote?.path ?? path;
}

/** rclone listens on localhost:5572 unless it is told otherwise; beyond that, without a password, it is open. */
function openRemoteControl(flags: readonly RcloneFlag[]): string | null {
  const address = flagValue(flags, '--rc-addr');
  if (flagValue(flags, '--rc') !== 'true' || flagValue(flags, '--rc-no-auth') !== 'true') return null;
  if (address === undefined || /^(unix:\/\/|\/|localhost(:|$)|127\.|\[::1\])/.test(address)) return null;
  return address;
}

function readVariables(env: unknown): Map<string, unknown> {
  const variables = new Map<string, unknown>();
  for (const variable of Array.isArray(env) ? (env as unknown[]) : []) {
    const name = isJsonObject(variable) ? variable['name'] : undefined;
    if (typeof name === 'string' && !name.startsWith('RCLONE_')) variables.set(name, variable);
  }
  return variables;
}

function otherFields({ container }: ContainerRef): string[] {
  const { securityContext, ...fields } = container as unknown as Record<string, unknown>;
  const security = Object.entries(isJsonObject(securityContext) ? securityContext : {})
    .filter(([key, value]) => !isOurSecurity(key, value))
    .map(([key]) => `securityContext.${key}`);
  return [...Object.keys(fields).filter((key) => !FIELDS_READ.has(key)), ...security];
}

/** What the injected sidecar has too. */
function isOurSecurity(key: string, value: unknown): boolean {
  if (key === 'privileged') return true;
  if (key === 'runAsUser') return value === 0;
  return (
    (key === 'runAsNonRoot' && value === false) || (key === 'allowPrivilegeEscalation' && value === true)
  );
}
