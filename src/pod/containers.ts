// Walking the containers of a pod with the place where each stands.
import type { PathSegment } from '../problem/field-path.ts';
import { cleanPath } from './mount-path.ts';
import type { Container, Pod, VolumeMount } from './pod.ts';

export type ContainerList = 'initContainers' | 'containers';

export interface ContainerRef {
  readonly list: ContainerList;
  readonly index: number;
  readonly container: Container;
}

/** All init containers in their order, then all containers. Ephemeral containers are not part of a CREATE. */
export function listContainers(pod: Pod): ContainerRef[] {
  return [
    ...refs('initContainers', pod.spec.initContainers ?? []),
    ...refs('containers', pod.spec.containers),
  ];
}

/** `['spec', 'containers', 2, ...rest]`. */
export function containerPath(ref: ContainerRef, ...rest: PathSegment[]): PathSegment[] {
  return ['spec', ref.list, ref.index, ...rest];
}

export interface MountRef {
  readonly index: number;
  readonly mount: VolumeMount;
}

/** All mounts of a container, in their order. */
export function listMounts(container: Container): MountRef[] {
  return (container.volumeMounts ?? []).map((mount, index) => ({ index, mount }));
}

/** The mounts of a container at exactly this path (already clean). */
export function mountsAt(container: Container, path: string): MountRef[] {
  return listMounts(container).filter(({ mount }) => cleanPath(mount.mountPath) === path);
}

/** Command and arguments in one, as far as the pod sets them. */
export function commandWords({ command, args }: Container): string[] {
  return [...(command ?? []), ...(args ?? [])];
}

/** True for an init container that keeps running beside the app (KEP-753). */
export function isNativeSidecar(ref: ContainerRef): boolean {
  return ref.list === 'initContainers' && ref.container.restartPolicy === 'Always';
}

/** True when the mount shows only a part of the volume; mounts inside the volume never appear in it (kubelet, doBindSubPath). */
export function isSubPathMount(mount: VolumeMount): boolean {
  return (mount.subPath ?? '') !== '' || (mount.subPathExpr ?? '') !== '';
}

/** True when the API server forbids mount propagation on this mount (pkg/apis/core/validation: recursiveReadOnly). */
export function forbidsPropagation(mount: VolumeMount): boolean {
  return mount.recursiveReadOnly === 'Enabled' || mount.recursiveReadOnly === 'IfPossible';
}

function refs(list: ContainerList, containers: readonly Container[]): ContainerRef[] {
  return containers.map((container, index) => ({ list, index, container }));
}
