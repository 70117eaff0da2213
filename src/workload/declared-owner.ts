// Who else writes an object: a tool that makes it from files would undo a change made in the cluster.
import { isJsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';

export interface DeclaredOwner {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm';
  /** Of the Application, Kustomization, HelmRelease or release; null where the mark does not say. */
  readonly name: string | null;
  /** The label or annotation that tells: `annotation argocd.argoproj.io/tracking-id`. */
  readonly evidence: string;
}

/**
 * The tools that say on the object that it is theirs, the one that has the last word first: a Helm chart may be rendered
 * by Argo CD or Flux. The label app.kubernetes.io/instance alone is no proof: charts and people set it too.
 */
export function findDeclaredOwners(object: unknown): DeclaredOwner[] {
  const labels = mapAt(object, 'labels');
  const annotations = mapAt(object, 'annotations');
  const owners: DeclaredOwner[] = [];
  const trackingId = annotations['argocd.argoproj.io/tracking-id'];
  if (trackingId !== undefined) {
    // APPLICATION:GROUP/KIND:NAMESPACE/NAME (argo-cd, util/argo/resource_tracking.go).
    const [name = ''] = trackingId.split(':', 1);
    owners.push({
      tool: 'Argo CD',
      name: name || null,
      evidence: 'annotation argocd.argoproj.io/tracking-id',
    });
  }
  for (const group of ['kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io']) {
    const key = Object.keys(labels).find((label) => label.startsWith(`${group}/`));
    if (key !== undefined)
      owners.push({ tool: 'Flux', name: labels[`${group}/name`] ?? null, evidence: `label ${key}` });
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined)
    owners.push({ tool: 'Helm', name: release, evidence: 'annotation meta.helm.sh/release-name' });
  else if (labels['app.kubernetes.io/managed-by'] === 'Helm')
    owners.push({ tool: 'Helm', name: null, evidence: 'label app.kubernetes.io/managed-by: Helm' });
  return owners;
}

/** `Argo CD (application media, annotation argocd.argoproj.io/tracking-id)`. */
export function describeOwner({ tool, name, evidence }: DeclaredOwner): string {
  const what = { 'Argo CD': 'application', Flux: 'object', Helm: 'release' }[tool];
  return `${tool} (${name === null ? '' : `${what} ${name}, `}${evidence})`;
}

function mapAt(object: unknown, field: 'labels' | 'annotations'): Readonly<Record<string, string>> {
  const map = valueAt(object, ['metadata', field]);
  if (!isJsonObject(map)) return {};
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
