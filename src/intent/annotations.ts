// The annotations of a pod, media-stack/NAME: one table is the parser, the documentation (docs/annotations.md) and
// the source of the error texts.
import type { Pod } from '../pod/pod.ts';
import { nearestWord } from '../problem/did-you-mean.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import {
  boolean,
  bytes,
  choice,
  claim,
  duration,
  list,
  path,
  quantity,
  ruleList,
} from './annotation-types.ts';
import type { AnnotationType } from './annotation-types.ts';
import { MOUNTS_LABEL } from './labels.ts';

export const ANNOTATION_PREFIX = 'media-stack/';

/** What the annotations of a pod override; a key that is absent leaves the settings in force. */
export interface Overrides {
  readonly remotes?: readonly string[];
  readonly containers?: readonly string[];
  readonly mediaPath?: string;
  readonly mediaClaim?: string;
  readonly mounts?: 'volume' | 'private';
  readonly sidecarMode?: 'native' | 'container';
  readonly sidecarPosition?: 'first' | 'last';
  readonly readOnly?: boolean;
  readonly vfsCacheMode?: 'off' | 'minimal' | 'writes' | 'full';
  readonly cacheSize?: string;
  readonly dirCacheTime?: string;
  readonly attrTimeout?: string;
  readonly pollInterval?: string;
  readonly cpuRequest?: string;
  readonly cpuLimit?: string;
  readonly memoryRequest?: string;
  readonly memoryLimit?: string;
  readonly waitForContent?: boolean;
  readonly ignore?: readonly string[];
}

export interface AnnotationRow<K extends keyof Overrides = keyof Overrides> {
  /** The part of the key behind `media-stack/`. */
  readonly name: string;
  readonly field: K;
  readonly type: AnnotationType<NonNullable<Overrides[K]>>;
  readonly example: string;
  /** One sentence for the documentation. */
  readonly description: string;
  /** The setting it overrides, '' where there is none. */
  readonly setting: string;
}

export const ANNOTATIONS: readonly AnnotationRow[] = [
  row(
    'remotes',
    'remotes',
    list,
    'zurg',
    'Only these remotes of the settings, in the order of the settings.',
    'remotes',
  ),
  row('containers', 'containers', list, 'sonarr', 'The app containers; by default they are found.', ''),
  row('media-path', 'mediaPath', path, '/data/media', 'Where the app sees the media volume.', 'media.path'),
  row(
    'media-claim',
    'mediaClaim',
    claim,
    'media-library-pvc',
    'The claim of the media volume.',
    'media.volume',
  ),
  row(
    'mounts',
    'mounts',
    choice('volume', 'private'),
    'private',
    'Where the FUSE mounts live: in a directory of the media volume or in an emptyDir of the pod.',
    'media.mounts',
  ),
  row(
    'sidecar-mode',
    'sidecarMode',
    choice('native', 'container'),
    'container',
    'Native sidecars, or plain containers for kubelets before 1.29.',
    'sidecar.mode',
  ),
  row(
    'sidecar-position',
    'sidecarPosition',
    choice('first', 'last'),
    'last',
    'Native sidecars before or behind the init containers of the pod.',
    'sidecar.position',
  ),
  row('read-only', 'readOnly', boolean, 'false', 'Whether the mounts are read-only.', 'rclone.readOnly'),
  row(
    'vfs-cache-mode',
    'vfsCacheMode',
    choice('off', 'minimal', 'writes', 'full'),
    'full',
    'rclone --vfs-cache-mode.',
    'rclone.vfsCacheMode',
  ),
  row(
    'cache-size',
    'cacheSize',
    bytes,
    '20Gi',
    'Size of the cache volume of each sidecar.',
    'rclone.cacheSize',
  ),
  row('dir-cache-time', 'dirCacheTime', duration, '10s', 'rclone --dir-cache-time.', 'rclone.dirCacheTime'),
  row('attr-timeout', 'attrTimeout', duration, '10s', 'rclone --attr-timeout.', 'rclone.attrTimeout'),
  row('poll-interval', 'pollInterval', duration, '10s', 'rclone --poll-interval.', 'rclone.pollInterval'),
  row(
    'cpu-request',
    'cpuRequest',
    quantity,
    '50m',
    'CPU request of each sidecar.',
    'sidecar.resources.requests.cpu',
  ),
  row('cpu-limit', 'cpuLimit', quantity, '1', 'CPU limit of each sidecar.', 'sidecar.resources.limits.cpu'),
  row(
    'memory-request',
    'memoryRequest',
    bytes,
    '128Mi',
    'Memory request of each sidecar.',
    'sidecar.resources.requests.memory',
  ),
  row(
    'memory-limit',
    'memoryLimit',
    bytes,
    '2Gi',
    'Memory limit of each sidecar.',
    'sidecar.resources.limits.memory',
  ),
  row(
    'wait-for-content',
    'waitForContent',
    boolean,
    'true',
    'Hold the app back until the probe path of each remote can be listed.',
    'sidecar.waitForContent',
  ),
  row('ignore', 'ignore', ruleList, 'MS404,MS405', 'Rules that do not apply to this pod.', ''),
];

