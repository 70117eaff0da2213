// The one decision about a pod: inject (with the patch), leave alone (with the reason) or refuse (with the problems).
// Pure: the webhook, the command line and the tests all call it.
import { resolveIntent } from '../intent/intent.ts';
import type { Intent } from '../intent/intent.ts';
import { MOUNTS_LABEL, malformedLabelProblem, readMountsLabel } from '../intent/labels.ts';
import { surveyPod } from '../intent/survey.ts';
import type { Survey } from '../intent/survey.ts';
import { planMounts } from '../plan/plan.ts';
import type { Pod } from '../pod/pod.ts';
import { sortProblems } from '../problem/problem.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { buildPatch } from './build-patch.ts';
import { explainPlan, explainSurvey } from './explain-plan.ts';
import type { Operation } from '../pod/json-patch.ts';
import type { Report, Step } from './report.ts';
import { SKIP_REASONS } from './skip-reason.ts';
import type { SkipReason } from './skip-reason.ts';
import type { Additions } from './status.ts';
import { differentVolumesProblem } from '../intent/volume-clash.ts';

export interface InjectionInput {
  /** A pod, or the metadata and spec of a pod template. */
  readonly pod: Pod;
  readonly settings: Settings;
  /** Names of the volume claim templates of a StatefulSet: volumes that its pods will have. */
  readonly claimTemplates?: readonly string[];
  /** Treat a pod without the label as if it carried it. */
  readonly assumeLabel?: boolean;
}

export interface Decision {
  /** Operations on the pod, empty unless the outcome is `injected`. */
  readonly patch: readonly Operation[];
  readonly added: Additions;
  readonly report: Report;
}

/** Reasons that a person who set the label wants to hear about. */
const SURPRISING: ReadonlySet<SkipReason> = new Set([
  'no_app_container',
  'no_remotes_selected',
  'windows_pod',
  'mirror_pod',
]);

/** Decides about one pod; never changes its input. */
export function decide({
  pod,
  settings,
  claimTemplates = [],
  assumeLabel = false,
}: InjectionInput): Decision {
  const label = readMountsLabel(pod);
  if (label === 'absent' && !assumeLabel) return skip('label_absent', []);
  if (label === 'false') return skip('label_false', []);
  if (label === 'malformed') return refuse([malformedLabelProblem(pod)], []);
  if (pod.metadata?.annotations?.['kubernetes.io/config.mirror'] !== undefined) return skip('mirror_pod', []);
  if (isWindowsPod(pod)) return skip('windows_pod', []);
  const { intent, problems } = resolveIntent(pod, settings);
  if (problems.length > 0) return refuse(problems, []);
  const steps: Step[] = [
    {
      what: 'the pod is to have cloud mounts',
      why: label === 'true' ? `label ${MOUNTS_LABEL} is "true"` : 'the label is assumed',
    },
  ];
  if (intent.remotes.length === 0) return skip('no_remotes_selected', steps);
  const survey = surveyPod(pod, intent, settings, claimTemplates);
  if (survey.problems.length > 0) return refuse(survey.problems, steps);
  steps.push(...explainSurvey(survey, intent));
  if (survey.apps.length === 0) return skip('no_app_container', steps);
  if (survey.mediaCandidates.length > 1) return refuse([differentVolumesProblem(survey, intent)], steps);
  return inject(pod, intent, survey, settings, claimTemplates, steps);
}

function inject(
  pod: Pod,
  intent: Intent,
  survey: Survey,
  settings: Settings,
  claimTemplates: readonly string[],
  steps: Step[],
): Decision {
  const plan = planMounts(pod, intent, survey, settings, claimTemplates);
  const { patch, added } = buildPatch(pod, plan, intent);
  if (patch.length === 0) return skip('already_complete', steps);
  steps.push(...explainPlan(plan, survey, intent));
  return {
    patch,
    added,
    report: {
      outcome: 'injected',
      remotes: intent.remotes.map((remote) => remote.name),
      steps,
      warnings: [],
    },
  };
}

function skip(reason: SkipReason, steps: readonly Step[]): Decision {
  const { text, hint } = SKIP_REASONS[reason];
  const warnings = SURPRISING.has(reason) ? [`media-stack: no mounts: ${text}; ${hint}`] : [];
  return { patch: [], added: {}, report: { outcome: 'skipped', reason, steps, warnings } };
}

function refuse(problems: readonly Problem[], steps: readonly Step[]): Decision {
  return {
    patch: [],
    added: {},
    report: { outcome: 'refused', problems: sortProblems(problems), steps, warnings: [] },
  };
}

function isWindowsPod(pod: Pod): boolean {
  return pod.spec.os?.name === 'windows' || pod.spec.nodeSelector?.['kubernetes.io/os'] === 'windows';
}
