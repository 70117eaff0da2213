// One round of check-media-mounts: lists the pods, looks into each that has to do with media, judges what it saw.
import { worstStatus } from '../check/check-result.ts';
import type { CheckLimits, PodResult } from '../check/check-result.ts';
import { expectMounts } from '../check/expected-mounts.ts';
import { judgeMount } from '../check/judge-mount.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { listObjects } from '../cluster/objects.ts';
import { probeMounts } from '../cluster/probe-mounts.ts';
import type { PodToProbe } from '../cluster/probe-mounts.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Settings } from '../settings/schema.ts';
import { runLimited } from './run-limited.ts';

export interface CheckRequest {
  /** Null for all. */
  readonly namespace: string | null;
  readonly labelSelector?: string;
  readonly settings: Settings;
  readonly limits: CheckLimits;
  readonly seconds: number;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, all: number) => void;
}

export interface CheckRound {
  /** By namespace and name. */
  readonly pods: readonly PodResult[];
  /** `NAMESPACE/NAME` of those that have nothing to do with media, have opted out, or have ended. */
  readonly passedOver: readonly string[];
}

/** Per question: table and statfs, listing, and the way there. */
const POD_FACTOR = 3;

export async function checkPods(cluster: Cluster, request: CheckRequest): Promise<CheckRound> {
  const { namespace, labelSelector, settings, limits, seconds, signal } = request;
  const objects = await listObjects(cluster, 'Pod', namespace, {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    signal,
  });
  const wanted: PodToProbe[] = [];
  const passedOver: string[] = [];
  for (const object of objects) {
    const pod = toProbe(object, settings);
    if (pod === null) passedOver.push(nameOf(object));
    else wanted.push(pod);
  }
  let done = 0;
  const options = { seconds, maxCount: limits.maxCount, podTimeoutMs: POD_FACTOR * seconds * 1000, signal };
  const pods = await runLimited(wanted, request.parallel, async (pod) => {
    const evidence = await probeMounts(cluster, pod, options);
    done += 1;
    request.onProgress(done, wanted.length);
    const mounts = pod.expected.mounts.flatMap((mount, index) => {
      const found = evidence[index];
      return found === undefined ? [] : [judgeMount(mount, pod.expected, found, limits)];
    });
    const status = worstStatus(mounts.map((mount) => mount.status));
    return { namespace: pod.namespace, pod: pod.name, node: nodeOf(pod.object), status, mounts };
  });
  return { pods, passedOver };
}

function toProbe(object: JsonObject, settings: Settings): PodToProbe | null {
  const phase = isJsonObject(object['status']) ? object['status']['phase'] : undefined;
  if (phase === 'Succeeded' || phase === 'Failed') return null;
  const decoded = decodePod(object);
  if (!decoded.ok) return null;
  const expected = expectMounts(decoded.pod, settings);
  if (expected === null) return null;
  const [namespace = '', name = ''] = nameOf(object).split('/');
  return { namespace, name, object, expected };
}

function nameOf({ metadata }: JsonObject): string {
  const { namespace, name } = isJsonObject(metadata) ? metadata : {};
  return `${typeof namespace === 'string' ? namespace : ''}/${typeof name === 'string' ? name : ''}`;
}

function nodeOf({ spec }: JsonObject): string {
  const node = isJsonObject(spec) ? spec['nodeName'] : undefined;
  return typeof node === 'string' ? node : '';
}
