// Annotations without which the webhook would mount something else, or elsewhere: no choice of the user drops them.
import { resolveIntent } from '../intent/intent.ts';
import { readMountSidecar } from '../intent/mount-sidecar.ts';
import { surveyPod } from '../intent/survey.ts';
import { listContainers } from '../pod/containers.ts';
import { isJsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import type { Settings } from '../settings/schema.ts';
import { volumeNamed } from './container-files.ts';
import type { KeptAnnotation } from './plan-annotations.ts';
import type { HandSurvey } from './survey-by-hand.ts';

export interface PlaceInput {
  readonly pod: Pod;
  /** The pod without what is taken out of it. */
  readonly bare: Pod;
  readonly hand: HandSurvey;
  readonly settings: Settings;
  readonly claimTemplates: readonly string[];
  readonly isLabelled: boolean;
}

/** `media-path`, `media-claim`, `mounts`, `remotes`, `sidecar-position`: each only where the webhook would do otherwise. */
export function planPlaces(input: PlaceInput): KeptAnnotation[] {
  const { pod, hand, settings } = input;
  const plain = resolveIntent(pod, settings).intent;
  const place = (name: string, value: string): KeptAnnotation => ({
    name,
    value,
    isOption: false,
    isDefault: false,
  });
  const remotes = wantedRemotes(input);
  const claim = neededClaim(input);
  return [
    ...(sameNames(
      remotes,
      plain.remotes.map(({ name }) => name),
    )
      ? []
      : [place('remotes', remotes.join(','))]),
    ...(plain.mediaPath === hand.intent.mediaPath ? [] : [place('media-path', hand.intent.mediaPath)]),
    ...(claim === null ? [] : [place('media-claim', claim)]),
    ...(wouldBePrivate(input) ? [place('mounts', 'volume')] : []),
    ...position(input),
  ];
}

/** What the label would mount, less what nobody has mounted by hand. In the order of the settings. */
function wantedRemotes({ pod, hand, isLabelled }: PlaceInput): string[] {
  const isLeft = (name: string) => hand.left.some((left) => left.name === name);
  const names = new Set([
    ...(isLabelled ? hand.intent.remotes.map(({ name }) => name) : []),
    ...hand.replaceable.map(({ remote }) => remote.name),
    // The webhook takes a sidecar that stays for what its name or its mount point says.
    ...listContainers(pod)
      .filter(({ container }) => isLeft(container.name))
      .flatMap(({ container }) => readMountSidecar(container, hand.intent)?.remote?.name ?? []),
  ]);
  return hand.intent.knownRemotes.map(({ name }) => name).filter((name) => names.has(name));
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** Where only the sidecars mounted the volume, the webhook would take that of the settings. */
function neededClaim({ bare, hand, settings, claimTemplates }: PlaceInput): string | null {
  const survey = surveyPod(bare, hand.intent, settings, claimTemplates);
  if (survey.media.name === hand.mediaVolume) return null;
  const source = volumeNamed(bare, hand.mediaVolume)?.['persistentVolumeClaim'];
  return isJsonObject(source) && typeof source['claimName'] === 'string' ? source['claimName'] : null;
}

/** A hand-written mount lives on the media volume, and has left a directory there that a private one would not replace. */
function wouldBePrivate({ pod, hand }: PlaceInput): boolean {
  const { mountsAsked, mountsSetting } = hand.intent;
  if (mountsAsked !== null) return mountsAsked === 'private';
  return mountsSetting === 'private' || volumeNamed(pod, hand.mediaVolume)?.['hostPath'] !== undefined;
}

/** Init containers that ran before the mounts shall not walk through them now; to make a directory does no harm. */
function position({ hand, pod, settings }: PlaceInput): KeptAnnotation[] {
  const { intent } = resolveIntent(pod, settings);
  if (hand.stayingInits.length === 0 || intent.position === 'last' || intent.mode === 'container') return [];
  const isOption = hand.stayingInits.every(({ onlyMakes }) => onlyMakes);
  return [{ name: 'sidecar-position', value: 'last', isOption, isDefault: false }];
}
