// Everything that troubleshoot-mounts knows of one pod, asked in parallel. Nothing is changed: the one POST is a dry run.
import type { MountEvidence } from '../check/judge-mount.ts';
import { mediaClaimName } from '../diagnose/checks/claim.ts';
import { isOpenShift } from '../diagnose/checks/scc.ts';
import { renderDryRunPod } from '../diagnose/dry-run-pod.ts';
import type { Facts } from '../diagnose/facts.ts';
import { known } from '../diagnose/known.ts';
import type { Known } from '../diagnose/known.ts';
import { endpointKey, listOurWebhooks } from '../diagnose/our-webhooks.ts';
import type { Subject } from '../diagnose/subject.ts';
import type { JsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import { askAdmission } from './ask-admission.ts';
import { askScc } from './ask-scc.ts';
import type { Cluster } from './cluster.ts';
import { WORKLOAD_KINDS } from './find-subject.ts';
import { learn } from './learn.ts';
import { bundlesOf, lookAtEndpoint } from './look-at-endpoint.ts';
import { lookAtLinks, lookAtSidecars } from './look-inside.ts';
import { listObjects, readObject } from './objects.ts';
import { probeMounts } from './probe-mounts.ts';
import { readEvents } from './read-events.ts';
import { readLogs } from './read-logs.ts';
import { readSecretFacts } from './read-secret-facts.ts';

export interface GatherOptions {
  /** False for --no-exec. */
  readonly exec: boolean;
  /** For one question to a mount. */
  readonly seconds: number;
  /** Seconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Rejects for bad credentials and when the signal ends it; whatever else cannot be had is a fact of its own. */
export async function gatherFacts(
  cluster: Cluster,
  subject: Subject,
  options: GatherOptions,
): Promise<Facts> {
  const { namespace } = subject;
  const { signal } = options;
  const asked = { subject, namespace, signal, cluster };
  const workload = readWorkload(asked);
  const mounts = probe(cluster, subject, options);
  const [mutating, validating] = [
    list(asked, 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'),
    list(asked, 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'),
  ];
  const claimName = mediaClaimName({ subject });
  const claim =
    claimName === null
      ? null
      : learn(`get persistentvolumeclaims -n ${namespace}`, () =>
          readObject(cluster, { kind: 'PersistentVolumeClaim', namespace, name: claimName }, signal),
        );
  const namespaceObject = learn('get namespaces', () =>
    readObject(cluster, { kind: 'Namespace', namespace: null, name: namespace }, signal),
  );
  const webhooks = readWebhooks(cluster, await mutating, await validating);
  return {
    subject,
    now: options.now,
    ...(await settle({
      workload,
      mounts,
      mutating,
      validating,
      claim,
      namespace: namespaceObject,
      volume: readVolume(asked, claim),
      events: readEvents(cluster, subject, signal),
      logs: readLogs(cluster, subject, signal),
      sidecars: options.exec ? lookAtSidecars(cluster, subject, { signal }) : {},
      links: options.exec
        ? mounts.then((found) => lookAtLinks(cluster, subject, found, { signal }))
        : NO_EXEC,
      secrets: readSecrets(asked),
      limitRanges: learn(`list limitranges -n ${namespace}`, () =>
        listObjects(cluster, 'LimitRange', namespace, { signal }),
      ),
      nodes: list(asked, 'Node', 'nodes'),
      neighbours: readNeighbours(asked),
      endpoints: webhooks.endpoints,
      bundles: webhooks.bundles,
      admission: workload.then((found) =>
        learn(`create pods -n ${namespace}`, () =>
          askAdmission(cluster, namespace, renderDryRunPod(subject, found), signal),
        ),
      ),
      privilegedScc: namespaceObject.then((found) =>
        isOpenShift({ namespace: found, subject }) ? askScc(cluster, subject, signal) : null,
      ),
    })),
  };
}

const NO_EXEC = { state: 'not_asked', why: '--no-exec: nothing is run in a container' } as const;

interface Asked {
  readonly cluster: Cluster;
  readonly subject: Subject;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

async function settle<T extends Record<string, unknown>>(
  parts: T,
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const entries = await Promise.all(
    Object.entries(parts).map(async ([key, value]) => [key, await value] as const),
  );
  return Object.fromEntries(entries) as { [K in keyof T]: Awaited<T[K]> };
}

function list(
  { cluster, signal }: Asked,
  kind: Parameters<typeof listObjects>[1],
  plural: string,
): Promise<Known<JsonObject[]>> {
  return learn(`list ${plural}`, () => listObjects(cluster, kind, null, { signal }));
}

async function readWorkload({
  cluster,
  subject,
  namespace,
  signal,
}: Asked): Promise<Known<JsonObject> | null> {
  const [word = '', name = ''] = (subject.workload ?? '').split('/');
  const kind = WORKLOAD_KINDS.get(word);
  if (kind === undefined) return null;
  return learn(`get ${word}s -n ${namespace}`, () => readObject(cluster, { kind, namespace, name }, signal));
}

async function probe(
  cluster: Cluster,
  subject: Subject,
  { exec, seconds, signal }: GatherOptions,
): Promise<Known<MountEvidence[]>> {
  const { namespace, name, object, expected, origin } = subject;
  if (!exec) return NO_EXEC;
  if (expected === null || origin === 'template') return { state: 'not_asked', why: 'there is no pod' };
  const pod = { namespace, name, object, expected };
  const evidence = await probeMounts(cluster, pod, {
    seconds,
    maxCount: 1000,
    podTimeoutMs: 3 * seconds * 1000,
    signal,
  });
  return known(evidence);
}

async function readVolume(
  { cluster, signal }: Asked,
  claim: Promise<Known<JsonObject>> | null,
): Promise<Known<JsonObject> | null> {
  const found = await claim;
  const name = found?.state === 'known' ? valueAt(found.value, ['spec', 'volumeName']) : undefined;
  if (typeof name !== 'string' || name === '') return null;
  return learn('get persistentvolumes', () =>
    readObject(cluster, { kind: 'PersistentVolume', namespace: null, name }, signal),
  );
}

async function readSecrets({ cluster, subject, namespace }: Asked): Promise<Facts['secrets']> {
  const names = [...new Set(subject.configs.map(({ secret }) => secret))];
  const facts = names.map(
    async (name) =>
      [
        name,
        await learn(`get secrets -n ${namespace}`, () => readSecretFacts(cluster, namespace, name)),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(facts));
}

/** Of all namespaces where that is allowed: a hostPath is shared with all of them. */
async function readNeighbours({
  cluster,
  subject,
  namespace,
  signal,
}: Asked): Promise<Known<JsonObject[]> | null> {
  const node = valueAt(subject.object, ['spec', 'nodeName']);
  if (typeof node !== 'string' || node === '') return null;
  const fieldSelector = `spec.nodeName=${node}`;
  const all = await learn('list pods --all-namespaces', () =>
    listObjects(cluster, 'Pod', null, { fieldSelector, signal }),
  );
  const found =
    all.state === 'known'
      ? all
      : await learn(`list pods -n ${namespace}`, () =>
          listObjects(cluster, 'Pod', namespace, { fieldSelector, signal }),
        );
  if (found.state !== 'known') return found;
  const uid = valueAt(subject.object, ['metadata', 'uid']);
  return known(found.value.filter((pod) => valueAt(pod, ['metadata', 'uid']) !== uid));
}

function readWebhooks(
  cluster: Cluster,
  mutating: Known<JsonObject[]>,
  validating: Known<JsonObject[]>,
): { endpoints: Promise<Facts['endpoints']>; bundles: Facts['bundles'] } {
  const ours = [
    ...listOurWebhooks(mutating.state === 'known' ? mutating.value : [], 'mutating'),
    ...listOurWebhooks(validating.state === 'known' ? validating.value : [], 'validating'),
  ];
  const byEndpoint = new Map(
    ours.flatMap((found) => (found.endpoint === null ? [] : [[endpointKey(found.endpoint), found]])),
  );
  const looks = [...byEndpoint].map(async ([key, found]) => {
    const namespace =
      found.endpoint !== null && 'namespace' in found.endpoint ? found.endpoint.namespace : '';
    return [key, await learn(`get services -n ${namespace}`, () => lookAtEndpoint(cluster, found))] as const;
  });
  return {
    endpoints: Promise.all(looks).then((facts) => Object.fromEntries(facts)),
    bundles: bundlesOf(ours),
  };
}
