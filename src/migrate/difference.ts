// What is other after a migration than before, as lines for people.

export interface Difference {
  /** The containers it is about, '' for the pod: `rclone-zurg, rclone-torbox`. */
  readonly at: string;
  /** What was there: `image rclone/rclone:latest`. */
  readonly what: string;
  /** What becomes of it: `becomes rclone/rclone:1.75.1`. */
  readonly why: string;
  /** What would keep it: `settings images.rclone`; null where nothing does. */
  readonly keep: string | null;
}

/** Differences that say the same of several containers as one, in the order of the first. */
export function mergeDifferences(differences: readonly Difference[]): Difference[] {
  const merged = new Map<string, Difference>();
  for (const difference of differences) {
    const { at, ...rest } = difference;
    const key = JSON.stringify(rest);
    const known = merged.get(key);
    const names = known === undefined ? [] : known.at.split(', ');
    if (!names.includes(at)) merged.set(key, { ...rest, at: [...names, at].join(', ') });
  }
  return [...merged.values()];
}

/** `--umask=002 (rclone-zurg): is dropped; to keep it: settings remotes[].flags`. */
export function renderDifference({ at, what, why, keep }: Difference): string {
  const where = at === '' ? '' : ` (${at})`;
  return `${what}${where}: ${why}${keep === null ? '' : `; to keep it: ${keep}`}`;
}
