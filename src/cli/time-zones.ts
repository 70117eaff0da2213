// Which time zones there are, as far as this Node knows.
import type { TimeZones } from '../generate/check-media-app.ts';

/** Intl takes any case, and offsets; the files of /usr/share/zoneinfo, which TZ names, are of one case. */
const NAME = /^[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$/;

/** The time zones of the IANA database. */
export function systemTimeZones(): TimeZones {
  // The list has one name for each zone, and not the old ones, which are files all the same.
  const names = [...Intl.supportedValuesOf('timeZone'), 'Etc/UTC'];
  return { names, isKnown: (name) => names.includes(name) || (NAME.test(name) && isTaken(name)) };
}

function isTaken(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }));
  } catch {
    return false;
  }
}
