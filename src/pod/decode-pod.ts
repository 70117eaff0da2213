// Decides whether a value has the shape of a pod as far as this project reads it. Only the lists and objects that
// are read are looked at, never the environment of containers: the cost must not grow with the pod.
import { renderFieldPath } from '../problem/field-path.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { containerPath, listContainers } from './containers.ts';
import { isJsonObject } from './json.ts';
import type { Pod } from './pod.ts';

export type DecodedPod =
  | { readonly ok: true; readonly pod: Pod }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type Shape = 'object' | 'list' | 'string' | 'boolean';

/**
 * The value as a Pod, or every place where it is not one (`spec.containers: must be a list, found a string`).
 * `null` counts as absent, as for the API server. The value is not copied.
 */
export function decodePod(value: unknown): DecodedPod {
  const check = new ShapeCheck();
  if (!isJsonObject(value)) {
    check.expect(value, 'object', []);
    return { ok: false, problems: check.problems };
  }
  const metadata = check.optional(value['metadata'], 'object', ['metadata']);
  if (metadata) {
    for (const field of ['labels', 'annotations'] as const) {
      const map = check.optional(metadata[field], 'object', ['metadata', field]);
      if (map) {
        for (const key of Object.keys(map)) check.expect(map[key], 'string', ['metadata', field, key]);
      }
    }
  }
  const spec = check.expect(value['spec'], 'object', ['spec']);
  if (spec) {
    checkContainers(check, spec['containers'] ?? undefined, ['spec', 'containers'], true);
    checkContainers(check, spec['initContainers'] ?? undefined, ['spec', 'initContainers'], false);
    checkNamedList(check, spec['volumes'], ['spec', 'volumes'], ['name']);
    checkAffinity(check, spec['affinity']);
    checkResources(check, spec['resources'], ['spec', 'resources']);
    const selector = check.optional(spec['nodeSelector'], 'object', ['spec', 'nodeSelector']);
    if (selector) {
      for (const key of Object.keys(selector))
        check.expect(selector[key], 'string', ['spec', 'nodeSelector', key]);
    }
    check.optional(spec['os'], 'object', ['spec', 'os']);
  }
  if (check.problems.length > 0) return { ok: false, problems: check.problems };
  const pod = value as unknown as Pod;
  const doubled = [
    ...doubledNames(listContainers(pod).map((ref) => [containerPath(ref, 'name'), ref.container.name])),
  ];
  doubled.push(
    ...doubledNames(
      (pod.spec.volumes ?? []).map((volume, index) => [['spec', 'volumes', index, 'name'], volume.name]),
    ),
  );
  if (doubled.length > 0) return { ok: false, problems: doubled.slice(0, MAX_PROBLEMS) };
  return { ok: true, pod };
}

/** The API server refuses doubled names, and nothing could be said about such a pod by name. */
function doubledNames(named: readonly (readonly [readonly PathSegment[], string])[]): Problem[] {
  const seen = new Set<string>();
  return named.flatMap(([path, name]) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const message = `the name ${quote(name)} is taken by another one above`;
    return [
      {
        code: 'pod-shape',
        level: 'deny' as const,
        path: renderFieldPath(path),
        message,
        hint: 'Give each a name of its own.',
      },
    ];
  });
}

function checkContainers(check: ShapeCheck, value: unknown, path: PathSegment[], required: boolean): void {
  if (value === undefined && !required) return;
  const list = check.expect(value, 'list', path);
  if (list) check.atMost(list, MAX_CONTAINERS, path);
  list?.slice(0, MAX_CONTAINERS).forEach((item, index) => {
    const at = [...path, index];
    const container = check.expect(item, 'object', at);
    if (!container) return;
    check.expect(container['name'], 'string', [...at, 'name']);
    check.optional(container['image'], 'string', [...at, 'image']);
    checkStrings(check, container['command'], [...at, 'command']);
    checkStrings(check, container['args'], [...at, 'args']);
    check.optional(container['securityContext'], 'object', [...at, 'securityContext']);
    checkResources(check, container['resources'], [...at, 'resources']);
    checkNamedList(check, container['volumeMounts'], [...at, 'volumeMounts'], ['name', 'mountPath']);
  });
}

function checkResources(check: ShapeCheck, value: unknown, path: PathSegment[]): void {
  const resources = check.optional(value, 'object', path);
  if (!resources) return;
  for (const field of ['requests', 'limits']) {
    const amounts = check.optional(resources[field], 'object', [...path, field]) ?? {};
    for (const name of ['cpu', 'memory']) {
      if (typeof amounts[name] !== 'number') check.optional(amounts[name], 'string', [...path, field, name]);
    }
  }
}

