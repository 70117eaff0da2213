// Is an answer right? Judged as the API server judges it, and then by the pod that comes out.
import { acceptResponse } from '../test/support/apiserver-check.ts';
import type { Expectation, Review } from './inputs.ts';

export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** The pod after the patch. Throws with what is wrong: status, uid, patch that does not apply, other containers. */
export function checkAnswer(review: Review, answer: Answer, expected: Expectation): unknown {
  const verdict = acceptResponse('mutating', review, answer.status, answer.contentType, answer.body);
  if (verdict.verdict !== 'OK') {
    throw new Error(`the API server would not take this answer: ${JSON.stringify(verdict, null, 2)}`);
  }
  const { allowed, object, operations } = verdict.decision;
  const { spec } = object as { readonly spec: Record<string, readonly { readonly name: string }[]> };
  const names = (list: string): string[] => (spec[list] ?? []).map(({ name }) => name);
  const seen = {
    allowed,
    isPatched: operations.length > 0,
    initContainers: names('initContainers'),
    containers: names('containers'),
  };
  const wanted = { allowed: true, ...expected };
  for (const key of ['allowed', 'isPatched', 'initContainers', 'containers'] as const) {
    const [has, should] = [JSON.stringify(seen[key]), JSON.stringify(wanted[key])];
    if (has !== should) throw new Error(`${key} is ${has} after the answer, not ${should}`);
  }
  return object;
}