/** No sensible value is longer, and admission runs before the API server looks at the size of annotations. */
const MAX_VALUE_LENGTH = 1024;

const ROWS_BY_NAME = new Map(ANNOTATIONS.map((entry) => [entry.name, entry]));
/** Keys under our prefix that are no settings: what the webhook writes. */
const WRITTEN_BY_US = new Set(['status']);

/**
 * The overrides of a pod, and an MS503 problem for every annotation under `media-stack/` that is unknown or does
 * not parse. Whether a named remote or container exists is for the caller to judge.
 */
export function parseAnnotations(pod: Pick<Pod, 'metadata'>): { overrides: Overrides; problems: Problem[] } {
  const overrides: Record<string, unknown> = {};
  const problems: Problem[] = [];
  const annotations = pod.metadata?.annotations ?? {};
  for (const key of Object.keys(annotations)) {
    if (!key.startsWith(ANNOTATION_PREFIX)) continue;
    const name = key.slice(ANNOTATION_PREFIX.length);
    if (WRITTEN_BY_US.has(name)) continue;
    const entry = ROWS_BY_NAME.get(name);
    const text = annotations[key] ?? '';
    if (!entry) {
      problems.push(unknownAnnotation(key, name));
      continue;
    }
    if (text.length > MAX_VALUE_LENGTH) {
      problems.push(
        annotationProblem(
          name,
          `the value has ${text.length} characters`,
          `At most ${MAX_VALUE_LENGTH} are read.`,
        ),
      );
      continue;
    }
    const parsed = entry.type.parse(text);
    if ('value' in parsed) overrides[entry.field] = parsed.value;
    else
      problems.push(
        annotationProblem(
          name,
          `${quote(text)} is not ${parsed.expected}`,
          `Write for example ${key}: ${quote(entry.example)}.`,
        ),
      );
  }
  return { overrides, problems };
}

/** An MS503 problem at the annotation `media-stack/NAME`. */
export function annotationProblem(name: string, message: string, hint: string): Problem {
  return {
    code: 'MS503',
    level: 'deny',
    path: `metadata.annotations[${ANNOTATION_PREFIX}${name}]`,
    message,
    hint,
  };
}

function suggestion(name: string): string {
  const nearest = nearestWord(
    name,
    ANNOTATIONS.map((entry) => entry.name),
  );
  return nearest === null ? '' : `Did you mean ${quote(ANNOTATION_PREFIX + nearest)}? `;
}

function unknownAnnotation(key: string, name: string): Problem {
  const hint =
    key === MOUNTS_LABEL
      ? `It is a label, not an annotation: put ${MOUNTS_LABEL}: "true" under metadata.labels of the pod template.`
      : `${suggestion(name)}All annotations are listed in docs/annotations.md.`;
  return annotationProblem(name, `there is no annotation ${quote(key)}`, hint);
}

function row<K extends keyof Overrides>(
  name: string,
  field: K,
  annotationType: AnnotationType<NonNullable<Overrides[K]>>,
  example: string,
  description: string,
  setting: string,
): AnnotationRow {
  return { name, field, type: annotationType, example, description, setting };
}