function checkNamedList(
  check: ShapeCheck,
  value: unknown,
  path: PathSegment[],
  fields: readonly string[],
): void {
  const list = check.optional(value, 'list', path);
  if (list) check.atMost(list, MAX_ITEMS, path);
  list?.slice(0, MAX_ITEMS).forEach((item, index) => {
    const object = check.expect(item, 'object', [...path, index]);
    if (object) for (const field of fields) check.expect(object[field], 'string', [...path, index, field]);
  });
}

function checkStrings(check: ShapeCheck, value: unknown, path: PathSegment[]): void {
  check
    .optional(value, 'list', path)
    ?.forEach((item, index) => check.expect(item, 'string', [...path, index]));
}

function checkAffinity(check: ShapeCheck, value: unknown): void {
  const path = ['spec', 'affinity', 'nodeAffinity'];
  const nodeAffinity = check.optional(
    check.optional(value, 'object', ['spec', 'affinity'])?.['nodeAffinity'],
    'object',
    path,
  );
  if (!nodeAffinity) return;
  const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';
  check.optional(nodeAffinity[preferred], 'list', [...path, preferred])?.forEach((term, index) => {
    const preference = check.expect(term, 'object', [...path, preferred, index])?.['preference'];
    checkTerm(check, preference, [...path, preferred, index, 'preference']);
  });
  const required = 'requiredDuringSchedulingIgnoredDuringExecution';
  const selector = check.optional(nodeAffinity[required], 'object', [...path, required]);
  const termsPath = [...path, required, 'nodeSelectorTerms'];
  check.optional(selector?.['nodeSelectorTerms'], 'list', termsPath)?.forEach((term, index) => {
    if (check.expect(term, 'object', [...termsPath, index])) checkTerm(check, term, [...termsPath, index]);
  });
}

function checkTerm(check: ShapeCheck, value: unknown, path: PathSegment[]): void {
  const term = check.optional(value, 'object', path);
  if (!term) return;
  for (const field of ['matchExpressions', 'matchFields']) {
    check.optional(term[field], 'list', [...path, field])?.forEach((item, index) => {
      const at = [...path, field, index];
      const requirement = check.expect(item, 'object', at);
      if (!requirement) return;
      check.expect(requirement['key'], 'string', [...at, 'key']);
      check.expect(requirement['operator'], 'string', [...at, 'operator']);
      checkStrings(check, requirement['values'], [...at, 'values']);
    });
  }
}

const MAX_PROBLEMS = 20;
/** The cost of a decision grows with these lists. A kubelet runs 110 pods by default, and no pod is near this. */
const MAX_CONTAINERS = 1000;
const MAX_ITEMS = 5000;

interface ShapeValue {
  object: Readonly<Record<string, unknown>>;
  list: readonly unknown[];
  string: string;
  boolean: boolean;
}

class ShapeCheck {
  readonly problems: Problem[] = [];

  /** Hostile input may be wrong in a million places: the first are enough. */
  get isFull(): boolean {
    return this.problems.length >= MAX_PROBLEMS;
  }

  expect<S extends Shape>(value: unknown, shape: S, path: readonly PathSegment[]): ShapeValue[S] | null {
    if (shapeOf(value) === shape) return value as ShapeValue[S];
    if (this.isFull) return null;
    this.problems.push({
      code: 'pod-shape',
      level: 'deny',
      path: renderFieldPath(path),
      message:
        value === undefined
          ? `${withArticle(shape)} is missing here`
          : `must be ${withArticle(shape)}, found ${describe(value)}`,
      hint: 'See kubectl explain pod for the fields of a pod.',
    });
    return null;
  }

  atMost(list: readonly unknown[], limit: number, path: readonly PathSegment[]): void {
    if (list.length <= limit) return;
    this.problems.push({
      code: 'pod-shape',
      level: 'deny',
      path: renderFieldPath(path),
      message: `the list has ${list.length} items, more than the ${limit} that are read`,
      hint: 'No node could run such a pod: make it smaller.',
    });
  }

  optional<S extends Shape>(value: unknown, shape: S, path: readonly PathSegment[]): ShapeValue[S] | null {
    return value === undefined || value === null ? null : this.expect(value, shape, path);
  }
}

function shapeOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
}

function describe(value: unknown): string {
  const shape = shapeOf(value);
  if (shape === 'object' || shape === 'list') return withArticle(shape);
  return quote(value);
}

function withArticle(shape: string): string {
  return shape === 'object' ? 'an object' : `a ${shape}`;
}
