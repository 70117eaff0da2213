// The name of a workload as it stands on the command line.
import { didYouMean } from '../problem/did-you-mean.ts';
import { quote } from '../problem/quote.ts';
import { REFERENCE_WORDS } from '../workload/workload-reference.ts';
import { UsageError } from './usage-error.ts';

/** The error of a name that `parseWorkloadReference` does not understand. */
export function badReference(text: string): UsageError {
  const [kind = '', name] = text.split('/');
  const isKind = REFERENCE_WORDS.includes(kind.split('.', 1)[0]?.toLowerCase() ?? '');
  const guess = isKind || name === undefined ? '' : didYouMean(kind, REFERENCE_WORDS);
  return new UsageError(
    `${quote(text)} names no workload`,
    `${guess}Write NAME or KIND/NAME with deployment, statefulset, daemonset or pod: deployment/sonarr.`,
  );
}
