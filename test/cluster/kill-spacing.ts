// When rclone may be killed again: mount.sh starts it again in place three times a minute, and gives up at the fourth
// end. The series measures the first three; that it gives up is a matter of the unit tests of mount.sh.
import { setTimeout as delay } from 'node:timers/promises';

const KILLS = 3;
/** A minute, and some seconds from a kill to the end that it brings about. */
const WINDOW_MS = 65_000;

/** How long to wait at `now` so that no more than three fall into a window; `earlier` are the moments before. */
export function waitBeforeKill(earlier: readonly number[], now: number): number {
  const thirdLast = earlier.at(-KILLS);
  return thirdLast === undefined ? 0 : Math.max(0, thirdLast + WINDOW_MS - now);
}

/** Resolves when the rclone of a sidecar may be killed; each sidecar counts for itself. */
export type KillSpacing = (container: string) => Promise<void>;

/** For one pod: a new one starts with an empty count. */
export function spaceKills(): KillSpacing {
  const kills = new Map<string, number[]>();
  return async (container) => {
    const earlier = kills.get(container) ?? [];
    await delay(waitBeforeKill(earlier, performance.now()));
    kills.set(container, [...earlier, performance.now()]);
  };
}
