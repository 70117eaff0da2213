// What the API server silently drops, cuts or refuses in an answer, made fit beforehand so that nothing is lost
// without a sign. A rune is a Unicode code point, as Go counts.
import type { StatusCause } from './review.ts';

// The API server cuts each warning to 256 runes as soon as all warnings of the request, those of other webhooks
// included, exceed 4,096 (apiserver endpoints/filters/warning.go: truncateItemRunes). 250 leaves our ellipsis in
// sight then. Writers should stay under 120 (k8s.io/api admission/v1 types.go); cutting there would lose the mend.
const MAX_WARNING_RUNES = 250;

// truncateAtTotalRunes = 4 * 1024 in the same file: what comes after is dropped without a word. 4,096 minus 32 for
// our own last line ("and 1234 more warnings") and rounded down.
const MAX_WARNINGS_TOTAL_RUNES = 4_000;

// metav1.Condition.message holds at most 32,768 characters, and a ReplicaSet shows a denial as a condition; minus
// 768 for the `admission webhook "..." denied the request: ` the API server writes before it (a name: 253 at most).
/** A name has at most 253 characters, a field path may hold one in brackets. */
const MAX_NAME_RUNES = 500;
const MAX_MESSAGE_RUNES = 32_000;

// kubectl prints one line per cause; nobody mends more than a hundred fields from one answer.
const MAX_CAUSES = 100;

// Name part of a qualified name: 63 (apimachinery validation.IsQualifiedName; apiserver admission/attributes.go).
const MAX_AUDIT_KEY_LENGTH = 63;

// The API server's own policies cut the value of an audit annotation at 10 KiB (admission/plugin/policy/validating).
const MAX_AUDIT_VALUE_RUNES = 10_240;

// Go's unicode.IsControl is the category Cc: a warning that holds one is dropped whole (apimachinery util/net
// NewWarningHeader). The two Unicode line ends are no controls, but would break a line just the same.
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
// In a message line ends and tabs are welcome; an escape character from a user's value is not: it reaches terminals.
const CONTROLS_BUT_LAYOUT = /[^\P{Cc}\n\t]+/gu;

/**
 * Warnings as the API server passes them on whole: one line each, valid Unicode, at most 250 runes, no repeats,
 * 4,000 runes in all. What does not fit is counted in a last line, `and 3 more warnings`.
 */
export function fitWarnings(warnings: readonly string[]): string[] {
  const lines = [...new Set(warnings.map(fitWarning))].filter((line) => line !== '');
  const kept: string[] = [];
  let total = 0;
  for (const [index, line] of lines.entries()) {
    total += countRunes(line);
    if (total > MAX_WARNINGS_TOTAL_RUNES) {
      const rest = lines.length - index;
      return [...kept, `and ${rest} more ${rest === 1 ? 'warning' : 'warnings'}`];
    }
    kept.push(line);
  }
  return kept;
}

/** A status message: line ends kept, other control characters replaced, valid Unicode, at most 32,000 runes. */
export function fitMessage(message: string): string {
  return cutRunes(message.toWellFormed().replaceAll(CONTROLS_BUT_LAYOUT, ' '), MAX_MESSAGE_RUNES);
}

/** A field path or an object's name: one line, at most 500 runes. */
export function fitName(name: string): string {
  return cutRunes(name.toWellFormed().replaceAll(CONTROLS, ' '), MAX_NAME_RUNES);
}

/** At most 100 causes, each fit like a message; the last one counts those left out. */
export function fitCauses(causes: readonly StatusCause[]): StatusCause[] {
  const fit = causes.slice(0, MAX_CAUSES).map((cause) => ({
    ...cause,
    field: fitName(cause.field),
    message: fitMessage(cause.message),
  }));
  const rest = causes.length - fit.length;
  return rest === 0 ? fit : [...fit, { field: '', message: `and ${rest} more` }];
}

/**
 * Audit annotations with keys the API server takes: an illegal character becomes `-`, at most 63 characters. A key
 * of which nothing is left is dropped; of two keys that become equal the first stays (a second value is refused).
 */
export function fitAuditAnnotations(annotations: Readonly<Record<string, string>>): Record<string, string> {
  const fit = new Map<string, string>();
  for (const [key, value] of Object.entries(annotations)) {
    const legal = fitAuditKey(key);
    if (legal === '' || fit.has(legal)) continue;
    fit.set(legal, cutRunes(value.toWellFormed(), MAX_AUDIT_VALUE_RUNES));
  }
  return Object.fromEntries(fit);
}

function fitWarning(text: string): string {
  return cutRunes(text.toWellFormed().replaceAll(CONTROLS, ' ').trim(), MAX_WARNING_RUNES);
}

// Letters, digits, `-_.`, beginning and ending with a letter or digit.
function fitAuditKey(key: string): string {
  const legal = key.replaceAll(/[^A-Za-z0-9_.-]/g, '-').replace(/^[-_.]+/, '');
  return legal.slice(0, MAX_AUDIT_KEY_LENGTH).replace(/[-_.]+$/, '');
}

function cutRunes(text: string, limit: number): string {
  // UTF-16 units are never fewer than runes, so most texts need no counting.
  if (text.length <= limit) return text;
  // A rune is at most two units: what is far behind the limit need not be looked at.
  const runes = Array.from(text.slice(0, 2 * limit + 2));
  return runes.length <= limit ? text : `${runes.slice(0, limit - 1).join('')}…`;
}

function countRunes(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
