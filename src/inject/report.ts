// What an injection did or did not do, and why: the same record for the metric label, the log line, the
// admission warning, `media-stack explain` and the golden files.
import type { Problem } from '../problem/problem.ts';
import type { SkipReason } from './skip-reason.ts';

/** One decision with its reason, in the order it was taken. */
export interface Step {
  /** What was decided: `media volume is "plex-media"`. */
  readonly what: string;
  /** Why: `container plex mounts it at /mnt/media`. */
  readonly why: string;
}

export type Report =
  | {
      readonly outcome: 'injected';
      readonly remotes: readonly string[];
      readonly steps: readonly Step[];
      readonly warnings: readonly string[];
    }
  | {
      readonly outcome: 'skipped';
      readonly reason: SkipReason;
      readonly steps: readonly Step[];
      readonly warnings: readonly string[];
    }
  | {
      readonly outcome: 'refused';
      readonly problems: readonly Problem[];
      readonly steps: readonly Step[];
      readonly warnings: readonly string[];
    };
