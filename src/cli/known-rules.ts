// --rule ID: a slip would silence everything, so it is named.
import { didYouMean } from '../problem/did-you-mean.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { RULES } from '../policy/catalogue.ts';

/** A problem for each ID that no rule has. */
export function unknownRules(ids: readonly string[]): Problem[] {
  const known = RULES.map(({ id }) => id);
  return ids
    .filter((id) => !known.includes(id))
    .map((id) => ({
      code: 'usage',
      level: 'deny',
      path: '--rule',
      message: `there is no rule ${quote(id)}`,
      hint: `${didYouMean(id, known)}The rules are in docs/rules.`,
    }));
}
