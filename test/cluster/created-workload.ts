// Workloads of a case or manifest as they are created for real, the pods that controllers make of them, and who must
// refuse them by the offline verdict.
import { MOUNTS_LABEL } from '../../src/intent/labels.ts';
import { judgePod } from '../../src/policy/judge.ts';
import { asPod } from '../support/as-pod.ts';
import type { GoldenCase } from '../support/golden-case.ts';
import type { CaseOutcome } from '../support/golden-outcome.ts';
import type { KubectlResult, Kubectl, KubeObject } from './kubectl.ts';
import { waitUntil } from './wait-until.ts';

/**
 * The rules that the API server has itself answer in its words and before ours: then nothing of ours is asked
 * (spec 3, column "live").
 */
const API_SERVER_WORDS: Readonly<Record<string, string>> = {
  MS203: 'Bidirectional mount propagation is available only to privileged containers',
};

/** Those of the codes that nobody named: neither our text, nor the API server where the rule is its own. */
export function unnamed(codes: readonly string[], stderr: string): string[] {
  if (codes.some((code) => API_SERVER_WORDS[code] !== undefined && stderr.includes(API_SERVER_WORDS[code])))
    return [];
  return codes.filter((code) => !stderr.includes(code));
}

/** Whether the rule table leaves the refusal to the API server. */
export function isApiServersOwn(code: string): boolean {
  return API_SERVER_WORDS[code] !== undefined;
}

/** Rules that refuse the pod offline: the injection first, then the verdict on the injected pod. */
export function refusalsOf(outcome: CaseOutcome, golden: GoldenCase): string[] {
  const { decision, patched, workload } = outcome;
  if (decision.report.outcome === 'refused') return decision.report.problems.map(({ code }) => code);
  const claimTemplates = workload.claimTemplates.map(({ name }) => name);
  const pod = asPod(patched, workload, golden.assumeLabel ?? false) as CaseOutcome['pod'];
  const verdict = judgePod({ pod, settings: golden.parsedSettings, claimTemplates });
  if (!verdict.judged) return [];
  return verdict.problems.filter(({ level }) => level === 'deny').map(({ code }) => code);
}

/** Rules that refuse the workload offline: those of its pod, and those that only a template can break. */
export function workloadRefusalsOf(outcome: CaseOutcome, golden: GoldenCase): string[] {
  const problems = outcome.verdict.judged ? outcome.verdict.problems : [];
  const denials = problems.filter(({ level }) => level === 'deny').map(({ code }) => code);
  return [...new Set([...refusalsOf(outcome, golden), ...denials])];
}

/** A manifest that leaves out what only the API server asks for: a name, and the selector of its template's labels. */
export function withSelector(workload: KubeObject, namespace: string): KubeObject {
  const { metadata = {}, spec } = workload as { metadata?: KubeObject; spec: KubeObject };
  const named =
    metadata['name'] === undefined && metadata['generateName'] === undefined ? { name: 'unnamed' } : {};
  const labels = (spec['template']?.['metadata']?.['labels'] ?? {}) as KubeObject;
  const bySelector = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(
    workload['kind'] as string,
  );
  const selector = bySelector ? { selector: { matchLabels: labels } } : {};
  return { ...workload, metadata: { ...metadata, ...named, namespace }, spec: { ...selector, ...spec } };
}

/** The workload with the label on its pod template, unless the template says something about it; any kind. */
export function withLabel({ object, templatePath }: CaseOutcome['workload']): KubeObject {
  const copy: KubeObject = structuredClone(object);
  let at = copy;
  for (const segment of templatePath) at = at[segment] as KubeObject;
  const metadata = (at['metadata'] ??= {}) as KubeObject;
  metadata['labels'] = { [MOUNTS_LABEL]: 'true', ...(metadata['labels'] as KubeObject | undefined) };
  return copy;
}

