// Problems as an answer of the admission protocol.
import { denied } from '../admission/outcome.ts';
import type { Denied } from '../admission/outcome.ts';
import { joinFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';

export interface DeniedObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The first are enough to start with; each can be long. */
const MAX_SHOWN = 25;

/**
 * A 422 `Invalid`. kubectl shows only the causes, controllers and events only the message: each tells the whole story,
 * rule ID, value found and mend.
 */
export function denyProblems(object: DeniedObject, problems: readonly Problem[], prefix: string): Denied {
  const located = problems
    .slice(0, MAX_SHOWN)
    .map((problem) => ({ ...problem, path: joinFieldPath(prefix, problem.path) }));
  const who = `${object.kind} ${object.namespace === '' ? '' : `${object.namespace}/`}${object.name}`;
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = located.map(
    (problem) => `${problem.code} ${problem.path}: ${problem.message}. ${problem.hint}`,
  );
  return {
    ...denied({
      message: `media-stack refuses ${who} (${count}): ${lines.join(' | ')}`,
      causes: located.map((problem) => ({
        field: problem.path,
        message: `${problem.code}: ${problem.message}. ${problem.hint}`,
        reason: 'FieldValueInvalid',
      })),
      kind: object.kind,
      name: object.name,
    }),
    reason: located[0]?.code ?? 'refused',
  };
}

/** A finding that does not refuse the object, as one line for `kubectl`: `MS306 spec.runtimeClassName: ...`. */
export function warningLine(problem: Problem, prefix: string): string {
  return `${problem.code} ${joinFieldPath(prefix, problem.path)}: ${problem.message}. ${problem.hint}`;
}
