// What became of a pod in a cluster, from the objects alone: what its status annotation records, whose containers are
// whose, and why a labelled pod was not injected.
import type { InstalledWebhook, WebhookSearch } from '../cluster/find-webhook.ts';
import { matchesSelector } from '../pod/label-selector.ts';
import { decide } from '../inject/decide.ts';
import type { Report, Step } from '../inject/report.ts';
import { SKIP_REASONS } from '../inject/skip-reason.ts';
import { readStatus } from '../inject/status.ts';
import type { Status } from '../inject/status.ts';
import { resolveIntent } from '../intent/intent.ts';
import { MOUNTS_LABEL, readMountsLabel } from '../intent/labels.ts';
import { surveyPod } from '../intent/survey.ts';
import { listContainers } from '../pod/containers.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';
import type { Settings } from '../settings/schema.ts';
import { findLabelChange } from './label-change.ts';

export interface LiveContainer {
  readonly name: string;
  readonly role: 'app' | 'mount sidecar' | 'init-dirs' | 'other';
  readonly whose: 'added by media-stack' | 'written by hand';
}

export interface LivePod {
  readonly name: string;
  readonly state: 'injected' | 'not injected';
  readonly why: string;
}

export interface LiveFacts {
  /** What is known beside the decisions, a sentence each. */
  readonly facts: readonly string[];
  /** Of a pod, in its order. */
  readonly containers?: readonly LiveContainer[];
  /** Of a workload. */
  readonly pods?: readonly LivePod[];
}

/** What the cluster says around a pod. */
export interface Surroundings {
  readonly settings: Settings;
  readonly webhook: WebhookSearch;
  /** Null where the namespace may not be read. */
  readonly namespaceLabels: Readonly<Record<string, unknown>> | null;
  /** The workload behind the pod, where there is one and it may be read. */
  readonly workload: JsonObject | null;
}

/** The record of what was done; null for a pod that was not injected. */
export function recordedReport(pod: Pod): Report | null {
  const status = readStatus(pod);
  if (status === null) return null;
  return { outcome: 'injected', remotes: status.remotes, steps: recordedSteps(status), warnings: [] };
}

/** Whose each container is. */
export function liveContainers(pod: Pod, settings: Settings): LiveContainer[] {
  const added = readStatus(pod)?.added ?? {};
  const ours = new Set([...(added.containers ?? []), ...(added.initContainers ?? [])]);
  const { intent } = resolveIntent(pod, settings);
  const survey = surveyPod(pod, intent, settings, []);
  const names = (refs: readonly { readonly container: { readonly name: string } }[]) =>
    new Set(refs.map(({ container }) => container.name));
  const [apps, sidecars, initDirs] = [names(survey.apps), names(survey.sidecars), names(survey.initDirs)];
  return listContainers(pod).map(({ container: { name } }) => ({
    name,
    role: sidecars.has(name)
      ? 'mount sidecar'
      : initDirs.has(name)
        ? 'init-dirs'
        : apps.has(name)
          ? 'app'
          : 'other',
    whose: ours.has(name) ? 'added by media-stack' : 'written by hand',
  }));
}

/** Why a pod without a record was not injected: one sentence. `object` is the pod as it was read. */
export function whyNotInjected(object: JsonObject, pod: Pod, around: Surroundings): string {
  const label = readMountsLabel(pod);
  const template = valueAt(around.workload, ['spec', 'template', 'metadata', 'labels', MOUNTS_LABEL]);
  if (label === 'absent') {
    if (template === 'true')
      return 'it was made before its template had the label; its workload has not replaced it yet';
    if (valueAt(around.workload, ['metadata', 'labels', MOUNTS_LABEL]) !== undefined)
      return 'the label stands on the workload and not on its pod template (MS501)';
    return 'it has no label media-stack/cloud-mounts';
  }
  if (label === 'false') return SKIP_REASONS.label_false.text;
  const { report } = decide({ pod, settings: around.settings });
  if (report.outcome === 'skipped') {
    const { text, hint } = SKIP_REASONS[report.reason];
    return report.reason === 'already_complete'
      ? 'its sidecars were all there when it was made'
      : `${text}; ${hint}`;
  }
  const createdAt = textAt(object, ['metadata', 'creationTimestamp']);
  const change = findLabelChange(object, MOUNTS_LABEL);
  if (change !== null && change.time > createdAt)
    return `its label was set at ${change.time} by ${change.manager}, after the pod was made (${createdAt}): only the creation is changed`;
  return whyWebhookMissedIt(createdAt, around);
}

function whyWebhookMissedIt(createdAt: string, { webhook, namespaceLabels }: Surroundings): string {
  switch (webhook.outcome) {
    case 'absent':
      return 'no webhook of media-stack is installed in this cluster';
    case 'unknown':
      return 'the webhook did not see it; you may not list MutatingWebhookConfigurations, so it is not known whether one is installed';
    case 'found':
      return whyMissedBy(webhook.webhook, createdAt, namespaceLabels);
  }
}

function whyMissedBy(
  { configuration, createdAt: installedAt, failurePolicy, namespaceSelector }: InstalledWebhook,
  createdAt: string,
  namespaceLabels: Readonly<Record<string, unknown>> | null,
): string {
  if (installedAt > createdAt)
    return `it is older (${createdAt}) than the webhook ${configuration} (${installedAt}): delete the pod or restart the rollout`;
  if (namespaceLabels !== null && !matchesSelector(namespaceSelector, namespaceLabels))
    return `the namespaceSelector of the webhook ${configuration} leaves its namespace out`;
  if (failurePolicy === 'Ignore')
    return `the webhook ${configuration} did not answer when it was made, and its failurePolicy is Ignore`;
  return `the webhook ${configuration} is there and did not inject it: look at its log for the time ${createdAt}`;
}

function recordedSteps({ version, added }: Status): Step[] {
  const why = `media-stack/status of version ${version}`;
  const each = (list: readonly string[] | undefined, what: (item: string) => string): Step[] =>
    (list ?? []).map((item) => ({ what: what(item), why }));
  const mounts = (
    map: Readonly<Record<string, readonly string[]>> | undefined,
    what: (path: string) => string,
  ) =>
    Object.entries(map ?? {}).flatMap(([container, paths]) =>
      each(paths, (path) => `${what(path)} in ${container}`),
    );
  return [
    ...each(added.volumes, (name) => `added volume ${name}`),
    ...mounts(added.volumeMounts, (path) => `mounted ${path}`),
    ...mounts(added.mountPropagation, (path) => `set mountPropagation: HostToContainer at ${path}`),
    ...each(added.initContainers, (name) => `added init container ${name}`),
    ...each(added.containers, (name) => `added container ${name}`),
    ...each(added.annotations, (name) => `added annotation ${name}`),
    ...(added.preferredNodes ?? []).map((nodes) => ({
      what: `preferred the nodes ${nodes.join(', ')}`,
      why,
    })),
  ];
}
