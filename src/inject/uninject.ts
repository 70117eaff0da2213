// The reverse of an injection, exact by the status annotation: what is recorded there is taken out, and a list or
// object that was made for it goes with it. What was changed by someone since is left alone and named.
import { STATUS_ANNOTATION } from '../intent/labels.ts';
import { MEDIA_VOLUME_NAME } from '../intent/media-volume.ts';
import { isOurInitDirs, isOurSidecar } from '../intent/mount-sidecar.ts';
import { renderPreferredNodesTerm } from '../plan/affinity.ts';
import { jsonEqual } from '../pod/json.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Container, Pod, Volume } from '../pod/pod.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Operation } from '../pod/json-patch.ts';
import { readStatus } from './status.ts';
import type { Additions } from './status.ts';

export type Uninjection =
  | { readonly outcome: 'removed'; readonly patch: readonly Operation[]; readonly left: readonly string[] }
  | { readonly outcome: 'skipped'; readonly reason: 'no_status' };

/** The operations that take an injection out of a pod. `left` names what is not removed, with the reason. */
export function uninject(pod: Pod): Uninjection {
  const status = readStatus(pod);
  if (!status) return { outcome: 'skipped', reason: 'no_status' };
  const removal = new Removal(status.added);
  const patch = [
    ...removal.containers(pod, 'containers'),
    ...removal.containers(pod, 'initContainers'),
    ...removal.volumes(pod),
    ...removal.affinity(pod),
    ...removal.annotations(pod),
  ];
  return { outcome: 'removed', patch, left: removal.left };
}

type Path = readonly (string | number)[];

class Removal {
  readonly left: string[] = [];
  readonly #added: Additions;

  constructor(added: Additions) {
    this.#added = added;
  }

