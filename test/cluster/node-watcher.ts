// Readings that begin before the first mount and are followed to the end of the pod.
import type { KubeObject, Kubectl } from './kubectl.ts';
import { APP_IMAGE } from './node-images.ts';
import { countReadings, parseReadings, READER } from './node-reader.ts';
import type { Counts, Reading } from './node-reader.ts';
import { LISTED } from './node-scene.ts';

/**
 * A native sidecar of the user. With the annotation `media-stack/sidecar-position: last` it is in front of ours: there
 * from before the first mount to behind the last one.
 */
export const WATCHER: KubeObject = {
  name: 'watcher',
  image: APP_IMAGE,
  command: [READER, ...LISTED],
  restartPolicy: 'Always',
  securityContext: { runAsUser: 1000 },
  volumeMounts: [{ name: 'media', mountPath: '/mnt/media' }],
};

/** The reader of a container that runs. */
export interface FollowedReader {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Longer than the container lives. */
  readonly timeoutMs: number;
}

/** All that a reader says, from its start to its end; call the result when the container is to end. */
export function followReader(kubectl: Kubectl, followed: FollowedReader): () => Promise<Reading[]> {
  const { namespace, pod, container, timeoutMs } = followed;
  const log = kubectl.text(['logs', '-f', '-n', namespace, pod, '-c', container], { timeoutMs });
  // Nobody asks for the log of a test that has failed before its end.
  log.catch(() => {});
  return async () => parseReadings(await log);
}

/** What was read from a moment on and before another, milliseconds since 1970; exact to a quarter of a second. */
export function countBetween(readings: readonly Reading[], from: number, to: number): Counts {
  const before = countReadings(readings.filter(({ at }) => at < from));
  const until = countReadings(readings.filter(({ at }) => at < to));
  return {
    entries: until.entries - before.entries,
    errors: until.errors - before.errors,
    empty: until.empty - before.empty,
  };
}
