// Values as rclone reads them, made comparable.

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a duration; a bare number counts seconds (rclone fs/parseduration.go). Null for `off` and the like. */
export function durationMs(text: string): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text)) return null;
  let sum = 0;
  for (const [, number = '', , unit = ''] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d|w)/g))
    sum += Number(number) * (UNIT_MS[unit] ?? 0);
  return sum;
}

const SIZE_UNITS = 'bkmgtpe';

/** Bytes of a size; units are binary, and a bare number counts KiB (rclone fs/sizesuffix.go). Null for `off`. */
export function sizeBytes(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)([bkmgtpe])?(?:i?b|i)?$/i.exec(text);
  if (!match) return null;
  const unit = SIZE_UNITS.indexOf((match[2] ?? 'k').toLowerCase());
  return Number(match[1]) * 1024 ** unit;
}
