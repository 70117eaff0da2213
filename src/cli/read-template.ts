// The pod template of a workload as the engine takes it: the label first, then the shape.
import { rawLabelProblem } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import type { Pod } from '../pod/pod.ts';
import type { JudgeInput } from '../policy/judge.ts';
import { workloadFacts } from '../policy/workload-facts.ts';
import type { Problem } from '../problem/problem.ts';
import type { Workload } from '../workload/template.ts';

export type ReadTemplate =
  | { readonly ok: true; readonly pod: Pod }
  | {
      readonly ok: false;
      /** A label that nobody understands, or what is no pod. */
      readonly wrong: 'label' | 'shape';
      /** Paths begin at the template. */
      readonly problems: readonly Problem[];
    };

/** The pod of a template; it is not copied. */
export function readTemplate({ podLike }: Workload): ReadTemplate {
  const malformed = rawLabelProblem(podLike);
  if (malformed) return { ok: false, wrong: 'label', problems: [malformed] };
  const decoded = decodePod(podLike);
  return decoded.ok ? decoded : { ok: false, wrong: 'shape', problems: decoded.problems };
}

/** What judgeTemplate is asked about a workload of a manifest; the pod in it is a copy. */
export function judgeInput(
  { kind, object, templatePath, claimTemplates }: Workload,
  pod: Pod,
  { settings, assumeLabel }: Required<Pick<JudgeInput, 'settings' | 'assumeLabel'>>,
): JudgeInput & { readonly origin: 'pod' | 'template' } {
  return {
    pod: structuredClone(pod),
    settings,
    assumeLabel,
    claimTemplates: claimTemplates.map((template) => template.name),
    ...(templatePath.length === 0
      ? { origin: 'pod' }
      : { origin: 'template', workload: workloadFacts(kind, object) }),
  };
}
