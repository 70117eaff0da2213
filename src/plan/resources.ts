// Requests and limits of the containers we add: a pod that is QoS Guaranteed without us stays so, and a pod with
// resources of its own (spec.resources, KEP-2837) is not contradicted.
import type { ContainerRef } from '../pod/containers.ts';
import { listContainers } from '../pod/containers.ts';
import type { Pod, ResourceList, Resources } from '../pod/pod.ts';
import { parseQuantity } from '../pod/quantity.ts';
import type { ResourceSettings } from '../settings/schema.ts';

const RESOURCE_NAMES = ['cpu', 'memory'] as const;
type ResourceName = (typeof RESOURCE_NAMES)[number];

export interface ResourceRules {
  /** Requests must equal limits. */
  readonly guaranteed: boolean;
  /** Resources that the pod sets as a whole: our containers leave them out. */
  readonly setByPod: readonly ResourceName[];
}

/** The rules that the rest of the pod imposes; `isOurs` takes out what an earlier injection added. */
export function resourceRules(pod: Pod, isOurs: (ref: ContainerRef) => boolean): ResourceRules {
  const { requests, limits } = pod.spec.resources ?? {};
  const setByPod = RESOURCE_NAMES.filter(
    (name) => requests?.[name] !== undefined || limits?.[name] !== undefined,
  );
  const others = listContainers(pod).filter((ref) => !isOurs(ref));
  return { guaranteed: others.every(({ container }) => isGuaranteed(container.resources)), setByPod };
}

/** The `resources` of one container we add. */
export function renderResources(wanted: ResourceSettings, rules: ResourceRules): Resources {
  const keep = (list: Readonly<Record<ResourceName, string | number>>): ResourceList => {
    const kept: Record<string, string | number> = {};
    for (const name of RESOURCE_NAMES) if (!rules.setByPod.includes(name)) kept[name] = list[name];
    return kept;
  };
  const limits = keep(wanted.limits);
  if (Object.keys(limits).length === 0) return {};
  return { requests: rules.guaranteed ? { ...limits } : keep(wanted.requests), limits };
}

/** 90 % of a memory limit as Go reads GOMEMLIMIT: `1Gi` gives `921MiB` (pytorch/ci-infra #892: OOM kills without it). */
export function goMemoryLimit(limit: string | number): string {
  const mebibytes = ((parseQuantity(limit) ?? 0) * 0.9) / 2 ** 20;
  return mebibytes >= 1 ? `${Math.floor(mebibytes)}MiB` : `${Math.floor(mebibytes * 2 ** 20)}B`;
}

/** kubernetes/pkg/apis/core/v1/helper/qos: cpu and memory limits are set and the requests, where given, are equal. */
function isGuaranteed(resources: Resources | null | undefined): boolean {
  return RESOURCE_NAMES.every((name) => {
    const limit = resources?.limits?.[name];
    if (limit === undefined || (parseQuantity(limit) ?? 0) <= 0) return false;
    const request = resources?.requests?.[name];
    return request === undefined || parseQuantity(request) === parseQuantity(limit);
  });
}
