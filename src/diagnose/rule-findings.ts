// Findings of the rules (policy/) about the pod as it runs.
import { judgePod } from '../policy/judge.ts';
import { listContainers } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Subject } from './subject.ts';

export interface RuleProblem {
  readonly problem: Problem;
  /** The container that its path names. */
  readonly ref: ContainerRef | null;
}

/** The problems of these rules, waived ones too: what is waived can still be the cause. */
export function problemsOfRules({ pod, settings }: Subject, ids: readonly string[]): RuleProblem[] {
  const all = { ...settings, policy: { ...settings.policy, rules: {} } };
  const verdict = judgePod({ pod, settings: all, use: 'lint' });
  if (!verdict.judged) return [];
  return [...verdict.problems, ...verdict.waived]
    .filter(({ code }) => ids.includes(code))
    .map((problem) => {
      const [, list, index] = parseFieldPath(problem.path);
      const ref = listContainers(pod).find((found) => found.list === list && found.index === index);
      return { problem, ref: ref ?? null };
    });
}
