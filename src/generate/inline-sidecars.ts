// The sidecars written out in a Deployment, by the engine of the webhook.
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod, PodSpec } from '../pod/pod.ts';
import { joinFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';

export type InlinedDeployment =
  | { readonly ok: true; readonly deployment: JsonObject }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The Deployment as `inject` leaves it, its keys in the order of the pod's life. */
export function inlineSidecars(deployment: JsonObject, settings: Settings): InlinedDeployment {
  const spec = deployment['spec'] as JsonObject;
  const pod = structuredClone(spec['template']) as unknown as Pod;
  const decision = decide({ pod, settings });
  const { report } = decision;
  if (report.outcome === 'refused') {
    const problems = report.problems.map((problem) => ({
      ...problem,
      path: joinFieldPath('spec.template', problem.path),
    }));
    return { ok: false, problems };
  }
  if (report.outcome === 'skipped') throw new Error(`nothing to write out: ${report.reason}`);
  const applied = applyAndCheck(pod, decision, { settings });
  if (!applied.ok) throw new Error(`the sidecars cannot be written out: ${applied.reason}`);
  const template = { ...applied.pod, spec: initFirst(applied.pod.spec) } as unknown as JsonObject;
  return { ok: true, deployment: { ...deployment, spec: { ...spec, template } } };
}

/** What runs first stands first; the patch has put it behind the volumes. */
function initFirst({ initContainers, containers, volumes, ...rest }: PodSpec): object {
  return { ...rest, ...(initContainers ? { initContainers } : {}), containers, volumes };
}
