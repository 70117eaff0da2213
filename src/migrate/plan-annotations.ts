// The operations that put label and annotations on a pod, and which annotations keep what the hand-written sidecars had.
import { ANNOTATIONS, ANNOTATION_PREFIX } from '../intent/annotations.ts';
import { MOUNTS_LABEL } from '../intent/labels.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import type { Pod } from '../pod/pod.ts';
import type { SidecarFacts } from './sidecar-facts.ts';
import { TUNING_NAMES } from './sidecar-tuning.ts';

export interface KeptAnnotation {
  /** Behind `media-stack/`. */
  readonly name: string;
  readonly value: string;
  /** True for what `--defaults` drops: without it the pod mounts the same, with other options. */
  readonly isOption: boolean;
  /** True where nobody had written the value: it is rclone's default. */
  readonly isDefault: boolean;
}

/** One pair of a hand-written sidecar and the one that is injected for it. */
export interface ReplacedSidecar {
  readonly before: SidecarFacts;
  readonly after: SidecarFacts;
}

/** An annotation counts for all sidecars of a pod: one for each value that they share and the injected ones have not. */
export function planOptionAnnotations(pairs: readonly ReplacedSidecar[]): KeptAnnotation[] {
  return TUNING_NAMES.flatMap((name) => {
    const written = pairs
      .map(({ before }) => before.tuning[name])
      .filter(({ annotation }) => annotation !== null);
    const [first] = written;
    if (first === undefined || first.annotation === null) return [];
    const isShared = written.every(({ key }) => key === first.key);
    const isOther = pairs.some(({ before, after }) => {
      const { annotation, key } = before.tuning[name];
      return annotation !== null && after.tuning[name].key !== key;
    });
    if (!isShared || !isOther) return [];
    const isDefault = written.every((value) => value.isDefault);
    return [{ name, value: first.annotation, isOption: true, isDefault }];
  });
}

/** Those that did what they were written for: a flag of the settings wins over an annotation. */
export function effectiveAnnotations(
  annotations: readonly KeptAnnotation[],
  pairs: readonly ReplacedSidecar[],
): KeptAnnotation[] {
  return annotations.filter(({ name }) => {
    const option = TUNING_NAMES.find((candidate) => candidate === name);
    return (
      option === undefined ||
      pairs.some(({ before, after }) => before.tuning[option].key === after.tuning[option].key)
    );
  });
}

/** As docs/annotations.md lists them. */
export function inTableOrder(annotations: readonly KeptAnnotation[]): KeptAnnotation[] {
  const place = ({ name }: KeptAnnotation) => ANNOTATIONS.findIndex((row) => row.name === name);
  return annotations.toSorted((a, b) => place(a) - place(b));
}

/** Puts the label on where it is not, and the annotations; one that is there already gets the new value. */
export function renderMetadata(pod: Pod, annotations: readonly KeptAnnotation[]): Operation[] {
  const { metadata } = pod;
  const labels = metadata?.labels?.[MOUNTS_LABEL] === 'true' ? {} : { [MOUNTS_LABEL]: 'true' };
  const values = Object.fromEntries(annotations.map(({ name, value }) => [ANNOTATION_PREFIX + name, value]));
  if (!metadata) {
    const value = { labels, ...(annotations.length > 0 ? { annotations: values } : {}) };
    return [{ op: 'add', path: '/metadata', value }];
  }
  return [
    ...addKeys('labels', metadata.labels, labels),
    ...addKeys('annotations', metadata.annotations, values),
  ];
}

function addKeys(
  field: 'labels' | 'annotations',
  existing: Readonly<Record<string, string>> | null | undefined,
  values: Readonly<Record<string, string>>,
): Operation[] {
  if (Object.keys(values).length === 0) return [];
  if (existing === null || existing === undefined)
    return [{ op: existing === null ? 'replace' : 'add', path: `/metadata/${field}`, value: values }];
  return Object.entries(values).map(([key, value]) => ({
    op: Object.hasOwn(existing, key) ? 'replace' : 'add',
    path: renderPointer(['metadata', field, key]),
    value,
  }));
}
