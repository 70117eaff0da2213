import { malformedLabelProblem, readMountsLabel } from '../intent/labels.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import type { Rule } from './rule.ts';

export const ms502 = {
  id: 'MS502',
  title: 'label value is neither "true" nor "false"',
  level: 'deny',
  why: 'A value such as "True" or "yes" would be read one way by one reader and another way by the next; here it is refused, so that nobody waits for mounts that never come.',
  check: ({ pod }) => {
    if (readMountsLabel(pod) !== 'malformed') return [];
    const { path, message, hint } = malformedLabelProblem(pod);
    return [{ path: parseFieldPath(path), message, hint }];
  },
} satisfies Rule;
