// Every file of cases/ goes through the engine, the command line and the webhook, and comes back once more.
// `npm run golden` writes the generated part anew; the promises in `expect` stay as they are.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import rfc6902 from 'rfc6902';
import { describe, expect, test } from 'vitest';
import { injectFile, uninjectFile } from '../../src/cli/manifest-injection.ts';
import { decide } from '../../src/inject/decide.ts';
import { uninject } from '../../src/inject/uninject.ts';
import { judgeTemplate } from '../../src/policy/judge.ts';
import { joinFieldPath, renderFieldPath } from '../../src/problem/field-path.ts';
import { readManifests } from '../../src/workload/documents.ts';
import { findWorkloads } from '../../src/workload/template.ts';
import { asPod, withoutRoots } from '../support/as-pod.ts';
import { CASES, MARK, listCases, readCase } from '../support/golden-case.ts';
import type { GoldenCase } from '../support/golden-case.ts';
import { describeOutcomes, outcomesOf, patch } from '../support/golden-outcome.ts';
import type { CaseOutcome } from '../support/golden-outcome.ts';
import { renderGolden } from '../support/golden-yaml.ts';
import { throughWebhook } from '../support/through-webhook.ts';

const UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const files = listCases();

test('the folder holds nothing but cases, and enough of them', () => {
  expect(files.filter((file) => !/^[a-z0-9-]+\.yaml$/.test(file))).toEqual([]);
  expect(files.length).toBeGreaterThanOrEqual(45);
});

