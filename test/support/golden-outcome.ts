// What the engine makes of a golden case, in the form in which the file holds it.
import jsonpatch from 'fast-json-patch';
import { decide } from '../../src/inject/decide.ts';
import type { Decision, InjectionInput } from '../../src/inject/decide.ts';
import type { Operation } from '../../src/pod/json-patch.ts';
import { judgePod, judgeTemplate } from '../../src/policy/judge.ts';
import type { Verdict } from '../../src/policy/judge.ts';
import { workloadFacts } from '../../src/policy/workload-facts.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import type { Pod } from '../../src/pod/pod.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { findWorkloads } from '../../src/workload/template.ts';
import type { Workload } from '../../src/workload/template.ts';
import { abbreviate } from './golden-case.ts';
import type { GoldenCase } from './golden-case.ts';

export interface CaseOutcome {
  readonly workload: Workload;
  readonly pod: Pod;
  readonly input: InjectionInput;
  readonly decision: Decision;
  /** The pod-like after the patch; the pod-like itself where there is none. */
  readonly patched: Pod;
  /** Judged as the endpoint /validate does: a template as it will become, a pod as it stands in the end. */
  readonly verdict: Verdict;
  /** After the operations of `between`. */
  readonly second: { readonly decision: Decision; readonly final: Pod } | undefined;
}

/** Every workload of the case, in order. */
export function outcomesOf(golden: GoldenCase): CaseOutcome[] {
  return findWorkloads(golden.input).map((workload) => outcomeOf(workload, golden));
}

function outcomeOf(workload: Workload, golden: GoldenCase): CaseOutcome {
  const decoded = decodePod(workload.podLike);
  if (!decoded.ok) throw new Error(`${golden.file}: ${JSON.stringify(decoded.problems)}`);
  const { pod } = decoded;
  const context = {
    settings: golden.parsedSettings,
    assumeLabel: golden.assumeLabel ?? false,
    claimTemplates: workload.claimTemplates.map(({ name }) => name),
  };
  const input = { pod, ...context };
  const decision = decide(input);
  const patched = patch(pod, decision.patch);
  let final = patched;
  let second: CaseOutcome['second'];
  if (golden.between !== undefined) {
    const returned = patch(patched, golden.between);
    const secondDecision = decide({ ...context, pod: returned });
    final = patch(returned, secondDecision.patch);
    second = { decision: secondDecision, final };
  }
  const verdict =
    workload.kind === 'Pod'
      ? judgePod({ pod: final, ...context })
      : judgeTemplate({
          pod: structuredClone(pod),
          ...context,
          workload: workloadFacts(workload.kind, workload.object),
        });
  return { workload, pod, input, decision, patched, verdict, second };
}

/** A patched copy; the values of the operations are not copied, so that they show up as the same objects. */
export function patch(pod: Pod, operations: readonly Operation[]): Pod {
  return jsonpatch.applyPatch(structuredClone(pod), operations as jsonpatch.Operation[], true).newDocument;
}

/** The generated part of the file. */
export function describeOutcomes(outcomes: readonly CaseOutcome[]): Record<string, unknown> {
  const described = outcomes.map((outcome) => abbreviate(describeOutcome(outcome)));
  const [only] = described;
  if (described.length === 1) return only as Record<string, unknown>;
  return {
    workloads: Object.fromEntries(
      described.map((value, index) => {
        const { kind, name } = outcomes[index]?.workload ?? { kind: '', name: '' };
        return [`${kind} ${name}`, value];
      }),
    ),
  };
}

function describeOutcome({ decision, patched, verdict, second }: CaseOutcome): unknown {
  const injected = decision.report.outcome === 'injected';
  return {
    ...describeDecision(decision),
    verdict: describeVerdict(verdict),
    ...(injected ? { patched, patch: decision.patch } : {}),
    ...(second === undefined
      ? {}
      : {
          secondRound: {
            ...describeDecision(second.decision),
            ...(second.decision.patch.length > 0 ? { patch: second.decision.patch } : {}),
          },
        }),
  };
}

function describeDecision({ report }: Decision): Record<string, unknown> {
  return {
    outcome: report.outcome,
    reason: report.outcome === 'skipped' ? report.reason : undefined,
    remotes: report.outcome === 'injected' ? report.remotes.join(', ') : undefined,
    problems: report.outcome === 'refused' ? report.problems : undefined,
    warnings: report.warnings,
    steps: report.steps.map(({ what, why }) => `${what}: ${why}`),
  };
}

function describeVerdict(verdict: Verdict): unknown {
  if (!verdict.judged) return `not judged: ${verdict.reason}`;
  const short = (problems: readonly Problem[]) =>
    problems.map(({ code, level, path, message }) => ({ code, level, path, message }));
  if (verdict.waived.length === 0) return short(verdict.problems);
  return { problems: short(verdict.problems), waived: short(verdict.waived) };
}
