// explain on a cluster: reads the pod or workload and what stands around it.
import { isClusterError } from '../cluster/cluster-error.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { findWebhook } from '../cluster/find-webhook.ts';
import { findWorkload } from '../cluster/find-workload.ts';
import { readObject } from '../cluster/objects.ts';
import { RESOURCES } from '../cluster/resource-path.ts';
import type { ResourceKind } from '../cluster/resource-path.ts';
import { listWorkloadPods } from '../cluster/workload-pods.ts';
import { decide } from '../inject/decide.ts';
import type { Report } from '../inject/report.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';
import { judgePod } from '../policy/judge.ts';
import { joinFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import { findWorkloads } from '../workload/template.ts';
import { ROLLOUT_KINDS, parseWorkloadReference } from '../workload/workload-reference.ts';
import { openCluster } from './cluster-options.ts';
import type { ExplainFlags } from './explain.ts';
import { explainWorkload } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { liveContainers, recordedReport, whyNotInjected } from './live-explanation.ts';
import type { LivePod, Surroundings } from './live-explanation.ts';
import { loadSettings } from './load-settings.ts';
import { badReference } from './workload-name.ts';

export interface ExplainedLive {
  readonly explanations: readonly Explanation[];
  readonly problems: readonly Problem[];
}

/** One explanation, in a list as that of files. Throws a UsageError or a ClusterError. */
export async function explainLive(
  name: string,
  positionalNamespace: string | undefined,
  flags: ExplainFlags,
): Promise<ExplainedLive> {
  const reference = parseWorkloadReference(name);
  if (reference === null) throw badReference(name);
  const settings = await loadSettings(flags.settings);
  if (!settings.ok) return { explanations: [], problems: settings.problems };
  const { cluster, namespace } = await openCluster(flags, positionalNamespace);
  const object = await findWorkload(cluster, namespace, reference, [['Pod'], ROLLOUT_KINDS]);
  const file = `context ${cluster.context}`;
  const around: Surroundings = {
    settings: settings.settings,
    webhook: await findWebhook(cluster),
    namespaceLabels: await readNamespaceLabels(cluster, namespace),
    workload: object['kind'] === 'Pod' ? await readController(cluster, object) : object,
  };
  const explained =
    object['kind'] === 'Pod'
      ? explainPod(file, object, around, flags)
      : await explainLiveWorkload(file, object, around, flags, cluster);
  return explained;
}

function explainPod(
  file: string,
  object: JsonObject,
  around: Surroundings,
  flags: ExplainFlags,
): ExplainedLive {
  const decoded = decodePod(object);
  if (!decoded.ok) return { explanations: [], problems: decoded.problems };
  const { pod } = decoded;
  const { settings } = around;
  const assumeLabel = flags.assumeLabel ?? false;
  const recorded = recordedReport(pod);
  const decided: Report = decide({ pod, settings, assumeLabel }).report;
  const verdict = judgePod({ pod, settings, assumeLabel });
  const state =
    recorded === null
      ? `It was not injected: ${whyNotInjected(object, pod, around)}.`
      : 'It was injected when it was made.';
  const explanation: Explanation = {
    file,
    kind: 'Pod',
    namespace: textAt(object, ['metadata', 'namespace']),
    name: textAt(object, ['metadata', 'name']),
    report: recorded ?? decided,
    judged: verdict.judged,
    verdict: verdict.judged ? verdict.problems : [],
    live: {
      facts: [state, ...(recorded === null && decided.outcome === 'injected' ? [WOULD] : [])],
      containers: liveContainers(pod, settings),
    },
  };
  return { explanations: [explanation], problems: [] };
}

const WOULD = 'A new pod like it would be injected so:';

async function explainLiveWorkload(
  file: string,
  object: JsonObject,
  around: Surroundings,
  flags: ExplainFlags,
  cluster: Cluster,
): Promise<ExplainedLive> {
  const [workload] = findWorkloads(object);
  if (workload === undefined) return { explanations: [], problems: [] };
  const options = { settings: around.settings, assumeLabel: flags.assumeLabel ?? false };
  const locate = (problem: Problem): Problem => ({
    ...problem,
    path: joinFieldPath(renderFieldPath(workload.templatePath), problem.path),
  });
  const explained = explainWorkload(file, workload, options, locate);
  if (!explained.ok) return { explanations: [], problems: explained.problems };
  const facts = around.webhook.outcome === 'absent' ? [ABSENT] : [];
  const { pods } = await listWorkloadPods(cluster, object).catch((error: unknown) => {
    if (isClusterError(error, 'forbidden')) return { pods: [] };
    throw error;
  });
  const live = { facts, pods: pods.map((pod) => describePod(pod, around)) };
  return { explanations: [{ ...explained.explanation, live }], problems: [] };
}

const ABSENT = 'No webhook of media-stack is installed in this cluster: nothing is injected.';

function describePod(object: JsonObject, around: Surroundings): LivePod {
  const name = textAt(object, ['metadata', 'name']);
  const decoded = decodePod(object);
  if (!decoded.ok) return { name, state: 'not injected', why: decoded.problems[0]?.message ?? '' };
  const recorded = recordedReport(decoded.pod);
  if (recorded?.outcome === 'injected')
    return { name, state: 'injected', why: `remotes ${recorded.remotes.join(', ')} (media-stack/status)` };
  return { name, state: 'not injected', why: whyNotInjected(object, decoded.pod, around) };
}

async function readNamespaceLabels(
  cluster: Cluster,
  namespace: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const object = await readOrNull(cluster, 'Namespace', null, namespace);
  const labels = valueAt(object, ['metadata', 'labels']);
  return object === null ? null : isJsonObject(labels) ? labels : {};
}

/** The workload at the end of the chain of controllers: of a Deployment's pod not the ReplicaSet. */
async function readController(cluster: Cluster, object: JsonObject): Promise<JsonObject | null> {
  const namespace = textAt(object, ['metadata', 'namespace']);
  const owners = valueAt(object, ['metadata', 'ownerReferences']);
  const owner = (Array.isArray(owners) ? (owners as unknown[]) : [])
    .filter(isJsonObject)
    .find((one) => one['controller'] === true);
  if (owner === undefined || !Object.hasOwn(RESOURCES, textAt(owner, ['kind']))) return null;
  const found = await readOrNull(cluster, owner['kind'] as ResourceKind, namespace, textAt(owner, ['name']));
  return found === null ? null : ((await readController(cluster, found)) ?? found);
}

async function readOrNull(
  cluster: Cluster,
  kind: ResourceKind,
  namespace: string | null,
  name: string,
): Promise<JsonObject | null> {
  try {
    return await readObject(cluster, { kind, namespace, name });
  } catch (error) {
    if (isClusterError(error, 'forbidden') || isClusterError(error, 'not_found')) return null;
    throw error;
  }
}
