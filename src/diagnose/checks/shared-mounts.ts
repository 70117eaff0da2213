import { expectMounts } from '../../check/expected-mounts.ts';
import { decodePod } from '../../pod/decode-pod.ts';
import { isJsonObject } from '../../pod/json.ts';
import type { JsonObject } from '../../pod/json.ts';
import { cleanPath, isWithin } from '../../pod/mount-path.ts';
import { listContainers } from '../../pod/containers.ts';
import type { Pod, Volume } from '../../pod/pod.ts';
import type { Settings } from '../../settings/schema.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { editCommand } from '../subject-words.ts';
import { textAt } from '../../pod/text-at.ts';

export const sharedMounts: Check = {
  id: 'shared-mounts',
  group: 'mounts',
  title: 'no other pod of the node mounts into the same place',
  run: (facts) => {
    const { subject, neighbours } = facts;
    const places = mountPlaces(subject.pod, subject.settings);
    if (places.length === 0 || neighbours === null) return null;
    const kind = sharedKind(places, facts);
    if (kind === null) return { looked: 'each pod has a mount of its own of this volume', findings: [] };
    if (neighbours.state !== 'known') return notMade(neighbours, 'the other pods of the node');
    const others = neighbours.value.flatMap((object) => sharing(object, places, facts));
    return {
      looked: `${kind}, ${others.length === 0 ? 'no other pod with mounts in it' : others.join(', ')}`,
      findings: others.length === 0 ? [] : [toFinding(kind, others, facts)],
    };
  },
};

interface Place {
  /** What identifies the volume on the node: `claim media/media-library-pvc`, `hostPath /srv/media`. */
  readonly volume: string;
  readonly claim: string | null;
  /** Below the volume. */
  readonly path: string;
}

/** Where the sidecars of a pod mount, as places in volumes; private ones lie in an emptyDir and are left out. */
function mountPlaces(pod: Pod, settings: Settings): Place[] {
  const namespace = (pod.metadata as { namespace?: string } | null | undefined)?.namespace ?? '';
  return (expectMounts(pod, settings)?.mounts ?? []).flatMap(({ sidecar, mountedAt }) => {
    const container = listContainers(pod).find(
      ({ container: { name } }) => name === sidecar?.container,
    )?.container;
    const mount = (container?.volumeMounts ?? [])
      .filter(({ mountPath }) => isWithin(mountedAt, cleanPath(mountPath)))
      .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
    const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount?.name);
    if (mount === undefined || volume === undefined) return [];
    const path = mountedAt.slice(cleanPath(mount.mountPath).length);
    return placeOf(volume, namespace, path);
  });
}

function placeOf(volume: Volume, namespace: string, path: string): Place[] {
  const { persistentVolumeClaim: claim, hostPath } = volume;
  if (isJsonObject(claim)) {
    const name = textAt(claim, ['claimName']);
    return [{ volume: `claim ${namespace}/${name}`, claim: name, path }];
  }
  return isJsonObject(hostPath)
    ? [{ volume: `hostPath ${textAt(hostPath, ['path'])}`, claim: null, path }]
    : [];
}

/** Which kind of volume shows the mounts of one pod in the others; null for one that does not (NFS, emptyDir). */
function sharedKind(places: readonly Place[], { volume }: Facts): string | null {
  const host = places.find(({ claim }) => claim === null);
  if (host !== undefined) return host.volume;
  const spec = volume === null ? null : valueOf(volume)?.['spec'];
  if (!isJsonObject(spec)) return null;
  return SHARING.find((kind) => spec[kind] !== undefined) ?? null;
}

// Measured: a volume that is staged once per node shares its mounts, one that is mounted for each pod does not.
const SHARING = ['hostPath', 'local', 'csi'];

function sharing(object: JsonObject, mine: readonly Place[], { subject }: Facts): string[] {
  const decoded = decodePod(object);
  if (!decoded.ok) return [];
  const places = mountPlaces(decoded.pod, subject.settings);
  const same = places.some((place) =>
    mine.some((own) => own.volume === place.volume && own.path === place.path),
  );
  return same
    ? [`pod ${textAt(object, ['metadata', 'namespace'])}/${textAt(object, ['metadata', 'name'])}`]
    : [];
}

function toFinding(kind: string, others: readonly string[], { subject }: Facts): Finding {
  const csi = kind === 'csi';
  const draft = {
    code: 'mount_shared',
    found: `${others.join(', ')} mounts at the same place of the same volume (${kind}) on this node`,
    cause: csi
      ? 'a CSI driver that stages its volumes once per node shows the mounts of one pod in the others'
      : 'on this node a mount that one pod makes appears in the other, and either can take it away',
    mend: ['give each pod a private place for its mounts, in both workloads', editCommand(subject)],
    yaml: 'metadata:\n  annotations:\n    media-stack/mounts: "private"\n',
    symptom: 'sidecar_crash_loop' as const,
  };
  return csi ? warn(draft) : fail(draft);
}
