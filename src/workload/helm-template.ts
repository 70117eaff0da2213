// Tells a Helm template, which is no YAML before it is rendered, from a manifest that is broken and speaks of {{ }}.
import { CST, Lexer } from 'yaml';

/**
 * For a text that is no sound YAML: true where {{ stands in the place of a key, a value or a line, or where the text is
 * sound without its {{ }}, which then broke it: `"{{ default "a" .Values.b }}"`. In a comment, in a string or in a block
 * of text {{ }} harms nothing, and what is wrong is something else.
 */
export function isHelmTemplate(text: string, isSound: (text: string) => boolean): boolean {
  return text.includes('{{') && (hasActionAsNode(text) || isSound(withoutActions(text)));
}

/** Behind a line break a plain scalar goes on: `name: a` and a line with {{ that is indented more. */
const ACTION_ON_LINE = /\n[ \t]*\{\{/;

function hasActionAsNode(text: string): boolean {
  let before = '';
  let isBlockText = false;
  for (const token of new Lexer().lex(text)) {
    if (token === '{' && before === '{') return true;
    if (before === CST.SCALAR) {
      if (!isBlockText && ACTION_ON_LINE.test(token)) return true;
      isBlockText = false;
    } else if (/^[|>]/.test(token)) isBlockText = true;
    before = token;
  }
  return false;
}

function withoutActions(text: string): string {
  let result = '';
  for (let at = 0; ;) {
    const start = text.indexOf('{{', at);
    const end = start === -1 ? -1 : text.indexOf('}}', start);
    if (end === -1) return result + text.slice(at);
    // Some text, in a string as well as where a value stands.
    result += `${text.slice(at, start)}x`;
    at = end + 2;
  }
}
