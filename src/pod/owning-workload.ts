// The workload that a pod belongs to, by its name alone.
import { isJsonObject } from './json.ts';

/**
 * `deployment/sonarr`, `statefulset/plex`; null for a pod that nobody controls. A Deployment is known by the hash that
 * its ReplicaSet carries behind its name and in the label pod-template-hash.
 */
export function owningWorkload(
  metadata:
    | {
        readonly ownerReferences?: unknown;
        readonly labels?: unknown;
      }
    | null
    | undefined,
): string | null {
  const owners = metadata?.ownerReferences;
  if (!Array.isArray(owners)) return null;
  const owner: unknown = owners.find((found: unknown) => isJsonObject(found) && found['controller'] === true);
  if (!isJsonObject(owner) || typeof owner['kind'] !== 'string' || typeof owner['name'] !== 'string')
    return null;
  const hash = isJsonObject(metadata?.labels) ? metadata.labels['pod-template-hash'] : undefined;
  return owner['kind'] === 'ReplicaSet' && typeof hash === 'string' && owner['name'].endsWith(`-${hash}`)
    ? `deployment/${owner['name'].slice(0, -hash.length - 1)}`
    : `${owner['kind'].toLowerCase()}/${owner['name']}`;
}
