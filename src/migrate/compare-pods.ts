// The law of a migration: the pod that the webhook makes of the result runs as the one before, or it is not written.
import type { Intent } from '../intent/intent.ts';
import { DEFAULT_CONTAINER_ANNOTATION, MOUNTS_LABEL } from '../intent/labels.ts';
import { isOurInitDirs, isOurSidecar } from '../intent/mount-sidecar.ts';
import { ANNOTATION_PREFIX } from '../intent/annotations.ts';
import { listContainers } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { jsonEqual } from '../pod/json.ts';
import { cleanPath } from '../pod/mount-path.ts';
import type { Pod, VolumeMount } from '../pod/pod.ts';
import { compareAffinity } from './compare-affinity.ts';
import { compareSidecars } from './compare-sidecars.ts';
import { volumeNamed } from './container-files.ts';
import { mergeDifferences } from './difference.ts';
import type { Difference } from './difference.ts';
import { readMountView } from './mount-views.ts';
import { publicPath, readSidecarFacts } from './sidecar-facts.ts';
import type { SidecarFacts } from './sidecar-facts.ts';

export interface PodComparison {
  /** Why the second pod is not equivalent to the first; empty where it is. */
  readonly broken: readonly Difference[];
  /** What is other and leaves it equivalent: all of it. */
  readonly differences: readonly Difference[];
}

/**
 * Compares two pods as they run: remotes, mount points, Secrets, what each container sees where, volumes, affinity, and
 * every field of every container that is in both. `replaced` are the containers of `before` that `after` does without.
 */
export function comparePods(
  before: Pod,
  after: Pod,
  replaced: readonly string[],
  intent: Intent,
): PodComparison {
  const [was, is] = [splitPod(before, replaced), splitPod(after, [])];
  const sidecars = compareReplaced(was.sidecars, is.sidecars, replaced, intent);
  const parts: PodComparison[] = [
    sidecars,
    compareContainers(was, is, intent),
    compareAffinity(before, after),
    compareFrame(before, after),
  ];
  return {
    broken: mergeDifferences(parts.flatMap(({ broken }) => broken)),
    differences: mergeDifferences(parts.flatMap(({ differences }) => differences)),
  };
}

interface SplitPod {
  readonly pod: Pod;
  readonly sidecars: readonly SidecarFacts[];
  /** Neither replaced nor ours. */
  readonly others: readonly ContainerRef[];
}

function splitPod(pod: Pod, replaced: readonly string[]): SplitPod {
  const all = listContainers(pod);
  const sidecars = all.flatMap((ref) => {
    const facts = readSidecarFacts(ref, pod);
    return typeof facts === 'string' ? [] : [facts];
  });
  const others = all.filter(
    ({ container }) =>
      !replaced.includes(container.name) && !isOurSidecar(container) && !isOurInitDirs(container),
  );
  return { pod, sidecars, others };
}

function compareReplaced(
  before: readonly SidecarFacts[],
  after: readonly SidecarFacts[],
  replaced: readonly string[],
  intent: Intent,
): PodComparison {
  const pairs = before
    .filter(({ ref }) => replaced.includes(ref.container.name))
    .map((facts) => {
      const path = `${intent.mediaPath}/${facts.site?.path}`;
      return { facts, path, found: after.find(({ command }) => publicPath(command.target, intent) === path) };
    });
  const compared = pairs.flatMap(({ facts, found }) => (found ? [compareSidecars(facts, found)] : []));
  const missing = pairs
    .filter(({ found }) => found === undefined)
    .map(({ facts, path }) => broken(facts.ref.container.name, `mount at ${path}`, 'is not there any more'));
  return {
    broken: [...missing, ...compared.flatMap((comparison) => comparison.broken)],
    differences: compared.flatMap((comparison) => comparison.differences),
  };
}