/** What must exist before a pod that names it: ServiceAccount and RuntimeClass. */
export async function makeWhatItNames(kubectl: Kubectl, namespace: string, spec: KubeObject): Promise<void> {
  const account = (spec['serviceAccountName'] ?? spec['serviceAccount']) as string | undefined;
  const name = spec['runtimeClassName'] as string | undefined;
  if (account !== undefined) await kubectl.run(['create', 'serviceaccount', account, '-n', namespace]);
  if (name === undefined) return;
  const runtime = { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name }, handler: 'x' };
  await kubectl.run(['apply', '-f', '-'], { input: runtime });
}

/** Creates the workload in a namespace of its own; a CronJob is fired once by hand. */
export async function createWorkload(
  kubectl: Kubectl,
  object: KubeObject,
  namespace: string,
): Promise<KubectlResult> {
  const workload = withSelector(object, namespace);
  const created = await kubectl.run(['create', '-f', '-'], { input: workload });
  if (created.exitCode !== 0 || workload['kind'] !== 'CronJob') return created;
  const name = workload['metadata']['name'] as string;
  return kubectl.run(['create', 'job', `${name}-by-hand`, `--from=cronjob/${name}`, '-n', namespace]);
}

export interface PodsWanted {
  /** At least; default 1. */
  readonly count?: number;
  /** Default: any number. */
  readonly atMost?: number;
  /** Default 30 s. */
  readonly timeoutMs?: number;
  /** Which pods count; those that are being deleted never do. */
  readonly fits?: (pod: KubeObject) => boolean;
}

/** The pods of a namespace as soon as they are as wanted. */
export async function waitForPods(
  kubectl: Kubectl,
  namespace: string,
  wanted: PodsWanted = {},
): Promise<KubeObject[]> {
  const { count = 1, atMost = Infinity, timeoutMs = 30_000, fits = () => true } = wanted;
  return waitUntil(
    `${count} pods in ${namespace}`,
    async () => {
      const list = await kubectl.json(['get', 'pods', '-n', namespace]);
      const pods = (list['items'] as KubeObject[]).filter(
        (pod) => pod['metadata']['deletionTimestamp'] === undefined && fits(pod),
      );
      return pods.length >= count && pods.length <= atMost && pods;
    },
    { timeoutMs },
  );
}

/** What `inject` says about the pods of a workload, without what controllers give them. */
export function saidOfPods({ patched, workload }: CaseOutcome, assumeLabel: boolean): KubeObject {
  const { metadata, spec } = asPod(patched, workload, assumeLabel);
  const { name: _name, generateName: _generateName, namespace: _namespace, ...rest } = metadata as KubeObject;
  const { tolerations, ...others } = spec as KubeObject;
  // The controller of a DaemonSet adds its own to the same list.
  const kept = workload.kind === 'DaemonSet' || tolerations === undefined ? {} : { tolerations };
  return { metadata: rest, spec: { ...others, ...kept } as unknown };
}

/** The pod with its volumes by name: the StatefulSet controller adds those of claim templates in the order of a Go map. */
export function withSortedVolumes(pod: KubeObject): KubeObject {
  const volumes = (pod['spec']?.['volumes'] ?? []) as KubeObject[];
  const sorted = volumes.toSorted((one, other) => (one['name'] < other['name'] ? -1 : 1));
  return { ...pod, spec: { ...(pod['spec'] as KubeObject), volumes: sorted } };
}

/** Init containers, a bar, and the others, in order. */
export function containerNames(pod: KubeObject | undefined): string[] {
  const names = (list: string): string[] =>
    ((pod?.['spec']?.[list] ?? []) as KubeObject[]).map(({ name }) => name as string);
  return [...names('initContainers'), '|', ...names('containers')];
}

/** A DaemonSet makes pods for nodes only, and an API server alone has none; nothing runs on this one. */
export async function ensureNode(kubectl: Kubectl): Promise<string> {
  const list = await kubectl.json(['get', 'nodes']);
  const [node] = list['items'] as KubeObject[];
  if (node !== undefined) return node['metadata']['name'] as string;
  const name = 'not-a-real-node';
  const labels = { 'kubernetes.io/hostname': name };
  await kubectl.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
  return name;
}
