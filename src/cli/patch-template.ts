// Changes the pod template of a live workload, but only the one that a person has seen.
import { ClusterError, isClusterError } from '../cluster/cluster-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { patchObject, readObject } from '../cluster/objects.ts';
import type { ObjectName } from '../cluster/objects.ts';
import { jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Workload } from '../workload/template.ts';
import type { RolloutKind } from '../workload/workload-reference.ts';

export interface PatchTarget {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** As it was read. */
  readonly workload: Workload;
  /** `deployment/sonarr`. */
  readonly shown: string;
}

export type Patched =
  | { readonly outcome: 'done'; readonly object: JsonObject; readonly warnings: readonly string[] }
  /** Admission or validation is against it. */
  | { readonly outcome: 'refused'; readonly message: string };

/** Somebody who scales without end does not hold us up for ever. */
const MAX_TRIES = 5;

/**
 * Applies operations on the object. Rejects with a `conflict` where the template is another one by now.
 *
 * What was read is tested by uid and generation, which counts the changes of the spec and not those of the status. The
 * template itself cannot be tested: the API server compares strings as Go has written them, `&` as `\u0026`
 * (github.com/evanphx/json-patch v4, lazyNode.equal; measured on 1.36).
 */
export async function patchTemplate(
  target: PatchTarget,
  operations: readonly Operation[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<Patched> {
  const { cluster, shown, workload } = target;
  const template = (object: JsonObject): unknown => valueAt(object, workload.templatePath);
  let expected = workload.object;
  for (let tries = 1; ; tries += 1) {
    const warnings: string[] = [];
    const options = { dryRun, onWarning: (text: string): void => void warnings.push(text) };
    try {
      const patch = [...guards(expected), ...operations];
      return {
        outcome: 'done',
        object: await patchObject(cluster, objectName(target), patch, options),
        warnings,
      };
    } catch (error) {
      if (isClusterError(error, 'forbidden') && DENIED.test(error.message))
        return { outcome: 'refused', message: error.message };
      if (!isClusterError(error, 'invalid')) throw error;
      const stored = await readObject(cluster, objectName(target));
      if (jsonEqual(guards(stored), guards(expected))) return { outcome: 'refused', message: error.message };
      if (!jsonEqual(template(stored), template(expected)) || tries === MAX_TRIES) {
        throw new ClusterError(
          'conflict',
          `the pod template of ${shown} was changed in between; nothing was done`,
          'Run the command again: it shows the template as it is now.',
        );
      }
      // Scaled, for instance.
      expected = stored;
    }
  }
}

/** How a workload is addressed. */
export function objectName({ namespace, workload }: PatchTarget): ObjectName {
  return { kind: workload.kind as RolloutKind, namespace, name: workload.name };
}

/** A 403 of admission, not of RBAC (apiserver admission/errors.go; PodSecurity says "violates"). */
const DENIED = /denied the request|violates PodSecurity|exceeded quota/;

interface Guard {
  readonly op: 'test';
  readonly path: string;
  readonly value: unknown;
}

function guards(object: JsonObject): Guard[] {
  return ['uid', 'generation'].map((field) => ({
    op: 'test',
    path: `/metadata/${field}`,
    value: valueAt(object, ['metadata', field]),
  }));
}
