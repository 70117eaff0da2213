// The label that asks for the mounts, and the keys this project owns on a pod.
import { isJsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';

export const MOUNTS_LABEL = 'media-stack/cloud-mounts';
export const STATUS_ANNOTATION = 'media-stack/status';
export const DEFAULT_CONTAINER_ANNOTATION = 'kubectl.kubernetes.io/default-container';

/**
 * The raw label value of any object, whatever else is wrong with it; undefined where there is none. Read before an
 * object is decoded: what does not ask for mounts is none of our business, however odd it is.
 */
export function rawMountsLabel(object: unknown): unknown {
  const metadata = isJsonObject(object) ? object['metadata'] : undefined;
  const labels = isJsonObject(metadata) ? metadata['labels'] : undefined;
  return isJsonObject(labels) ? labels[MOUNTS_LABEL] : undefined;
}

export type LabelState = 'absent' | 'true' | 'false' | 'malformed';

/** What the label of a pod (or pod template, or any labelled object) says. Only `"true"` and `"false"` are values. */
export function readMountsLabel(object: Pick<Pod, 'metadata'>): LabelState {
  const value = object.metadata?.labels?.[MOUNTS_LABEL];
  if (value === undefined || value === null) return 'absent';
  return value === 'true' || value === 'false' ? value : 'malformed';
}

/**
 * MS502 for a label that is there and is neither "true" nor "false", whatever its type: an unquoted `true` in YAML is
 * no string. Null where there is nothing to say.
 */
export function rawLabelProblem(object: unknown): Problem | null {
  const value = rawMountsLabel(object);
  if (value === undefined || value === 'true' || value === 'false') return null;
  return labelProblem(value);
}

/** MS502: the label value is neither "true" nor "false". */
export function malformedLabelProblem(object: Pick<Pod, 'metadata'>): Problem {
  return labelProblem(object.metadata?.labels?.[MOUNTS_LABEL]);
}

function labelProblem(value: unknown): Problem {
  return {
    code: 'MS502',
    level: 'deny',
    path: `metadata.labels[${MOUNTS_LABEL}]`,
    message: `the label value ${quote(value)} is neither "true" nor "false"`,
    hint: `Write ${MOUNTS_LABEL}: "true" (with the quotes: a label is a string), or "false" to switch the mounts off.`,
  };
}
