// Applies JSON Patch operations to plain values: what a text edit must arrive at.
import jsonpatch from 'fast-json-patch';
import type { Operation } from '../pod/json-patch.ts';

export type PatchedValue =
  | { readonly ok: true; readonly value: unknown }
  /** `index` of the operation that does not fit the value. */
  | { readonly ok: false; readonly index: number };

/** A patched copy; neither the value nor the operations are changed. */
export function patchValue(value: unknown, operations: readonly Operation[]): PatchedValue {
  try {
    // Copies of both: applyPatch puts the operations' own values into the document and changes them later.
    const patched = jsonpatch.applyPatch(
      structuredClone(value),
      structuredClone([...operations]),
      true,
      true,
    );
    return { ok: true, value: patched.newDocument };
  } catch (error) {
    const index = error instanceof Error && 'index' in error ? error.index : undefined;
    return { ok: false, index: typeof index === 'number' ? index : 0 };
  }
}
