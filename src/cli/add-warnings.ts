// What a person should know before a live workload is changed: who owns it, and what the cluster lacks.
import type { Cluster } from '../cluster/cluster.ts';
import { findWebhook } from '../cluster/find-webhook.ts';
import { readEnforcedLevel } from '../cluster/pod-security.ts';
import { describeOwner } from '../workload/declared-owner.ts';
import type { DeclaredOwner } from '../workload/declared-owner.ts';

export interface AddWarningFacts {
  /** `deployment/sonarr`. */
  readonly shown: string;
  readonly owners: readonly DeclaredOwner[];
  readonly isInline: boolean;
}

/** One sentence or two each. Rejects with a ClusterError. */
export async function findAddWarnings(
  cluster: Cluster,
  namespace: string,
  { shown, owners, isInline }: AddWarningFacts,
): Promise<string[]> {
  const warnings = owners.map(
    (owner) =>
      `${shown} belongs to ${describeOwner(owner)}, which will put back what its files say. ` +
      `Change the files: media-stack add-sidecars -f FILE --write`,
  );
  if (!isInline) {
    const { outcome } = await findWebhook(cluster);
    if (outcome === 'absent') {
      warnings.push(
        'no webhook of media-stack is installed in this cluster (MutatingWebhookConfiguration): the label alone ' +
          'does nothing. Install it, or write the sidecars into the template with --inline',
      );
    } else if (outcome === 'unknown') {
      warnings.push(
        'you may not list MutatingWebhookConfigurations, so it is not known whether the webhook of media-stack is installed',
      );
    }
  }
  const level = await readEnforcedLevel(cluster, namespace);
  if (level === 'baseline' || level === 'restricted') {
    warnings.push(
      `namespace ${namespace} enforces Pod Security ${level}, which refuses privileged sidecars: ` +
        `kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`,
    );
  }
  return warnings;
}
