// Who made an object.
import { isJsonObject } from './json.ts';

/** The kind of the owner that controls the object (`ReplicaSet`, `DaemonSet`), or null where nobody does. */
export function controllerKind(
  metadata: { readonly ownerReferences?: unknown } | null | undefined,
): string | null {
  const owners = metadata?.ownerReferences;
  if (!Array.isArray(owners)) return null;
  const controller: unknown = owners.find(
    (owner: unknown) => isJsonObject(owner) && owner['controller'] === true,
  );
  return isJsonObject(controller) && typeof controller['kind'] === 'string' ? controller['kind'] : null;
}
