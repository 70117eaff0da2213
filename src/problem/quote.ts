// Values found in user input, as they appear in messages.

const MAX_QUOTED = 80;

/** A value in JSON notation, cut to 80 characters: what the user wrote, recognisable and harmless. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text =
    typeof value === 'object' && value !== null
      ? Array.isArray(value)
        ? 'a list'
        : 'an object'
      : JSON.stringify(value);
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED - 1)}…`;
}

/** The value of a field in a sentence: `not set` where it is absent. */
export function quoteField(value: unknown): string {
  return value === undefined || value === null ? 'not set' : quote(value);
}
