// What of a pod is written by hand and what of it the webhook could do instead.
import { ANNOTATION_PREFIX } from '../intent/annotations.ts';
import { resolveIntent } from '../intent/intent.ts';
import type { Intent } from '../intent/intent.ts';
import { isOurSidecar, rcloneMountTarget, readMountSidecar } from '../intent/mount-sidecar.ts';
import { surveyPod } from '../intent/survey.ts';
import { differentVolumesProblem } from '../intent/volume-clash.ts';
import { listContainers } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { judgeInit } from './judge-init.ts';
import type { InitVerdict } from './judge-init.ts';
import { judgeSidecar } from './judge-sidecar.ts';
import type { Left, SidecarVerdict } from './judge-sidecar.ts';
import { findMediaPath } from './media-path.ts';
import { readSidecarFacts } from './sidecar-facts.ts';

export type ReplaceableSidecar = Extract<SidecarVerdict, { replaceable: true }>;

export interface HandSurvey {
  /** With the media path of the pod, which may not be that of the settings. */
  readonly intent: Intent;
  /** Every mount sidecar that is not ours. */
  readonly sidecars: readonly ContainerRef[];
  readonly replaceable: readonly ReplaceableSidecar[];
  /** Sidecars that stay, with the reason. */
  readonly left: readonly Left[];
  /** An init-dirs that stays because it does more. */
  readonly leftInits: readonly Left[];
  readonly removableInits: readonly ContainerRef[];
  /** Init containers that ran before any mount was there, and stay. */
  readonly stayingInits: readonly Extract<InitVerdict, { kind: 'stays' }>[];
  /** Name of the volume that the webhook would mount in. */
  readonly mediaVolume: string;
  /** True where nothing but mounts and helpers is in the pod. */
  readonly isStandalone: boolean;
  readonly problems: readonly Problem[];
}

/** Surveys a pod, or a template; `claimTemplates` are the names of the volumes a StatefulSet adds. */
export function surveyByHand(pod: Pod, settings: Settings, claimTemplates: readonly string[]): HandSurvey {
  const { intent, problems } = resolveIntent(withMediaPath(pod, settings), settings);
  const all = listContainers(pod);
  const isMount = ({ container }: ContainerRef) =>
    isOurSidecar(container) ||
    readMountSidecar(container, intent) !== null ||
    rcloneMountTarget(container, '/') !== null;
  const sidecars = all.filter((ref) => isMount(ref) && !isOurSidecar(ref.container));
  const survey = surveyPod(pod, intent, settings, claimTemplates);
  const isApp = ({ container }: ContainerRef) =>
    survey.apps.some((app) => app.container.name === container.name);
  const clash = survey.mediaCandidates.length > 1 ? [differentVolumesProblem(survey, intent)] : [];
  const mediaVolume = survey.media.name;
  const verdicts = sidecars.map((ref) =>
    judgeSidecar(ref.container.name, readSidecarFacts(ref, pod), intent, mediaVolume),
  );
  const replaceable = verdicts.flatMap((verdict) => (verdict.replaceable ? [verdict] : []));
  const points = replaceable.flatMap(({ facts }) => facts.site?.path ?? []);
  const inits = all
    .filter((ref) => ref.list === 'initContainers' && !isMount(ref) && runsBeforeMounts(ref, replaceable))
    .map((ref) => judgeInit(ref, intent, mediaVolume, points));
  const stayingInits = inits.flatMap((verdict) => (verdict.kind === 'stays' ? [verdict] : []));
  return {
    intent,
    sidecars,
    replaceable,
    left: verdicts.flatMap((verdict) =>
      verdict.replaceable ? [] : [{ name: verdict.name, why: verdict.why, mend: verdict.mend }],
    ),
    leftInits: stayingInits.flatMap(({ left }) => left ?? []),
    removableInits: inits.flatMap((verdict) => (verdict.kind === 'removable' ? [verdict.ref] : [])),
    stayingInits,
    mediaVolume,
    isStandalone: !all.some(
      (ref) =>
        ref.list === 'containers' &&
        !isMount(ref) &&
        (isApp(ref) || !settings.helperContainers.includes(ref.container.name)),
    ),
    problems: [...problems, ...survey.problems, ...clash],
  };
}

/** Plain sidecars start behind all init containers. */
function runsBeforeMounts(ref: ContainerRef, sidecars: readonly ReplaceableSidecar[]): boolean {
  return sidecars.every(({ facts }) => facts.ref.list === 'containers' || facts.ref.index > ref.index);
}

function withMediaPath(pod: Pod, settings: Settings): Pick<Pod, 'metadata'> {
  const key = `${ANNOTATION_PREFIX}media-path`;
  const annotations = pod.metadata?.annotations ?? {};
  const path = findMediaPath(pod, settings);
  if (annotations[key] !== undefined || path === settings.media.path) return pod;
  return { metadata: { ...pod.metadata, annotations: { ...annotations, [key]: path } } };
}
