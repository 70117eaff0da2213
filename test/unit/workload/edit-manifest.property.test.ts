import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../../src/pod/json-patch.ts';
import { readManifests } from '../../../src/workload/documents.ts';
import { editManifest } from '../../../src/workload/edit-manifest.ts';
import { patchValue } from '../../../src/workload/patch-value.ts';
import { addition, change, choices, manifest } from './manifest-arbitrary.ts';

// FUZZ_RUNS=10000 for a long run.
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);

function target(text: string): { index: number; value: unknown } {
  const { documents, problems } = readManifests(text, 'random.yaml');
  expect(problems).toEqual([]);
  const index = text.startsWith('other:') ? 1 : 0;
  const document = documents.find((each) => each.index === index);
  return { index, value: document?.value };
}

test('an edited manifest reads as the patched value, and taking the additions back gives the same bytes', () => {
  fc.assert(
    fc.property(manifest, choices, (text, chosen) => {
      const { index, value } = target(text);
      let current = value;
      const operations: Operation[] = [];
      for (const choice of chosen) {
        const operation = addition(current, choice);
        if (!operation) continue;
        operations.push(operation);
        current = patched(current, operation);
      }
      const edited = editManifest(text, index, operations);
      if (!edited.ok) throw new Error(JSON.stringify(edited.problems));
      expect(edited.rewritten).toBe(false);
      expect(target(edited.text).value).toEqual(current);
      const undo = operations.toReversed().map(({ path }): Operation => ({ op: 'remove', path }));
      expect(editManifest(edited.text, index, undo)).toEqual({ ok: true, text, rewritten: false });
    }),
    { numRuns: RUNS },
  );
});

test('additions to block lists and maps leave every line as it was and in its order', () => {
  fc.assert(
    fc.property(manifest, choices, (text, chosen) => {
      const { index, value } = target(text);
      const operation = chosen[0] && addition(value, chosen[0]);
      if (!operation) return;
      const edited = editManifest(text, index, [operation]);
      if (!edited.ok) throw new Error(JSON.stringify(edited.problems));
      // What goes into brackets, or in front of the entry behind a dash, changes that one line.
      const changed =
        text.split('\n').filter((line) => /[[{]/.test(line) || /^\s*- [^#]/.test(line)).length > 0;
      if (!changed) expect(isSubsequence(text.split('\n'), edited.text.split('\n'))).toBe(true);
      else expect(edited.text.split('\n').length).toBeGreaterThanOrEqual(text.split('\n').length);
    }),
    { numRuns: RUNS },
  );
});

function patched(value: unknown, operation: Operation): unknown {
  const result = patchValue(value, [operation]);
  if (!result.ok) throw new Error(`the operation does not fit: ${JSON.stringify(operation)}`);
  return result.value;
}

function isSubsequence(lines: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const line of all) if (line === lines[at]) at += 1;
  return at === lines.length;
}

test('replacing or removing anything gives the patched value', () => {
  fc.assert(
    fc.property(manifest, choices, (text, chosen) => {
      const { index, value } = target(text);
      let current = value;
      const operations: Operation[] = [];
      for (const choice of chosen) {
        const operation = change(current, choice);
        if (!operation) continue;
        operations.push(operation);
        current = patched(current, operation);
      }
      const edited = editManifest(text, index, operations);
      if (!edited.ok) throw new Error(JSON.stringify(edited.problems));
      expect(target(edited.text).value).toEqual(current);
    }),
    { numRuns: RUNS },
  );
});