  containers(pod: Pod, list: 'containers' | 'initContainers'): Operation[] {
    const containers = pod.spec[list];
    if (!containers) return [];
    const operations: Operation[] = [];
    containers.forEach((container, index) => {
      if (this.#isGone(container)) return;
      operations.push(...this.#mounts(container, ['spec', list, index]));
      if (this.#names(container))
        this.left.push(`container ${container.name}: it is not the one that was injected`);
    });
    const gone = indexesOf(containers, (container) => this.#isGone(container));
    return [...operations, ...this.#removeItems(['spec', list], containers, gone, `spec.${list}`)];
  }

  volumes(pod: Pod): Operation[] {
    const volumes = pod.spec.volumes ?? [];
    const users = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].filter(
      (user) => !this.#isGone(user),
    );
    const gone = indexesOf(volumes, (volume) => {
      if (!(this.#added.volumes ?? []).includes(volume.name)) return false;
      const user = users.find((container) => this.#keepsMount(container, volume.name));
      if (user) this.left.push(`volume ${volume.name}: container ${user.name} mounts it`);
      else if (!hasSourceOfOurs(volume)) this.left.push(`volume ${volume.name}: its source was changed`);
      else return true;
      return false;
    });
    return this.#removeItems(['spec', 'volumes'], volumes, gone, 'spec.volumes');
  }

  affinity(pod: Pod): Operation[] {
    const name = 'preferredDuringSchedulingIgnoredDuringExecution';
    const terms = pod.spec.affinity?.nodeAffinity?.[name] ?? [];
    const gone = (this.#added.preferredNodes ?? []).flatMap((nodes) => {
      const ours = terms.findLastIndex((term) => jsonEqual(term, renderPreferredNodesTerm(nodes)));
      if (ours === -1) this.left.push(`spec.affinity: the preference for ${nodes.join(', ')} was changed`);
      return ours === -1 ? [] : [ours];
    });
    if (gone.length === 0) return [];
    const path: Path = ['spec', 'affinity', 'nodeAffinity', name];
    const chain: [string, Path, boolean][] = [
      [
        'spec.affinity',
        path.slice(0, 2),
        Object.keys(pod.spec.affinity ?? {}).length === 1 &&
          Object.keys(pod.spec.affinity?.nodeAffinity ?? {}).length === 1,
      ],
      [
        'spec.affinity.nodeAffinity',
        path.slice(0, 3),
        Object.keys(pod.spec.affinity?.nodeAffinity ?? {}).length === 1,
      ],
      [`spec.affinity.nodeAffinity.${name}`, path, true],
    ];
    const root =
      terms.length === gone.length ? chain.find(([key, , alone]) => alone && this.#created(key)) : undefined;
    if (root) return [this.#removeRoot(root[1], root[0])];
    return gone
      .toSorted((a, b) => b - a)
      .map((index) => ({ op: 'remove', path: renderPointer([...path, index]) }));
  }

  annotations(pod: Pod): Operation[] {
    const annotations = pod.metadata?.annotations ?? {};
    const keys = [...(this.#added.annotations ?? []), STATUS_ANNOTATION].filter((key) =>
      Object.hasOwn(annotations, key),
    );
    const alone = keys.length === Object.keys(annotations).length;
    if (alone && this.#created('metadata') && Object.keys(pod.metadata ?? {}).length === 1)
      return [this.#removeRoot(['metadata'], 'metadata')];
    if (alone && this.#created('metadata.annotations'))
      return [this.#removeRoot(['metadata', 'annotations'], 'metadata.annotations')];
    return keys.map((key) => ({ op: 'remove', path: renderPointer(['metadata', 'annotations', key]) }));
  }

  #names({ name }: Container): boolean {
    return [...(this.#added.containers ?? []), ...(this.#added.initContainers ?? [])].includes(name);
  }

  #isGone(container: Container): boolean {
    return this.#names(container) && (isOurSidecar(container) || isOurInitDirs(container));
  }

  #keepsMount(container: Container, volume: string): boolean {
    const paths = own(this.#added.volumeMounts, container.name);
    return (container.volumeMounts ?? []).some(
      (mount) => mount.name === volume && !paths.includes(cleanPath(mount.mountPath)),
    );
  }

  #mounts(container: Container, path: Path): Operation[] {
    const mounts = container.volumeMounts ?? [];
    const paths = own(this.#added.volumeMounts, container.name);
    const propagated = own(this.#added.mountPropagation, container.name);
    const operations: Operation[] = [];
    mounts.forEach((mount, index) => {
      const mountPath = cleanPath(mount.mountPath);
      if (!propagated.includes(mountPath) || paths.includes(mountPath)) return;
      if (mount.mountPropagation === 'HostToContainer') {
        const field = [...path, 'volumeMounts', index, 'mountPropagation'];
        operations.push(this.#removeRoot(field, `mountPropagation ${container.name} ${mountPath}`));
      } else {
        this.left.push(`container ${container.name}: mountPropagation of ${mountPath} was changed`);
      }
    });
    const gone = indexesOf(mounts, (mount) => {
      if (!paths.includes(cleanPath(mount.mountPath))) return false;
      const asWritten = mount.mountPropagation === 'HostToContainer' && Object.keys(mount).length === 3;
      if (!asWritten)
        this.left.push(`container ${container.name}: the mount at ${mount.mountPath} was changed`);
      return asWritten;
    });
    return [
      ...operations,
      ...this.#removeItems([...path, 'volumeMounts'], mounts, gone, `volumeMounts ${container.name}`),
    ];
  }

  /** Removes items from behind, so that every index is that of the original; all of a list that we made: the list. */
  #removeItems(path: Path, list: readonly unknown[], indexes: readonly number[], root: string): Operation[] {
    if (indexes.length === 0) return [];
    if (indexes.length === list.length && this.#created(root)) return [this.#removeRoot(path, root)];
    return indexes.toReversed().map((index) => ({ op: 'remove', path: renderPointer([...path, index]) }));
  }

  #created(root: string): boolean {
    return this.#added.created?.includes(root) ?? false;
  }

  #removeRoot(path: Path, root: string): Operation {
    const wasNull = this.#added.wereNull?.includes(root) ?? false;
    return wasNull
      ? { op: 'replace', path: renderPointer(path), value: null }
      : { op: 'remove', path: renderPointer(path) };
  }
}

/** We add Secrets, empty directories and the media volume, which may have any source. */
function hasSourceOfOurs(volume: Volume): boolean {
  return (
    volume['secret'] !== undefined ||
    volume['emptyDir'] !== undefined ||
    volume.name.includes(MEDIA_VOLUME_NAME)
  );
}

function indexesOf<T>(list: readonly T[], matches: (item: T) => boolean): number[] {
  return list.flatMap((item, index) => (matches(item) ? [index] : []));
}

function own(map: Readonly<Record<string, readonly string[]>> | undefined, key: string): readonly string[] {
  return map && Object.hasOwn(map, key) ? (map[key] ?? []) : [];
}