function compareContainers(before: SplitPod, after: SplitPod, intent: Intent): PodComparison {
  const names = ({ others }: SplitPod) => others.map(({ list, container }) => `${list} ${container.name}`);
  if (!jsonEqual(names(before), names(after)))
    return { broken: [broken('', 'the other containers', 'are not the same any more')], differences: [] };
  const parts = before.others.map((ref, index): PodComparison => {
    const other = after.others[index];
    return other === undefined
      ? { broken: [], differences: [] }
      : compareContainer(ref, other, before, after, intent);
  });
  return {
    broken: parts.flatMap((part) => part.broken),
    differences: parts.flatMap((part) => part.differences),
  };
}

function compareContainer(
  was: ContainerRef,
  is: ContainerRef,
  before: SplitPod,
  after: SplitPod,
  intent: Intent,
): PodComparison {
  const { name } = was.container;
  const wrong: Difference[] = [];
  const differences: Difference[] = [];
  const { volumeMounts: oldMounts, ...oldFields } = was.container;
  const { volumeMounts: newMounts, ...newFields } = is.container;
  if (!jsonEqual(oldFields, newFields)) wrong.push(broken(name, 'its fields', 'are not the same any more'));
  for (const mount of oldMounts ?? []) {
    const other = (newMounts ?? []).find((each) => each.mountPath === mount.mountPath);
    const source = [volumeNamed(before.pod, mount.name), volumeNamed(after.pod, mount.name)];
    if (
      other === undefined ||
      !jsonEqual(withPropagation(mount, other), other) ||
      !jsonEqual(source[0], source[1])
    )
      wrong.push(broken(name, `its mount at ${mount.mountPath}`, 'is not the same any more'));
    else if (mount.mountPropagation !== other.mountPropagation)
      differences.push({
        at: name,
        what: `mount at ${mount.mountPath} without propagation`,
        why: `gets ${other.mountPropagation}`,
        keep: null,
      });
  }
  for (const mount of newMounts ?? []) {
    if ((oldMounts ?? []).some((each) => each.mountPath === mount.mountPath)) continue;
    differences.push({
      at: name,
      what: `no mount at ${cleanPath(mount.mountPath)}`,
      why: `volume ${mount.name} is mounted there`,
      keep: null,
    });
  }
  const [oldView, newView] = [
    readMountView(was, before.sidecars, intent),
    readMountView(is, after.sidecars, intent),
  ];
  for (const [path, mounted] of oldView)
    if (newView.get(path) !== mounted)
      wrong.push(broken(name, `${mounted} at ${path}`, 'is not seen there any more'));
  for (const [path, mounted] of newView)
    if (!oldView.has(path))
      differences.push({
        at: name,
        what: `nothing seen at ${path}`,
        why: `sees ${mounted} there`,
        keep: null,
      });
  return { broken: wrong, differences };
}

/** Injection fills in propagation where nobody has written any. */
function withPropagation(mount: VolumeMount, { mountPropagation }: VolumeMount): VolumeMount {
  return (mount.mountPropagation ?? null) === null && mountPropagation !== undefined
    ? { ...mount, mountPropagation }
    : mount;
}

/** Everything beside containers, volumes and affinity, which injection has no business with. */
function compareFrame(before: Pod, after: Pod): PodComparison {
  const same = jsonEqual(frameOf(before), frameOf(after));
  return {
    broken: same ? [] : [broken('', 'the rest of the pod', 'is not the same any more')],
    differences: [],
  };
}

function frameOf(pod: Pod): unknown {
  const { spec, metadata, ...rest } = pod;
  const { containers: _c, initContainers: _i, volumes: _v, affinity: _a, ...restOfSpec } = spec;
  const { labels, annotations, ...restOfMetadata } = metadata ?? {};
  const keep = (map: Readonly<Record<string, string>> | null | undefined, isOurs: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !isOurs(key)));
  return {
    ...rest,
    restOfSpec,
    restOfMetadata,
    labels: keep(labels, (key) => key === MOUNTS_LABEL),
    annotations: keep(
      annotations,
      (key) => key.startsWith(ANNOTATION_PREFIX) || key === DEFAULT_CONTAINER_ANNOTATION,
    ),
  };
}

function broken(at: string, what: string, why: string): Difference {
  return { at, what, why, keep: null };
}
