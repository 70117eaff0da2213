import { readStatus } from '../inject/status.ts';
import { isSubPathMount, containerPath, listMounts, mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { jsonEqual } from '../pod/json.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import type { Pod, VolumeMount } from '../pod/pod.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms504: Rule = {
  id: 'MS504',
  title: 'app has its library at another path',
  level: 'warn',
  why: 'The cloud mounts are below the media path. An app whose library is mounted elsewhere looks there and finds them missing, though the pod has them. What an app mounts over one of them hides it.',
  check: (view) => view.survey.apps.flatMap((ref) => checkApp(ref, view)),
};

function checkApp(ref: ContainerRef, view: PodView): Finding[] {
  const { pod, intent } = view;
  // What the injection has added there the app's author does not know of.
  const added = Object.entries(readStatus(pod)?.added.volumeMounts ?? {});
  const wasAdded = added.some(
    ([name, paths]) => name === ref.container.name && paths.includes(intent.mediaPath),
  );
  if (mountsAt(ref.container, intent.mediaPath).length > 0 && !wasAdded) return hidingMounts(ref, view);
  return listMounts(ref.container).flatMap(({ mount, index }) => {
    const what = describeMount(mount, view);
    if (what === null) return [];
    return [
      {
        path: containerPath(ref, 'volumeMounts', index, 'mountPath'),
        message: `container ${ref.container.name} mounts ${what} at ${mount.mountPath}, and nothing of its own at ${intent.mediaPath}, below which the cloud mounts are`,
        hint: `Mount the media volume at ${intent.mediaPath} and point the app there, or say where it is: media-stack/media-path: ${JSON.stringify(cleanPath(mount.mountPath))}.`,
      },
    ];
  });
}

/** Mounts that lie over a cloud mount, in a container that has the media volume as it should. */
function hidingMounts(ref: ContainerRef, { intent }: PodView): Finding[] {
  return listMounts(ref.container).flatMap(({ mount, index }) => {
    const at = cleanPath(mount.mountPath);
    const remote = intent.remotes.find(({ path }) => path === at);
    if (remote === undefined) return [];
    return [
      {
        path: containerPath(ref, 'volumeMounts', index, 'mountPath'),
        message: `container ${ref.container.name} mounts ${JSON.stringify(mount.name)} at ${mount.mountPath}, over the mount of ${remote.name}`,
        hint: 'Mount it beside the cloud mounts, or leave the remote out: media-stack/remotes.',
      },
    ];
  });
}

/** Why a mount looks like the library at another place; null when it does not. */
function describeMount(mount: VolumeMount, { pod, intent, survey, settings }: PodView): string | null {
  const at = cleanPath(mount.mountPath);
  if (at === intent.mediaPath || isWithin(at, intent.privateRoot)) return null;
  if (at !== '/' && isWithin(intent.mediaPath, at)) return `a parent of ${intent.mediaPath}`;
  if (isWithin(at, intent.mediaPath)) return `a child of ${intent.mediaPath}`;
  if (isSubPathMount(mount)) return null;
  return isLibrary(mount, pod, [settings.media.volume, survey.media.source]) ? 'the media volume' : null;
}

function isLibrary(mount: VolumeMount, pod: Pod, sources: readonly unknown[]): boolean {
  const volume = (pod.spec.volumes ?? []).find(({ name }) => name === mount.name);
  if (volume === undefined) return false;
  const { name: _name, ...source } = volume;
  return sources.some((wanted) => jsonEqual(source, wanted));
}
