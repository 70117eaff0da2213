import { parseFieldPath } from '../problem/field-path.ts';
import type { Rule } from './rule.ts';

export const ms503: Rule = {
  id: 'MS503',
  title: 'unknown or malformed media-stack annotation',
  level: 'deny',
  why: 'A misspelt annotation that is passed over in silence gives a pod other mounts than its author believes.',
  check: ({ annotationProblems }) =>
    annotationProblems.map(({ path, message, hint }) => ({ path: parseFieldPath(path), message, hint })),
};
