import { differentVolumesProblem } from '../intent/volume-clash.ts';
import { containerPath, listMounts } from '../pod/containers.ts';
import type { MountRef } from '../pod/containers.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import { holdingMount } from './holding-mount.ts';
import type { Finding, PodView, Rule } from './rule.ts';

export const ms208: Rule = {
  id: 'MS208',
  title: 'different volumes at the media path',
  level: 'deny',
  why: 'The sidecars mount into one volume; a container with another one at the media path would see none of it. Two volumes of one claim count as two: before 1.35 a kubelet never starts such a pod (kubernetes #122140).',
  check: (view) => [...amongApps(view), ...inSidecars(view)],
};

function amongApps({ survey, intent }: PodView): Finding[] {
  if (survey.mediaCandidates.length <= 1) return [];
  const { path, message, hint } = differentVolumesProblem(survey, intent);
  return [{ path: parseFieldPath(path), message, hint }];
}

function inSidecars({ survey, intent }: PodView): Finding[] {
  if (survey.apps.length === 0) return [];
  const ofApps = survey.apps.flatMap(({ container }) => listMounts(container)).map(nameOf);
  const shared = new Set([survey.media.name, ...ofApps]);
  return survey.sidecars.flatMap((ref) => {
    const holding = holdingMount(ref, intent);
    if (holding === undefined || shared.has(nameOf(holding))) return [];
    return [
      {
        path: containerPath(ref, 'volumeMounts', holding.index, 'name'),
        message: `mount sidecar ${ref.container.name} mounts volume ${JSON.stringify(nameOf(holding))} at ${holding.path}, the apps ${JSON.stringify(survey.media.name)}: they never see its mount`,
        hint: 'Mount the same volume there in the sidecar and in the apps, or remove the sidecar and let the webhook inject it.',
      },
    ];
  });
}

function nameOf({ mount }: MountRef): string {
  return mount.name;
}
