// What the rules say, for their tests: the whole list, so that a rule that fires beside another one shows.
import { judgePod, judgeTemplate } from '../../../src/policy/judge.ts';
import type { JudgeInput, Verdict } from '../../../src/policy/judge.ts';
import type { Pod } from '../../../src/pod/pod.ts';
import type { Problem } from '../../../src/problem/problem.ts';
import { defaultSettings } from '../../../src/settings/parse-settings.ts';

type Options = Partial<Omit<JudgeInput, 'pod'>>;

/** The problems of a pod template, judged as the pod it will become. */
export function problemsOfTemplate(
  pod: Pod,
  options: Options & { readonly origin?: 'pod' | 'template' } = {},
): readonly Problem[] {
  return problemsOf(judgeTemplate({ pod: structuredClone(pod), settings: defaultSettings(), ...options }));
}

/** The problems of a pod as it stands. */
export function problemsOfPod(pod: Pod, options: Options = {}): readonly Problem[] {
  return problemsOf(judgePod({ pod, settings: defaultSettings(), ...options }));
}

function problemsOf(verdict: Verdict): readonly Problem[] {
  if (!verdict.judged) throw new Error(`not judged: ${verdict.reason}`);
  return verdict.problems;
}
