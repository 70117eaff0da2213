// What a pod lacks: intent and survey put against each other. Everything is decided here; inject/ only writes it down.
import type { Intent, RemoteIntent } from '../intent/intent.ts';
import { DEFAULT_CONTAINER_ANNOTATION } from '../intent/labels.ts';
import { isOurInitDirs, isOurSidecar, makesPoint } from '../intent/mount-sidecar.ts';
import { INIT_DIRS_NAME } from '../intent/survey.ts';
import type { Survey } from '../intent/survey.ts';
import { forbidsPropagation, isSubPathMount, listContainers, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { freeName } from '../pod/free-name.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { NamedItem, Pod } from '../pod/pod.ts';
import { RC_DIRECTORY } from '../settings/container-paths.ts';
import type { Settings } from '../settings/schema.ts';
import { preferredNodesTerm } from './affinity.ts';
import { needsCache } from './rclone-command.ts';
import { renderInitDirs } from './render-init-dirs.ts';
import { renderSidecar } from './render-sidecar.ts';
import { renderResources, resourceRules } from './resources.ts';
import { VolumePlan } from './volume-plan.ts';

/** A volumeMount that we add to an app or an init container. */
export interface AddedMount {
  readonly name: string;
  readonly mountPath: string;
  readonly mountPropagation: 'HostToContainer';
}

export interface Plan {
  readonly mounts: 'volume' | 'private';
  readonly volumes: readonly NamedItem[];
  /** Mounts to add, by container; in the order of the pod. */
  readonly volumeMounts: readonly { readonly ref: ContainerRef; readonly mounts: readonly AddedMount[] }[];
  /** Existing mounts that get `mountPropagation: HostToContainer`. */
  readonly propagation: readonly { readonly ref: ContainerRef; readonly mountIndex: number }[];
  readonly initDirs: NamedItem | null;
  readonly sidecars: readonly NamedItem[];
  /** Value of the default-container annotation to set. */
  readonly defaultContainer: string | null;
  readonly affinityTerm: JsonObject | null;
}

/** The plan for a labelled pod that has app containers; empty in every part where the pod is complete. */
export function planMounts(
  pod: Pod,
  intent: Intent,
  survey: Survey,
  settings: Settings,
  claimTemplates: readonly string[],
): Plan {
  const missing = intent.remotes.filter(
    (remote) => !survey.sidecars.some((ref) => ref.sidecar.remote === remote),
  );
  const ours = intent.remotes.filter(
    (remote) =>
      missing.includes(remote) || survey.sidecars.some((ref) => ref.ours && ref.sidecar.remote === remote),
  );
  const mounts = chooseMounts(intent, survey);
  const volumes = new VolumePlan(pod, claimTemplates);
  const media = survey.media;
  if (!media.exists) volumes.add({ ...media.source, name: media.name });
  const usesPrivate = mounts === 'private' && ours.length > 0;
  const privateVolume = usesPrivate
    ? volumes.shared(intent.privateRoot, 'media-stack-mounts', { emptyDir: {} })
    : null;
  const rules = resourceRules(pod, (ref) => isOurSidecar(ref.container) || isOurInitDirs(ref.container));

  const pointOf = (remote: RemoteIntent) => (usesPrivate ? remote.privatePath : remote.path);
  const sidecars = missing.map((remote) =>
    renderSidecar(
      remote,
      {
        point: pointOf(remote),
        otherPoints: ours.filter((other) => other !== remote).map(pointOf),
        volume:
          privateVolume === null
            ? { name: media.name, mountPath: intent.mediaPath }
            : { name: privateVolume, mountPath: intent.privateRoot },
        secretVolume: volumes.secret(remote.secret),
        cacheVolume: needsCache(remote)
          ? volumes.own(`${remote.containerName}-cache`, { emptyDir: { sizeLimit: remote.cacheSize } })
          : null,
        rcVolume:
          settings.rclone.rc === 'socket'
            ? volumes.shared(RC_DIRECTORY, 'rclone-rc', { emptyDir: { medium: 'Memory' } })
            : null,
        resources: renderResources(intent.resources, rules),
      },
      intent,
      settings,
    ),
  );
  // An init-dirs of an earlier round is left as it is; a second one makes what it does not.
  const unmade = ours.filter(
    (remote) => !survey.initDirs.some((ref) => makesPoint(ref.container, pointOf(remote))),
  );
  const initDirs =
    unmade.length > 0
      ? renderInitDirs(
          unmade,
          {
            name: freeName(INIT_DIRS_NAME, new Set(listContainers(pod).map((ref) => ref.container.name))),
            mediaVolume: media.name,
            privateVolume,
            resources: renderResources(settings.initDirs.resources, rules),
          },
          intent,
          settings,
        )
      : null;
  return {
    mounts,
    volumeMounts: missingMounts(intent, survey, privateVolume),
    propagation: missingPropagation(intent, survey),
    volumes: volumes.added,
    initDirs,
    sidecars,
    defaultContainer: defaultContainer(pod, intent, survey, ours),
    affinityTerm: preferredNodesTerm(pod, settings.preferredNodes),
  };
}

/**
 * What sidecars of ours use already; else the pod's own word, else private for hostPath (all pods of a node share it at
 * mount level), else the settings.
 */
function chooseMounts(intent: Intent, survey: Survey): 'volume' | 'private' {
  const ours = survey.sidecars.filter((ref) => ref.ours);
  if (ours.length > 0) {
    return ours.some((ref) => mountsAt(ref.container, intent.privateRoot).length > 0) ? 'private' : 'volume';
  }
  if (intent.mountsAsked !== null) return intent.mountsAsked;
  return isJsonObject(survey.media.source?.['hostPath']) ? 'private' : intent.mountsSetting;
}

function missingMounts(intent: Intent, survey: Survey, privateVolume: string | null): Plan['volumeMounts'] {
  const media: AddedMount = {
    name: survey.media.name,
    mountPath: intent.mediaPath,
    mountPropagation: 'HostToContainer',
  };
  const isApp = new Set(survey.apps);
  return [...survey.apps, ...survey.userInits].flatMap((ref) => {
    const atMediaPath = mountsAt(ref.container, intent.mediaPath);
    const mounts: AddedMount[] = [];
    if (isApp.has(ref) && atMediaPath.length === 0) mounts.push(media);
    // A sub-path mount at the media path shows another tree: the private mounts have no place in it.
    const seesMedia =
      mounts.length > 0 ||
      atMediaPath.some(({ mount }) => mount.name === survey.media.name && !isSubPathMount(mount));
    if (privateVolume !== null && seesMedia && mountsAt(ref.container, intent.privateRoot).length === 0) {
      mounts.push({
        name: privateVolume,
        mountPath: intent.privateRoot,
        mountPropagation: 'HostToContainer',
      });
    }
    return mounts.length === 0 ? [] : [{ ref, mounts }];
  });
}

function missingPropagation(intent: Intent, survey: Survey): Plan['propagation'] {
  return [...survey.apps, ...survey.userInits].flatMap((ref) =>
    mountsAt(ref.container, intent.mediaPath)
      .filter(({ mount }) => mount.name === survey.media.name && (mount.mountPropagation ?? null) === null)
      .filter(({ mount }) => !isSubPathMount(mount) && !forbidsPropagation(mount))
      .map(({ index }) => ({ ref, mountIndex: index })),
  );
}

/** With plain sidecars in front, `kubectl logs` and `exec` would pick one of them (gcs-fuse #20). */
function defaultContainer(
  pod: Pod,
  intent: Intent,
  survey: Survey,
  ours: readonly RemoteIntent[],
): string | null {
  if (intent.mode === 'native' || ours.length === 0) return null;
  if (pod.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION] !== undefined) return null;
  return survey.apps[0]?.container.name ?? null;
}
