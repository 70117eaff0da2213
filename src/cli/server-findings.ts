// The findings in an answer of the validating endpoint: denials are causes, the others warnings.
import type { Problem } from '../problem/problem.ts';
import type { AdmissionResponse } from './admission-client.ts';

export interface ServerFinding extends Pick<Problem, 'code' | 'level' | 'path'> {
  /** What is wrong and how to mend it, in one. */
  readonly text: string;
  /** True where the answer had no room for all of it. */
  readonly isCut: boolean;
}

/** Rules that are silent at admission. */
export const LINT_ONLY: ReadonlySet<string> = new Set(['MS407']);

/** `field` and `MS201: text` of a cause, `MS306 spec.x: text` of a warning (server/denial.ts writes them). */
const CAUSE = /^([A-Za-z][\w-]*): ([\s\S]*)$/;
const WARNING = /^(MS\d{3}) (\S+): (.*)$/;

/** In the order of the answer; warnings that are about no rule are left out. */
export function findingsOf(response: AdmissionResponse): ServerFinding[] {
  const denials = (response.status?.details?.causes ?? []).map(({ field, message }): ServerFinding => {
    const [, code = 'refused', text = message] = CAUSE.exec(message) ?? [];
    return finding(code, 'deny', field, text);
  });
  // A denial without causes comes from something that is not ours, a proxy for instance.
  if (!response.allowed && denials.length === 0)
    denials.push(finding('refused', 'deny', '', response.status?.message ?? 'refused without a word'));
  const warnings = (response.warnings ?? []).flatMap((line) => {
    const [, code, path, text] = WARNING.exec(line) ?? [];
    return code === undefined || path === undefined || text === undefined
      ? []
      : [finding(code, 'warn', path, text)];
  });
  return [...denials, ...warnings];
}

function finding(code: string, level: Problem['level'], path: string, text: string): ServerFinding {
  const isCut = text.endsWith('…');
  return { code, level, path, text: isCut ? text.slice(0, -1) : text, isCut };
}
