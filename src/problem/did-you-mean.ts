// The nearest known word to a misspelt one.
import leven from 'leven';

const MAX_LENGTH = 64;

/** The closest of `known` when it is near enough to be a slip of the keyboard, else null. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  // The cost grows with both lengths; no known word is longer.
  if (word.length > MAX_LENGTH) return null;
  let best: string | null = null;
  // Two slips are one transposition; in a word of three letters that would be another word.
  let bestDistance = (word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    if (candidate.length > MAX_LENGTH) continue;
    const distance = leven(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `Did you mean "x"? ` or nothing, to be put in front of a hint. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === null ? '' : `Did you mean ${JSON.stringify(nearest)}? `;
}
