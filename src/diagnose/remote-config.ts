// Where the rclone of a mount sidecar finds its rclone.conf: volume, Secret and key.
import type { ExpectedMount } from '../check/expected-mounts.ts';
import type { Intent } from '../intent/intent.ts';
import { optionValue, readRcloneFlags } from '../intent/rclone-flags.ts';
import { listContainers } from '../pod/containers.ts';
import { isJsonObject } from '../pod/json.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Container, Pod } from '../pod/pod.ts';

export interface RemoteConfig {
  readonly remote: string;
  /** Null where no container mounts the remote. */
  readonly container: string | null;
  readonly secret: string;
  readonly key: string;
  /** Section of the file that the source names; null for a backend on the fly (`:webdav:`). */
  readonly section: string | null;
}

/** The image of rclone sets XDG_CONFIG_HOME=/config (rclone's Dockerfile). */
const DEFAULT_CONFIG = '/config/rclone/rclone.conf';

/** Null where the configuration comes from no Secret volume: environment, ConfigMap, init container. */
export function findRemoteConfig(pod: Pod, mount: ExpectedMount, intent: Intent): RemoteConfig | null {
  const remote = intent.knownRemotes.find(({ name }) => name === mount.remote);
  if (mount.sidecar === null) {
    if (remote === undefined) return null;
    const section = sectionOf(remote.source);
    return { remote: mount.remote, container: null, secret: remote.secret, key: 'rclone.conf', section };
  }
  const name = mount.sidecar.container;
  const container = listContainers(pod).find((ref) => ref.container.name === name)?.container;
  if (container === undefined) return null;
  const found = secretOf(pod, container, configPath(container));
  const section = sectionOf(mount.sidecar.source ?? remote?.source ?? '');
  return found === null ? null : { remote: mount.remote, container: name, ...found, section };
}

function configPath(container: Container): string {
  const flags = readRcloneFlags(container);
  return cleanPath((flags && optionValue(flags, '--config')) ?? DEFAULT_CONFIG);
}

/** `zurg:films` -> `zurg`. */
function sectionOf(source: string): string | null {
  const [section = ''] = source.split(/[:,]/, 1);
  return section === '' ? null : section;
}

function secretOf(
  pod: Pod,
  { volumeMounts }: Container,
  path: string,
): { secret: string; key: string } | null {
  const mounts = (volumeMounts ?? [])
    .filter(({ mountPath }) => isWithin(path, cleanPath(mountPath)))
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length);
  const [mount] = mounts;
  if (mount === undefined) return null;
  const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name);
  const source = volume?.['secret'];
  if (!isJsonObject(source) || typeof source['secretName'] !== 'string') return null;
  const inVolume =
    mount.subPath !== undefined && mount.subPath !== ''
      ? mount.subPath
      : path.slice(cleanPath(mount.mountPath).length + 1);
  const items = Array.isArray(source['items']) ? (source['items'] as unknown[]) : [];
  const item = items.find((entry) => isJsonObject(entry) && entry['path'] === inVolume);
  const key = isJsonObject(item) && typeof item['key'] === 'string' ? item['key'] : inVolume;
  return { secret: source['secretName'], key };
}
