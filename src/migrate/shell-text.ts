// Shell text whose effect can be read off: simple commands one behind the other, with quotes and nothing else.

/** Output thrown away: changes nothing about what a command does. */
const SILENCE = /^(?:\d?>>?\s*\/dev\/null|\d>&\d|&>\s*\/dev\/null)(?=[\s;&|]|$)/;
/** Expansion, grouping, background, history: what they do depends on more than the text. */
const BEYOND_READING = /[$`*?[\]{}()<>!~]/;

type Token = { readonly word: string } | { readonly operator: string };

/**
 * The commands of a text as words, in order; null where it holds more than simple commands joined by `;`, `&&` or line
 * breaks. `|| true` behind a command is taken away.
 */
export function parseShellText(text: string): string[][] | null {
  const tokens = tokenize(text);
  if (tokens === null) return null;
  const commands: string[][] = [];
  let current: string[] = [];
  let isFallback = false;
  const end = (): boolean => {
    if (isFallback && !/^(true|:)$/.test(current.join(' '))) return false;
    if (current.length > 0 && !isFallback) commands.push(current);
    current = [];
    isFallback = false;
    return true;
  };
  for (const token of tokens) {
    if ('word' in token) {
      current.push(token.word);
      continue;
    }
    if (!end()) return null;
    isFallback = token.operator === '||';
  }
  return end() ? commands : null;
}

function tokenize(text: string): Token[] | null {
  const tokens: Token[] = [];
  let rest = text.replaceAll('\\\n', ' ');
  while (rest !== '') {
    const skipped = /^[ \t]+|^#[^\n]*/.exec(rest) ?? SILENCE.exec(rest);
    const operator = /^(?:\|\||&&|;|\n)/.exec(rest);
    if (skipped) rest = rest.slice(skipped[0].length);
    else if (operator) {
      tokens.push({ operator: operator[0] });
      rest = rest.slice(operator[0].length);
    } else {
      const read = readWord(rest);
      if (read === null) return null;
      tokens.push({ word: read.word });
      rest = rest.slice(read.length);
    }
  }
  return tokens;
}

function readWord(text: string): { word: string; length: number } | null {
  let word = '';
  let at = 0;
  while (at < text.length && !/[\s;&|]/.test(text[at] ?? '')) {
    const rest = text.slice(at);
    // In double quotes a backslash and a dollar mean something: such a text is not read.
    const quoted = /^'([^']*)'/.exec(rest) ?? /^"([^"$`\\]*)"/.exec(rest);
    if (quoted) {
      word += quoted[1] ?? '';
      at += quoted[0].length;
    } else {
      const char = text[at] ?? '';
      if (BEYOND_READING.test(char) || char === '"' || char === "'" || char === '\\') return null;
      word += char;
      at += 1;
    }
  }
  // A lone & or |: nothing was read.
  return at === 0 ? null : { word, length: at };
}
