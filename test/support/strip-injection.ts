// Takes out of a pod what its status annotation says was put in: written anew, so that a mistake in uninject.ts is
// not repeated here. Changes its argument.
import { isDeepStrictEqual } from 'node:util';

type Loose = Record<string, any>; // eslint-disable-line typescript/no-explicit-any

const STATUS = 'media-stack/status';

export function stripInjection(pod: Loose): Loose {
  const { added } = JSON.parse(pod['metadata']['annotations'][STATUS] as string) as { added: Loose };
  const spec = pod['spec'] as Loose;
  for (const list of ['containers', 'initContainers']) {
    if (added[list]) spec[list] = (spec[list] as Loose[]).filter(({ name }) => !added[list].includes(name));
  }
  if (added['volumes'])
    spec['volumes'] = (spec['volumes'] as Loose[]).filter(({ name }) => !added['volumes'].includes(name));
  for (const container of [
    ...((spec['initContainers'] ?? []) as Loose[]),
    ...(spec['containers'] as Loose[]),
  ])
    stripContainer(container, added);
  for (const nodes of (added['preferredNodes'] ?? []) as string[][]) {
    const terms = spec['affinity']['nodeAffinity'][PREFERRED] as Loose[];
    const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: nodes }];
    const at = terms.findLastIndex((term) =>
      isDeepStrictEqual(term, { weight: 100, preference: { matchExpressions } }),
    );
    if (at === -1) throw new Error('no preference to take out');
    terms.splice(at, 1);
  }
  const annotations = pod['metadata']['annotations'] as Loose;
  for (const key of [STATUS, ...((added['annotations'] ?? []) as string[])]) delete annotations[key];
  for (const root of (added['created'] ?? []) as string[])
    dropRoot(pod, root, added['wereNull']?.includes(root) === true);
  return pod;
}

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

function stripContainer(container: Loose, added: Loose): void {
  const clean = (path: string): string => path.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const own = (map: Loose | undefined): string[] =>
    map && Object.hasOwn(map, container['name'] as string)
      ? (map[container['name'] as string] as string[])
      : [];
  const paths = own(added['volumeMounts'] as Loose | undefined);
  if (paths.length > 0) {
    container['volumeMounts'] = (container['volumeMounts'] as Loose[]).filter(
      ({ mountPath }) => !paths.includes(clean(mountPath as string)),
    );
  }
  for (const path of own(added['mountPropagation'] as Loose | undefined)) {
    for (const mount of container['volumeMounts'] as Loose[])
      if (clean(mount['mountPath'] as string) === path) {
        if (added['wereNull']?.includes(`mountPropagation ${container['name']} ${path}`) === true)
          mount['mountPropagation'] = null;
        else delete mount['mountPropagation'];
      }
  }
}

function dropRoot(pod: Loose, root: string, wasNull: boolean): void {
  const [list, ...name] = root.split(' ');
  let parent: Loose;
  let key: string;
  if (list === 'volumeMounts' && name.length > 0) {
    const { initContainers, containers } = pod['spec'] as Loose;
    const all = [...((initContainers ?? []) as Loose[]), ...(containers as Loose[])];
    parent = all.find((container) => container['name'] === name.join(' ')) as Loose;
    key = 'volumeMounts';
  } else {
    const segments = root.split('.');
    key = segments.pop() as string;
    parent = segments.reduce((at, segment) => at[segment] as Loose, pod);
  }
  if (wasNull) parent[key] = null;
  else delete parent[key];
}
