// What check-media-mounts says about a mount: the shape of its JSON (schemas/check.schema.json).

export type CheckStatus = 'ok' | 'warn' | 'fail';

/**
 * | reason | what was found |
 * | --- | --- |
 * | `ok` | mounted, readable, enough entries |
 * | `few_entries` | readable, but with fewer entries than --min-entries |
 * | `pod_not_running` | the pod has not started, or ends |
 * | `no_sidecar` | no container of the pod mounts this remote |
 * | `sidecar_not_running` | its container waits, crashes or has ended |
 * | `not_mounted` | the sidecar runs and has nothing mounted |
 * | `no_media_mount` | the app mounts nothing at the media path |
 * | `not_visible` | mounted in the sidecar, not to be seen in the app: mount propagation |
 * | `dead_mount` | "Transport endpoint is not connected": its rclone is gone |
 * | `mount_hangs` | the mount does not answer |
 * | `backend_silent` | the server behind it does not answer |
 * | `backend_error` | the server behind it refuses |
 * | `listing_hangs`, `listing_failed` | mounted, but cannot be read |
 * | `no_tools` | neither app nor sidecar has a shell with stat, ls and timeout |
 * | `not_allowed` | exec into the pod is forbidden |
 * | `no_answer` | the node did not answer within the pod's time limit |
 */
export type MountReason =
  | 'ok'
  | 'few_entries'
  | 'pod_not_running'
  | 'no_sidecar'
  | 'sidecar_not_running'
  | 'not_mounted'
  | 'no_media_mount'
  | 'not_visible'
  | 'dead_mount'
  | 'mount_hangs'
  | 'backend_silent'
  | 'backend_error'
  | 'listing_hangs'
  | 'listing_failed'
  | 'no_tools'
  | 'not_allowed'
  | 'no_answer';

export interface MountResult {
  readonly remote: string;
  /** What was listed: `/mnt/media/zurg/__all__`. */
  readonly path: string;
  readonly status: CheckStatus;
  readonly reason: MountReason;
  /** What was found, in words; '' where all is well. */
  readonly message: string;
  /** How to mend it; '' where there is nothing to mend. */
  readonly mend: string;
  /** The container that was looked into; null where none was. */
  readonly container: string | null;
  readonly sidecar: string | null;
  /** In the mount table of that container; null where it was not seen. */
  readonly mounted: boolean | null;
  /** Number of entries; at most --max-count, and `moreEntries` where there are more. Null where nothing was listed. */
  readonly entries: number | null;
  readonly moreEntries: boolean;
  /** How long the listing took. */
  readonly listingMs: number | null;
  /** How long the server behind it took to list its root. */
  readonly backendMs: number | null;
}

export interface PodResult {
  readonly namespace: string;
  readonly pod: string;
  /** '' where it is not scheduled. */
  readonly node: string;
  /** The worst of its mounts. */
  readonly status: CheckStatus;
  readonly mounts: readonly MountResult[];
}

export interface CheckLimits {
  /** Fewer entries are a warning. */
  readonly minEntries: number;
  /** Counting stops there. */
  readonly maxCount: number;
}

const RANK: Readonly<Record<CheckStatus, number>> = { ok: 0, warn: 1, fail: 2 };

/** The worst of several; `ok` for none. */
export function worstStatus(statuses: readonly CheckStatus[]): CheckStatus {
  return statuses.reduce((worst, status) => (RANK[status] > RANK[worst] ? status : worst), 'ok');
}
