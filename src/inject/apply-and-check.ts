// The last look at a patch before it leaves: it is applied, and the result is judged. A patch that the API server
// cannot apply rejects the pod whatever the failure policy is (apiserver admission/plugin/webhook/mutating/dispatcher.go).
import jsonpatch from 'fast-json-patch';
import { mountsAt } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import { decide } from './decide.ts';
import type { Decision, InjectionInput } from './decide.ts';

export type Applied =
  | { readonly ok: true; readonly pod: Pod }
  | { readonly ok: false; readonly reason: string };

/**
 * Applies the patch of a decision to `ownedPod`, WHICH IS CHANGED and belongs to this function from here on, and
 * checks the result: nothing we added is missing or stands twice, and a second decision finds nothing left to do.
 */
export function applyAndCheck(
  ownedPod: Pod,
  decision: Decision,
  input: Omit<InjectionInput, 'pod'>,
): Applied {
  let pod: Pod;
  try {
    pod = jsonpatch.applyPatch(ownedPod, decision.patch as jsonpatch.Operation[], true, true).newDocument;
  } catch (error) {
    return {
      ok: false,
      reason: `the patch does not apply: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  const doubled = findDoubled(pod, decision, input.claimTemplates ?? []);
  if (doubled !== null) return { ok: false, reason: doubled };
  const { report } = decide({ ...input, pod });
  const complete = report.outcome === 'skipped' && report.reason === 'already_complete';
  return complete
    ? { ok: true, pod }
    : { ok: false, reason: `the patched pod is not complete: ${report.outcome}` };
}

function findDoubled(pod: Pod, { added }: Decision, claimTemplates: readonly string[]): string | null {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  for (const name of [...(added.containers ?? []), ...(added.initContainers ?? [])]) {
    const count = containers.filter((container) => container.name === name).length;
    if (count !== 1) return `container ${name} stands there ${count} times`;
  }
  const volumes = [...(pod.spec.volumes ?? []).map((volume) => volume.name), ...claimTemplates];
  for (const name of added.volumes ?? []) {
    const count = volumes.filter((volume) => volume === name).length;
    if (count !== 1) return `volume ${name} stands there ${count} times`;
  }
  for (const container of containers) {
    const paths = Object.hasOwn(added.volumeMounts ?? {}, container.name)
      ? (added.volumeMounts?.[container.name] ?? [])
      : [];
    for (const path of paths) {
      const count = mountsAt(container, path).length;
      if (count !== 1) return `container ${container.name} mounts ${path} ${count} times`;
    }
  }
  return null;
}
