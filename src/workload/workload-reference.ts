// What a person writes to name a workload: `sonarr`, `deployment/sonarr`, `deploy/sonarr`, `deployments.apps/sonarr`.

/** The kinds that keep pods running from a template that may be changed. */
export const ROLLOUT_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
export type RolloutKind = (typeof ROLLOUT_KINDS)[number];

export type ReferenceKind = RolloutKind | 'Pod';

export interface WorkloadReference {
  /** Null where only a name was given. */
  readonly kind: ReferenceKind | null;
  readonly name: string;
}

/** Words for kinds, as `kubectl api-resources` has them. */
export const KIND_WORDS: ReadonlyMap<string, ReferenceKind> = new Map([
  ['deployment', 'Deployment'],
  ['deployments', 'Deployment'],
  ['deploy', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['statefulsets', 'StatefulSet'],
  ['sts', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['daemonsets', 'DaemonSet'],
  ['ds', 'DaemonSet'],
  ['pod', 'Pod'],
  ['pods', 'Pod'],
  ['po', 'Pod'],
]);

/** The words for a kind that may stand before the slash. */
export const REFERENCE_WORDS: readonly string[] = [...KIND_WORDS.keys()];

/** Null for what names nothing: an unknown kind, no name, more than one slash. A `.apps` or `.v1.apps` is passed over. */
export function parseWorkloadReference(text: string): WorkloadReference | null {
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return null;
  if (second === undefined) return first === '' ? null : { kind: null, name: first };
  const kind = KIND_WORDS.get((first.split('.', 1)[0] ?? '').toLowerCase());
  return kind === undefined || second === '' ? null : { kind, name: second };
}

/** `deployment/sonarr`, as kubectl prints it. */
export function renderReference(kind: string, name: string): string {
  return `${kind.toLowerCase()}/${name}`;
}
