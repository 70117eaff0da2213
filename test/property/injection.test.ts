// Laws of the injection, for thousands of random pods. A failure prints seed and path; `FUZZ_RUNS` makes it dig deeper.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import jsonpatch from 'fast-json-patch';
import rfc6902 from 'rfc6902';
import { expect, test } from 'vitest';
import { applyAndCheck } from '../../src/inject/apply-and-check.ts';
import { decide } from '../../src/inject/decide.ts';
import type { Decision, InjectionInput } from '../../src/inject/decide.ts';
import type { Operation } from '../../src/pod/json-patch.ts';
import { uninject } from '../../src/inject/uninject.ts';
import { judgePod, judgeTemplate } from '../../src/policy/judge.ts';
import { cleanPath } from '../../src/pod/mount-path.ts';
import { decodePod } from '../../src/pod/decode-pod.ts';
import type { Pod } from '../../src/pod/pod.ts';
import { tamePod, wildPod } from '../support/pod-arbitrary.ts';
import { settings } from '../support/settings-arbitrary.ts';
import { stripInjection } from '../support/strip-injection.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 2000);

/** A decision about a tame pod; pods that are not injected are drawn again. */
const injected = fc
  .record({ pod: tamePod, settings })
  .map((input) => ({ input, decision: decide(input) }))
  .filter(({ decision }) => decision.report.outcome === 'injected');

function patch<T>(document: T, operations: readonly Operation[]): T {
  return jsonpatch.applyPatch(
    structuredClone(document),
    structuredClone(operations) as jsonpatch.Operation[],
    true,
  ).newDocument;
}

test('deciding and judging never throw and never change the pod, whatever pod it is', () => {
  fc.assert(
    fc.property(wildPod, settings, fc.boolean(), (pod, settings, assumeLabel) => {
      const decoded = decodePod(pod);
      if (!decoded.ok) {
        expect(decoded.problems.every(({ code, path }) => code === 'pod-shape' && path !== '')).toBe(true);
        return;
      }
      const input = deepFreeze({ pod, settings, assumeLabel, claimTemplates: ['claim'] });
      decide(input);
      judgePod(input);
      judgeTemplate({ ...input, pod: structuredClone(pod) });
    }),
    { numRuns },
  );
});

test('a patch applies with two implementations to the same pod', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      const first = patch(input.pod, decision.patch);
      const second = structuredClone(input.pod);
      const results = rfc6902.applyPatch(
        second,
        structuredClone(decision.patch) as unknown as rfc6902.Operation[],
      );
      expect(results).toEqual(decision.patch.map(() => null));
      expectSame(second, first);
    }),
    { numRuns },
  );
});

test('only additions, none of them at a place that holds something', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      let pod = structuredClone(input.pod);
      for (const operation of decision.patch) {
        expect(operation.op).toBe('add');
        const key = operation.path.split('/').at(-1) ?? '';
        const before: unknown = /^(\d+|-)$/.test(key) ? undefined : valueAt(pod, operation.path);
        if (!operation.path.endsWith('/media-stack~1status')) expect(before ?? '').toBe('');
        pod = patch(pod, [operation]);
      }
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
});

test('a second decision finds everything in place, and applyAndCheck changes nothing but its own pod', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      deepFreeze(decision);
      deepFreeze(input);
      const owned = structuredClone(input.pod);
      const applied = applyAndCheck(owned, decision, { settings: input.settings });
      expectSame(applied, { ok: true, pod: patch(input.pod, decision.patch) });
      if (applied.ok)
        expect(decide({ ...input, pod: applied.pod })).toMatchObject({
          patch: [],
          report: { reason: 'already_complete' },
        });
    }),
    { numRuns },
  );
});

test('what the status annotation does not name is as it was', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      expectSame(stripInjection(patch(input.pod, decision.patch)), input.pod);
    }),
    { numRuns },
  );
});

test('taking an injection out gives the pod as it was', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      const pod = patch(input.pod, decision.patch);
      const result = uninject(deepFreeze(pod));
      if (result.outcome !== 'removed') throw new Error(result.reason);
      expect(result.left).toEqual([]);
      expectSame(patch(pod, result.patch), input.pod);
    }),
    { numRuns },
  );
});

test('no name and no mount path stands there twice, and every mount has its volume', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      expect(doubles(patch(input.pod, decision.patch))).toEqual([]);
    }),
    { numRuns },
  );
});

