// Injection moves init containers; a problem must name the place where its author will look.
import type { Pod } from '../pod/pod.ts';
import { joinFieldPath, parseFieldPath, renderFieldPath } from '../problem/field-path.ts';

/**
 * Remembers where the containers of a pod stand before it is injected. The function it returns turns a field path of
 * the injected pod into one of the original; a container that was injected keeps its place in the list by name.
 */
export function authorPath(original: Pod): (path: string, injected: Pod) => string {
  const before = {
    initContainers: (original.spec.initContainers ?? []).map((container) => container.name),
    containers: original.spec.containers.map((container) => container.name),
  };
  return (path, injected) => {
    const [, list, index, ...rest] = parseFieldPath(path);
    if ((list !== 'initContainers' && list !== 'containers') || typeof index !== 'number') return path;
    // A server may name a place that is not there.
    const container = injected.spec[list]?.[index];
    if (container === undefined) return path;
    const position = before[list].indexOf(container.name);
    if (position !== -1) return renderFieldPath(['spec', list, position, ...rest]);
    return joinFieldPath(`spec.${list}[${container.name}]`, renderFieldPath(rest));
  };
}
