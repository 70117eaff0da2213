// Which volume of a pod holds a path of a container, and what a file there is.
import { isSubPathMount } from '../pod/containers.ts';
import { isJsonObject } from '../pod/json.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Container, Pod, Volume, VolumeMount } from '../pod/pod.ts';

/** A place in a volume. */
export interface VolumePlace {
  readonly mount: VolumeMount;
  /** Relative to the volume's root: `zurg`; empty for the root. */
  readonly path: string;
}

/** The volume that a path lies in; null where none is mounted above it, or only by an expression. */
export function placeOf(container: Container, path: string): VolumePlace | null {
  const mount = (container.volumeMounts ?? [])
    .filter((candidate) => isWithin(path, cleanPath(candidate.mountPath)))
    .toSorted((a, b) => cleanPath(b.mountPath).length - cleanPath(a.mountPath).length)[0];
  if (!mount || (mount.subPathExpr ?? '') !== '') return null;
  const relative = path.slice(cleanPath(mount.mountPath).length).replace(/^\//, '');
  const parts = isSubPathMount(mount) ? [cleanPath(mount.subPath ?? ''), relative] : [relative];
  return { mount, path: parts.filter((part) => part !== '').join('/') };
}

/** The volume of this name; undefined for the claim template of a StatefulSet. */
export function volumeNamed(pod: Pod, name: string): Volume | undefined {
  return (pod.spec.volumes ?? []).find((volume) => volume.name === name);
}

/** `configMap rclone`, `hostPath /srv`, `emptyDir`: kind and name of a volume's source. */
export function describeSource(volume: Volume | undefined): string {
  if (volume === undefined) return 'a volume claim template';
  const [kind = 'no source', source] = Object.entries(volume).find(([key]) => key !== 'name') ?? [];
  if (!isJsonObject(source)) return kind;
  const name = ['secretName', 'claimName', 'name', 'path', 'driver'].map((key) => source[key]).find(Boolean);
  return typeof name === 'string' ? `${kind} ${name}` : kind;
}

/** The key of a Secret that a file shows; else a description of what it is. */
export function secretKeyOf(
  container: Container,
  pod: Pod,
  file: string,
): { readonly secret: string; readonly key: string } | string {
  const place = placeOf(container, file);
  if (place === null) return 'no volume';
  const volume = volumeNamed(pod, place.mount.name);
  const secret = volume?.['secret'];
  if (!isJsonObject(secret) || typeof secret['secretName'] !== 'string') return describeSource(volume);
  const { items } = secret;
  if (!Array.isArray(items)) return { secret: secret['secretName'], key: place.path };
  const item = (items as unknown[]).find((each) => isJsonObject(each) && each['path'] === place.path);
  const key = isJsonObject(item) ? item['key'] : undefined;
  return typeof key === 'string'
    ? { secret: secret['secretName'], key }
    : `secret ${secret['secretName']}, whose items do not show ${place.path}`;
}
