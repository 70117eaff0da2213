// The one decision about hand-written mounts: what the webhook can do instead, with what annotations, and whether the
// pod then runs as before. Pure: the command and the tests call it.
import jsonpatch from 'fast-json-patch';
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import { SKIP_REASONS } from '../inject/skip-reason.ts';
import { readMountsLabel, malformedLabelProblem } from '../intent/labels.ts';
import { listContainers } from '../pod/containers.ts';
import type { Operation } from '../pod/json-patch.ts';
import type { Pod } from '../pod/pod.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { comparePods } from './compare-pods.ts';
import type { PodComparison } from './compare-pods.ts';
import type { Difference } from './difference.ts';
import type { Left } from './judge-sidecar.ts';
import {
  effectiveAnnotations,
  inTableOrder,
  planOptionAnnotations,
  renderMetadata,
} from './plan-annotations.ts';
import type { KeptAnnotation, ReplacedSidecar } from './plan-annotations.ts';
import { planPlaces } from './plan-places.ts';
import { planRemoval } from './plan-removal.ts';
import { publicPath, readSidecarFacts } from './sidecar-facts.ts';
import { surveyByHand } from './survey-by-hand.ts';
import type { HandSurvey } from './survey-by-hand.ts';

export interface MigrationInput {
  /** A pod, or the metadata and spec of a pod template. */
  readonly pod: Pod;
  readonly settings: Settings;
  readonly claimTemplates?: readonly string[];
  /** Our options win: no annotation that only keeps one. */
  readonly defaults?: boolean;
}

export type Migration =
  /** `hasMounts`: somebody has written some, and yet there is nothing to replace. */
  | { readonly outcome: 'nothing'; readonly why: string; readonly hasMounts: boolean }
  /** Hand-written, and nothing of it can be replaced. */
  | { readonly outcome: 'left'; readonly left: readonly Left[] }
  | { readonly outcome: 'refused'; readonly problems: readonly Problem[] }
  /** The result would not run as before: it is not given. */
  | { readonly outcome: 'unequal'; readonly broken: readonly Difference[]; readonly left: readonly Left[] }
  | {
      readonly outcome: 'migrated';
      readonly patch: readonly Operation[];
      readonly kept: readonly KeptAnnotation[];
      readonly differences: readonly Difference[];
      /** Sidecars that stay beside, because they cannot be replaced. */
      readonly left: readonly Left[];
      /** An init-dirs that stays, because it does more than make the mount points. */
      readonly leftInits: readonly Left[];
    };

/** Decides about one pod; never changes its input. */
export function migrateTemplate(input: MigrationInput): Migration {
  const { pod, settings, claimTemplates = [] } = input;
  const label = readMountsLabel(pod);
  if (label === 'malformed') return { outcome: 'refused', problems: [malformedLabelProblem(pod)] };
  const hand = surveyByHand(pod, settings, claimTemplates);
  if (hand.sidecars.length === 0)
    return { outcome: 'nothing', why: 'no hand-written mount sidecar', hasMounts: false };
  if (hand.isStandalone) return { outcome: 'nothing', why: STANDALONE, hasMounts: true };
  if (hand.problems.length > 0) return { outcome: 'refused', problems: hand.problems };
  if (label === 'false') return { outcome: 'left', left: hand.sidecars.map(leftByLabel) };
  if (hand.replaceable.length === 0) return { outcome: 'left', left: hand.left };
  const before = label === 'true' ? injectPod(pod, input) : { ok: true as const, pod };
  return before.ok ? replaceByHand(input, hand, before.pod) : before.failure;
}

const STANDALONE = 'the pod only mounts, for nobody in it (MS401): label the apps, then remove this workload';

function leftByLabel({ container }: HandSurvey['sidecars'][number]): Left {
  return {
    name: container.name,
    why: 'the label media-stack/cloud-mounts is "false": nothing is injected',
    mend: 'Take the label away and run migrate again.',
  };
}

function replaceByHand(input: MigrationInput, hand: HandSurvey, before: Pod): Migration {
  const { pod, settings, claimTemplates = [] } = input;
  const removed = [...hand.replaceable.map(({ facts }) => facts.ref), ...hand.removableInits];
  const removal = planRemoval(pod, removed, hand.mediaVolume, settings.preferredNodes);
  const bare = applyOperations(pod, removal);
  const isLabelled = readMountsLabel(pod) === 'true';
  const places = planPlaces({ pod, bare, hand, settings, claimTemplates, isLabelled }).filter(
    ({ isOption }) => !(input.defaults === true && isOption),
  );
  const attempt = (wanted: readonly KeptAnnotation[]) => {
    const annotations = inTableOrder(wanted);
    const patch = [...renderMetadata(pod, annotations), ...removal];
    return { annotations, patch, injected: injectPod(applyOperations(pod, patch), input) };
  };
  let tried = attempt(places);
  if (tried.injected.ok && input.defaults !== true) {
    const options = planOptionAnnotations(pairSidecars(hand, tried.injected.pod));
    if (options.length > 0) tried = attempt([...places, ...options]);
    // What the settings decide for themselves needs no annotation that says otherwise.
    const useful = tried.injected.ok
      ? effectiveAnnotations(tried.annotations, pairSidecars(hand, tried.injected.pod))
      : tried.annotations;
    if (useful.length < tried.annotations.length) tried = attempt(useful);
  }
  const { injected, annotations, patch } = tried;
  if (!injected.ok) return injected.failure;
  const names = removed.map(({ container }) => container.name);
  const { broken, differences }: PodComparison = comparePods(before, injected.pod, names, hand.intent);
  if (broken.length > 0) return { outcome: 'unequal', broken, left: hand.left };
  return {
    outcome: 'migrated',
    patch,
    kept: annotations,
    differences,
    left: hand.left,
    leftInits: hand.leftInits,
  };
}

/** The hand-written sidecars with those that were injected for them. */
function pairSidecars({ replaceable, intent }: HandSurvey, injected: Pod): ReplacedSidecar[] {
  const all = listContainers(injected).flatMap((ref) => {
    const facts = readSidecarFacts(ref, injected);
    return typeof facts === 'string' ? [] : [facts];
  });
  return replaceable.flatMap(({ facts, remote }) => {
    const after = all.find(({ command }) => publicPath(command.target, intent) === remote.path);
    return after ? [{ before: facts, after }] : [];
  });
}

type InjectedPod =
  | { readonly ok: true; readonly pod: Pod }
  | { readonly ok: false; readonly failure: Migration };

/** The pod as it runs: with the label, after the webhook. */
function injectPod(pod: Pod, { settings, claimTemplates = [] }: MigrationInput): InjectedPod {
  const decision = decide({ pod, settings, claimTemplates });
  const { report } = decision;
  if (report.outcome === 'refused')
    return { ok: false, failure: { outcome: 'refused', problems: report.problems } };
  if (report.outcome === 'skipped')
    return report.reason === 'already_complete'
      ? { ok: true, pod }
      : {
          ok: false,
          failure: { outcome: 'nothing', why: SKIP_REASONS[report.reason].text, hasMounts: true },
        };
  const applied = applyAndCheck(structuredClone(pod), decision, { settings, claimTemplates });
  if (!applied.ok)
    throw new Error(`the injection of a migrated template failed its own check: ${applied.reason}`);
  return applied;
}

function applyOperations(pod: Pod, operations: readonly Operation[]): Pod {
  const copy = structuredClone(operations) as jsonpatch.Operation[];
  return jsonpatch.applyPatch(structuredClone(pod), copy, true, true).newDocument;
}