test('every case has a name of its own', () => {
  const names = files.map((file) => readCase(file).name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

for (const file of files) {
  const golden = readCase(file);
  const outcomes = outcomesOf(golden);
  describe(`${file}: ${golden.name}`, () => {
    testGolden(golden, outcomes);
    for (const outcome of outcomes) {
      describe(`${outcome.workload.kind} ${outcome.workload.name}`, () => testOutcome(golden, outcome));
    }
    testText(golden, outcomes);
  });
}

function testGolden(golden: GoldenCase, outcomes: readonly CaseOutcome[]): void {
  test('the engine gives what the file says', () => {
    const described = describeOutcomes(outcomes);
    if (UPDATE) writeFileSync(join(CASES, golden.file), `${golden.head}${MARK}\n${renderGolden(described)}`);
    else if (golden.golden === undefined) expect.fail('no generated part: npm run golden');
    else expect(golden.golden).toEqual(described);
  });

  test('what its author promises is kept', () => {
    const first = outcomes[0];
    if (first === undefined) throw new Error('no workload in the input');
    const {
      outcome,
      verdict = [],
      initContainers,
      containers,
      volumes,
      values = {},
      secondRound,
    } = golden.expect;
    expect(shortOutcome(first)).toBe(outcome);
    if (first.verdict.judged) expect(first.verdict.problems.map(({ code }) => code)).toEqual(verdict);
    else expect(verdict).toEqual([]);
    const final = first.second?.final ?? first.patched;
    const { spec } = final;
    if (initContainers !== undefined) expect(namesOf(spec.initContainers)).toEqual(initContainers);
    if (containers !== undefined) expect(namesOf(spec.containers)).toEqual(containers);
    if (volumes !== undefined) expect(namesOf(spec.volumes)).toEqual(volumes);
    for (const [pointer, value] of Object.entries(values))
      expect(valueAt(final, pointer), pointer).toEqual(value);
    expect(secondRoundOf(first)).toEqual(secondRound);
  });
}

function testOutcome(golden: GoldenCase, outcome: CaseOutcome): void {
  const { workload, pod, input, decision, patched } = outcome;
  const { report } = decision;
  const addLabel = golden.assumeLabel === true;
  const settings = golden.parsedSettings;

  test('deciding leaves the input as it was', () => {
    expect(findWorkloads(readCase(golden.file).input).map(({ podLike }) => podLike)).toContainEqual(pod);
    const before = structuredClone(pod);
    decide(input);
    expect(pod).toStrictEqual(before);
  });

  test('the webhook gives the same, by two implementations of JSON Patch', async () => {
    const sent = asPod(pod, workload, addLabel);
    const { allowed, object, operations, status, reason, warnings } = await throughWebhook(
      'mutate',
      sent,
      settings,
    );
    expect(warnings).toEqual(report.warnings);
    if (report.outcome === 'refused') {
      expect(allowed).toBe(false);
      expect(causesOf(status)).toEqual(report.problems.map((problem) => causeOf(problem, '')));
      return;
    }
    expect(allowed).toBe(true);
    expect(reason).toBe(report.outcome === 'skipped' ? report.reason : 'injected');
    const second = structuredClone(sent);
    expect(rfc6902.applyPatch(second, structuredClone(operations) as rfc6902.Operation[])).toEqual(
      operations.map(() => null),
    );
    expect(second).toStrictEqual(object);
    const loose = pod.metadata === undefined || workload.claimTemplates.length > 0;
    const expected = asPod(patched, workload, addLabel);
    expect(loose ? withoutRoots(object as typeof expected) : object).toStrictEqual(
      loose ? withoutRoots(expected) : expected,
    );
  });

  test('the validating endpoint gives the same verdict as the judge', async () => {
    const isPod = workload.kind === 'Pod';
    const object = isPod
      ? asPod(outcome.second?.final ?? patched, workload, addLabel)
      : labelTemplate(workload.object, workload.templatePath, addLabel);
    const { allowed, status, warnings } = await throughWebhook('validate', object, settings);
    const { verdict } = outcome;
    const problems = verdict.judged ? verdict.problems : [];
    const prefix = renderFieldPath(workload.templatePath);
    const denials = problems.filter(({ level }) => level === 'deny');
    expect(allowed).toBe(denials.length === 0);
    expect(causesOf(status)).toEqual(denials.map((problem) => causeOf(problem, prefix)));
    expect(warnings.map((line) => line.split(' ')[0])).toEqual(
      problems.filter(({ level }) => level === 'warn').map(({ code }) => code),
    );
  });

  if (report.outcome !== 'injected') return;

  test('a second pass finds nothing to do', () => {
    const again = decide({ ...input, pod: patched }).report;
    expect(again).toMatchObject({ outcome: 'skipped', reason: 'already_complete' });
    if (outcome.second === undefined) return;
    expect(decide({ ...input, pod: outcome.second.final }).report).toMatchObject({
      outcome: 'skipped',
      reason: 'already_complete',
    });
  });

  test('judging the injected template gives the verdict of the plain one', () => {
    if (workload.kind === 'Pod') return;
    const verdict = judgeTemplate({ ...input, pod: structuredClone(patched) });
    const codes = ({ problems }: { problems: readonly { code: string }[] }) =>
      problems.map(({ code }) => code).toSorted();
    if (!verdict.judged || !outcome.verdict.judged) throw new Error('not judged');
    expect(codes(verdict)).toEqual(codes(outcome.verdict));
  });

  test('taking the injection out gives the pod as it was', () => {
    const result = uninject(patched);
    if (result.outcome !== 'removed') throw new Error(result.reason);
    expect(result.left).toEqual([]);
    expect(patch(patched, result.patch)).toStrictEqual(pod);
  });

  test('after two rounds nothing of ours is left either', () => {
    const { final } = outcome.second ?? { final: patched };
    const result = uninject(final);
    if (result.outcome !== 'removed') throw new Error(result.reason);
    // Only what the other webhook's containers mount may have to stay.
    expect(result.left.filter((left) => !/^volume \S+: container \S+ mounts it$/.test(left))).toEqual([]);
    expect(JSON.stringify(patch(final, result.patch))).not.toMatch(
      /"media-stack-(mount|init-dirs|probe)"|media-stack\/status/,
    );
  });
}

function testText(golden: GoldenCase, outcomes: readonly CaseOutcome[]): void {
  test('the command line gives the same, and its output once more is unchanged byte for byte', () => {
    const file = { file: golden.file, text: golden.manifestText };
    const options = { settings: golden.parsedSettings, assumeLabel: golden.assumeLabel ?? false };
    const edited = injectFile(file, options);
    expect(edited.problems).toEqual([]);
    expect(edited.workloads.map(({ outcome }) => outcome)).toEqual(
      outcomes.map(({ decision }) => decision.report.outcome),
    );
    expect(podLikesOf(edited.after)).toStrictEqual(outcomes.map(({ patched }) => patched));
    expect(injectFile({ file: golden.file, text: edited.after }, options).after).toBe(edited.after);
    if (outcomes.every(({ decision }) => decision.patch.length === 0)) expect(edited.after).toBe(file.text);
    else expect(uninjectFile({ file: golden.file, text: edited.after }).after).toBe(file.text);
  });
}

function podLikesOf(text: string): unknown[] {
  return readManifests(text, 'injected.yaml').documents.flatMap(({ value }) =>
    findWorkloads(value).map(({ podLike }) => podLike),
  );
}

function shortOutcome({ decision: { report } }: CaseOutcome): string {
  if (report.outcome === 'injected') return 'injected';
  if (report.outcome === 'skipped') return report.reason;
  return `refused ${report.problems.map(({ code }) => code).join(' ')}`;
}

function secondRoundOf({ second }: CaseOutcome): string | string[] | undefined {
  if (second === undefined) return undefined;
  const { report, patch: operations } = second.decision;
  if (report.outcome === 'skipped') return report.reason;
  return operations.map(({ op, path }) => `${op} ${path}`);
}

/** By JSON Pointer; `-1` is the last item of a list. */
function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const key of pointer.split('/').slice(1))
    at = key === '-1' ? (at as unknown[]).at(-1) : (at as Record<string, unknown> | undefined)?.[key];
  return at;
}

function namesOf(items: readonly { readonly name: string }[] | null | undefined): string[] {
  return (items ?? []).map(({ name }) => name);
}

interface Finding {
  readonly code: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

function causeOf({ code, path, message, hint }: Finding, prefix: string): { field: string; message: string } {
  return { field: joinFieldPath(prefix, path), message: `${code}: ${message}. ${hint}` };
}

function causesOf(status: { readonly details?: unknown } | undefined): unknown[] {
  const { causes = [] } = (status?.details ?? {}) as { causes?: { field: string; message: string }[] };
  return causes.map(({ field, message }) => ({ field, message }));
}

function labelTemplate(
  object: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
  addLabel: boolean,
): Record<string, unknown> {
  const copy = structuredClone(object) as Record<string, unknown>;
  if (!addLabel) return copy;
  let at = copy;
  for (const segment of path) at = at[segment] as Record<string, unknown>;
  const metadata = (at['metadata'] ??= {}) as Record<string, unknown>;
  metadata['labels'] = { 'media-stack/cloud-mounts': 'true', ...(metadata['labels'] as object | undefined) };
  return copy;
}
