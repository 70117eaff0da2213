// Durations as rclone reads them (rclone fs/parseduration.go): Go durations with d and w beside.

const DURATION = /^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/;

/** True for `60s`, `1h30m`, `2d`; a bare number has no unit and is refused. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}
