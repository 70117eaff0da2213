// Runs the rules over a pod, or over the pod that a template will become: template -> inject -> rules.
import { resolveIntent } from '../intent/intent.ts';
import { readMountsLabel } from '../intent/labels.ts';
import { readMountSidecar } from '../intent/mount-sidecar.ts';
import { surveyPod } from '../intent/survey.ts';
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import type { SkipReason } from '../inject/skip-reason.ts';
import { listContainers } from '../pod/containers.ts';
import { controllerKind } from '../pod/controller-owner.ts';
import type { Pod } from '../pod/pod.ts';
import { renderFieldPath } from '../problem/field-path.ts';
import { sortProblems } from '../problem/problem.ts';
import type { Problem } from '../problem/problem.ts';
import { FIXED_RULE_IDS } from '../problem/rule-ids.ts';
import type { Settings } from '../settings/schema.ts';
import { RULES } from './catalogue.ts';
import { authorPath } from './author-path.ts';
import type { PodView, Rule, WorkloadFacts } from './rule.ts';

export interface JudgeInput {
  readonly pod: Pod;
  readonly settings: Settings;
  readonly claimTemplates?: readonly string[];
  readonly assumeLabel?: boolean;
  /** The object that holds the template. */
  readonly workload?: WorkloadFacts;
  /** In lint hand-written sidecars are judged without the label too. Default: admission. */
  readonly use?: 'admission' | 'lint';
}

export type Verdict =
  | { readonly judged: false; readonly reason: SkipReason }
  | {
      readonly judged: true;
      readonly problems: readonly Problem[];
      /** Findings that the pod's own annotation waived. */ readonly waived: readonly Problem[];
    };

/** Judges a pod as it stands: the final state at admission. Paths are those of the pod. */
export function judgePod(input: JudgeInput): Verdict {
  const { report } = decide(input);
  if (report.outcome === 'skipped' && NOT_JUDGED.has(report.reason))
    return judgeUnasked(input, 'pod', report.reason);
  return runRules(input, 'pod', () => true);
}

/**
 * Judges a pod template, or a pod that has not met the webhook yet, as the pod it will become. `ownedPod` of the input
 * IS CHANGED by the injection; paths in the problems are those its author wrote.
 */
export function judgeTemplate(input: JudgeInput & { readonly origin?: 'pod' | 'template' }): Verdict {
  const decision = decide(input);
  const { report } = decision;
  const origin = input.origin ?? 'template';
  if (report.outcome === 'skipped' && NOT_JUDGED.has(report.reason))
    return judgeUnasked(input, origin, report.reason);
  if (report.outcome !== 'injected') {
    const refused = report.outcome === 'refused';
    return runRules(input, origin, (rule) => !(refused && rule.afterInjection));
  }
  const toAuthor = authorPath(input.pod);
  const applied = applyAndCheck(input.pod, decision, input);
  if (!applied.ok) throw new Error(`the injection of a template failed its own check: ${applied.reason}`);
  const verdict = runRules({ ...input, pod: applied.pod }, origin, () => true);
  const mapped = (problems: readonly Problem[]) =>
    problems.map((problem) => ({ ...problem, path: toAuthor(problem.path, applied.pod) }));
  return verdict.judged
    ? { judged: true, problems: mapped(verdict.problems), waived: mapped(verdict.waived) }
    : verdict;
}

/** Where nobody asks for mounts, hand-written sidecars may be judged all the same. */
const UNASKED: ReadonlySet<SkipReason> = new Set(['label_absent', 'label_false', 'no_remotes_selected']);

/** Where nobody asks for mounts, or the kubelet could not give them, there is nothing to judge. */
const NOT_JUDGED: ReadonlySet<SkipReason> = new Set([...UNASKED, 'mirror_pod', 'windows_pod']);

/**
 * Where nobody asks: in lint, hand-written sidecars are judged as they stand, without what the label would
 * promise; a label in the wrong place is named.
 */
function judgeUnasked(input: JudgeInput, origin: PodView['origin'], reason: SkipReason): Verdict {
  if (!UNASKED.has(reason)) return { judged: false, reason };
  if (input.use === 'lint' && hasSidecar(input)) return runRules(input, origin, (rule) => !rule.ofLabel);
  if (reason === 'label_absent' && input.workload?.label === 'true')
    return runRules(input, origin, (rule) => rule.id === 'MS501');
  return { judged: false, reason };
}

function hasSidecar({ pod, settings }: JudgeInput): boolean {
  const { intent } = resolveIntent(pod, settings);
  return listContainers(pod).some((ref) => readMountSidecar(ref.container, intent) !== null);
}

const MAX_FINDINGS = 50;

function runRules(input: JudgeInput, origin: PodView['origin'], applies: (rule: Rule) => boolean): Verdict {
  const { pod, settings, claimTemplates = [], workload = null } = input;
  const { intent, problems: annotationProblems } = resolveIntent(pod, settings);
  const survey = surveyPod(pod, intent, settings, claimTemplates);
  const view: PodView = {
    pod,
    origin,
    workload,
    workloadKind: workload?.kind ?? controllerKind(pod.metadata),
    use: input.use ?? 'admission',
    settings,
    intent,
    survey,
    annotationProblems: [...annotationProblems, ...survey.problems],
  };
  // With a label that nobody understands the rest is guesswork.
  const malformed = readMountsLabel(pod) === 'malformed';
  const rules = RULES.filter((rule) => (malformed ? rule.id === 'MS502' : applies(rule)));
  const found = sortProblems(rules.flatMap((rule) => runRule(rule, view)));
  const waives = ({ code, level }: Problem) =>
    intent.ignore.includes(code) &&
    (level === 'warn' || (settings.policy.waivers === 'all' && !FIXED_RULE_IDS.includes(code)));
  return {
    judged: true,
    problems: found.filter((problem) => !waives(problem)),
    waived: found.filter(waives),
  };
}

function runRule(rule: Rule, view: PodView): Problem[] {
  const level = view.settings.policy.rules[rule.id];
  if (level === 'off') return [];
  // One pod cannot be worth more lines, and a hostile one could fill the memory.
  return rule
    .check(view)
    .slice(0, MAX_FINDINGS)
    .map((finding) => ({
      code: rule.id,
      level: level ?? finding.level ?? rule.level,
      path: renderFieldPath(finding.path),
      message: finding.message,
      hint: finding.hint,
    }));
}