/** What other webhooks do between two rounds. */
const disturbance = fc.record({
  initOrder: fc.infiniteStream(fc.nat(100)),
  order: fc.infiniteStream(fc.nat(100)),
  prepended: fc.constantFrom<Record<string, unknown> | null>(
    null,
    { name: 'mesh', image: 'mesh:1' },
    { name: 'mesh', image: 'mesh:1', volumeMounts: [] },
  ),
  asInit: fc.boolean(),
});

test('reordered or with a container in front, an injected pod is at most topped up', () => {
  fc.assert(
    fc.property(injected, disturbance, ({ input, decision }, disturbed) => {
      const pod = disturb(patch(input.pod, decision.patch), disturbed);
      const again = decide({ ...input, pod });
      expect(again.report).toMatchObject({ outcome: 'skipped', reason: 'already_complete' });
    }),
    { numRuns },
  );
});

test('a pod from which something of ours was taken away gets just that back', () => {
  fc.assert(
    fc.property(injected, fc.nat(), ({ input, decision }, nth) => {
      const { initContainers = [], containers = [] } = decision.added;
      const ours = [...initContainers, ...containers];
      fc.pre(ours.length > 0);
      const gone = ours[nth % ours.length] ?? '';
      const pod = structuredClone(patch(input.pod, decision.patch)) as Mutable;
      for (const list of ['initContainers', 'containers'] as const)
        pod.spec[list] = (pod.spec[list] ?? []).filter(({ name }) => name !== gone);
      fc.pre(pod.spec.containers.length > 0);
      const again = decide({ ...input, pod });
      expect(again.report.outcome).toBe('injected');
      const back = again.added;
      expect([...(back.initContainers ?? []), ...(back.containers ?? [])]).toEqual([gone]);
      const twice = patch(pod as Pod, again.patch);
      expect(doubles(twice)).toEqual([]);
      const result = uninject(twice);
      if (result.outcome !== 'removed') throw new Error(result.reason);
      const cleaned = patch(twice, result.patch);
      expectSame(cleaned, input.pod);
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
});

test('the same pod always gives the same patch', () => {
  fc.assert(
    fc.property(injected, ({ input, decision }) => {
      const again: Decision = decide(JSON.parse(JSON.stringify(input)) as InjectionInput);
      expect(JSON.stringify(again)).toBe(JSON.stringify(decision));
    }),
    { numRuns: Math.ceil(numRuns / 4) },
  );
});

interface MutableContainer {
  name: string;
}
type Mutable = Pod & {
  spec: { initContainers?: MutableContainer[] | null; containers: MutableContainer[] };
};

function disturb(pod: Pod, { initOrder, order, prepended, asInit }: DisturbanceValue): Pod {
  const copy = structuredClone(pod) as Mutable;
  const shuffled = <T>(items: T[], keys: Iterator<number>): T[] =>
    items
      .map((item) => ({ item, key: keys.next().value as number }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);
  if (copy.spec.initContainers)
    copy.spec.initContainers = shuffled(copy.spec.initContainers, initOrder[Symbol.iterator]());
  copy.spec.containers = shuffled(copy.spec.containers, order[Symbol.iterator]());
  if (prepended !== null) {
    const container = structuredClone(prepended) as unknown as MutableContainer;
    if (asInit) copy.spec.initContainers = [container, ...(copy.spec.initContainers ?? [])];
    else copy.spec.containers = [container, ...copy.spec.containers];
  }
  return copy;
}

interface DisturbanceValue {
  readonly initOrder: Iterable<number>;
  readonly order: Iterable<number>;
  readonly prepended: Record<string, unknown> | null;
  readonly asInit: boolean;
}

function doubles({ spec }: Pod): string[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const volumes = (spec.volumes ?? []).map(({ name }) => name);
  const twice = (items: readonly string[], what: string): string[] =>
    items.filter((item, index) => items.indexOf(item) !== index).map((item) => `${what} ${item}`);
  return [
    ...twice(
      containers.map(({ name }) => name),
      'container',
    ),
    ...twice(volumes, 'volume'),
    ...containers.flatMap(({ name, volumeMounts }) => [
      ...twice(
        (volumeMounts ?? []).map(({ mountPath }) => cleanPath(mountPath)),
        `${name} mounts`,
      ),
      ...(volumeMounts ?? [])
        .filter((mount) => !volumes.includes(mount.name))
        .map((mount) => `${name} mounts the absent volume ${mount.name}`),
    ]),
  ];
}

/** Ten times as fast as toStrictEqual, which then only has to explain. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toStrictEqual(expected);
}

function valueAt(pod: Pod, pointer: string): unknown {
  let at: unknown = pod;
  for (const part of pointer.split('/').slice(1))
    at = (at as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return at;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
