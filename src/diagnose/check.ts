// What a check is: one value in one file, listed in checks.ts.
import type { Facts } from './facts.ts';
import type { CheckReport } from './finding.ts';

export type CheckGroup = 'pod' | 'containers' | 'mounts' | 'rclone' | 'cluster' | 'webhook';

export interface Check {
  /** Stable: `--only` and JSON name it. */
  readonly id: string;
  readonly group: CheckGroup;
  readonly title: string;
  /** Null where there is nothing to look at. */
  readonly run: (facts: Facts) => CheckReport | null;
}
