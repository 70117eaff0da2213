// The volumes that an injection adds: each is found by content before a new one is made, and a name that the pod
// uses for something else is left to it.
import { isOurInitDirs, isOurSidecar } from '../intent/mount-sidecar.ts';
import { freeName } from '../pod/free-name.ts';
import { listContainers, mountsAt } from '../pod/containers.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NamedItem, Pod } from '../pod/pod.ts';

/** Collects the volumes to add to one pod; `claimTemplates` are volume names that a StatefulSet adds. */
export class VolumePlan {
  readonly added: NamedItem[] = [];
  readonly #pod: Pod;
  readonly #taken: Set<string>;
  readonly #shared = new Map<string, string>();

  constructor(pod: Pod, claimTemplates: readonly string[]) {
    this.#pod = pod;
    this.#taken = new Set([...(pod.spec.volumes ?? []).map((volume) => volume.name), ...claimTemplates]);
  }

  /** Adds a volume whose name is known to be free. */
  add(volume: NamedItem): string {
    this.#taken.add(volume.name);
    this.added.push(volume);
    return volume.name;
  }

  /** The volume of a Secret: an existing one, or one named like the Secret. */
  secret(secretName: string): string {
    for (const volume of [...(this.#pod.spec.volumes ?? []), ...this.added]) {
      const secret = volume['secret'];
      if (isJsonObject(secret) && secret['secretName'] === secretName && holdsConfig(secret))
        return volume.name;
    }
    // A Secret's name may hold dots and 253 characters, a volume's name neither.
    const name = secretName.replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
    return this.add({ name: freeName(name, this.#taken), secret: { secretName, defaultMode: 0o400 } });
  }

  /** A volume that several of our containers mount at `path`: the one they mount there already, else a new one. */
  shared(path: string, name: string, source: JsonObject): string {
    const known = this.#shared.get(path) ?? this.#mountedAt(path) ?? this.own(name, source);
    this.#shared.set(path, known);
    return known;
  }

  /** A volume for one container; never one that the pod has already. */
  own(name: string, source: JsonObject): string {
    return this.add({ name: freeName(name, this.#taken), ...source });
  }

  #mountedAt(path: string): string | null {
    for (const { container } of listContainers(this.#pod)) {
      // What the app mounts there is the app's own.
      if (!isOurSidecar(container) && !isOurInitDirs(container)) continue;
      const [at] = mountsAt(container, path);
      if (at) return at.mount.name;
    }
    return null;
  }
}

/** A Secret volume with `items` shows only those; it must show rclone.conf under that name. */
function holdsConfig(secret: JsonObject): boolean {
  const items = secret['items'];
  return (
    !Array.isArray(items) ||
    items.some((item: unknown) => isJsonObject(item) && item['path'] === 'rclone.conf')
  );
}
