// Words of a command line, checked one by one: each that is wrong is a problem of its own.
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';

export interface NamePattern {
  readonly pattern: RegExp;
  readonly maxLength: number;
  readonly words: string;
}

/** RFC 1123 label: namespaces. */
export const LABEL: NamePattern = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  words: 'lower-case letters, digits and -, at most 63, not - at an end',
};
/** RFC 1035 label: a Service is named so. */
export const SERVICE_NAME: NamePattern = {
  pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
  maxLength: 63,
  words: 'a lower-case letter first, then also digits and -, at most 63',
};
/** RFC 1123 subdomain: most objects. */
export const SUBDOMAIN: NamePattern = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  maxLength: 253,
  words: 'lower-case letters, digits, - and ., at most 253',
};

export class WordCheck {
  readonly problems: Problem[] = [];

  add(word: string, value: string, message: string, hint: string): void {
    this.problems.push({
      code: 'word',
      level: 'deny',
      path: word,
      message: `${quote(value)} ${message}`,
      hint,
    });
  }

  name(word: string, value: string, { pattern, maxLength, words }: NamePattern, example: string): string {
    if (!pattern.test(value) || value.length > maxLength)
      this.add(word, value, `is not a name: ${words}`, `Write for example ${example}.`);
    return value;
  }

  number(word: string, value: string, least: number, most: number, example: string): number {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most))
      this.add(
        word,
        value,
        `is not a whole number from ${least} to ${most}`,
        `Write for example ${example}.`,
      );
    return number;
  }
}
