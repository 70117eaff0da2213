// Which operations of a patch can be done in any order, so that one reading of the text serves them all.
import type { Operation } from '../pod/json-patch.ts';

/**
 * The operations that can be done first and at once, and the others, both in their order. An operation changes one list
 * or map and shifts paths below it only; two meet when the list or map of one is that of the other, or holds it. An
 * operation that meets an earlier one, taken or not, waits.
 */
export function takeIndependent(operations: readonly Operation[]): {
  readonly independent: readonly Operation[];
  readonly rest: readonly Operation[];
} {
  const independent: Operation[] = [];
  const rest: Operation[] = [];
  const changed = new Set<string>();
  const around = new Set<string>();
  for (const operation of operations) {
    const collection = operation.path.slice(0, Math.max(operation.path.lastIndexOf('/'), 0));
    const holders = holdersOf(collection);
    const meets = around.has(collection) || holders.some((holder) => changed.has(holder));
    (meets ? rest : independent).push(operation);
    changed.add(collection);
    for (const holder of holders) around.add(holder);
  }
  return { independent, rest };
}

/** `/a/b` is held by the root, `/a` and itself. */
function holdersOf(pointer: string): string[] {
  const holders = [''];
  for (let at = pointer.indexOf('/', 1); at !== -1; at = pointer.indexOf('/', at + 1))
    holders.push(pointer.slice(0, at));
  if (pointer !== '') holders.push(pointer);
  return holders;
}
