// The fenced blocks of a Markdown page.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  readonly language: string;
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** Every fenced block of a page of this project, without the indentation of its fence. */
export function readBlocks(page: string): Block[] {
  const text = readFileSync(ROOT + page, 'utf8');
  return [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm)].map((match) => {
    const [, indent = '', language = '', body = ''] = match;
    return {
      language,
      line: text.slice(0, match.index).split('\n').length + 1,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    };
  });
}
