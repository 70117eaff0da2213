// A unified diff of one file, with colour on a terminal.
import { createTwoFilesPatch } from 'diff';
import type { Paint } from './style.ts';

/** The diff of `before` and `after`, empty where they are equal. */
export function renderDiff(file: string, before: string, after: string, paint: Paint): string {
  if (before === after) return '';
  const diff = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, {
    context: 3,
  });
  return diff
    .split('\n')
    .filter((line) => !line.startsWith('====='))
    .map((line) => {
      if (line.startsWith('+++') || line.startsWith('---')) return paint('bold', line.trimEnd());
      if (line.startsWith('@@')) return paint('cyan', line);
      if (line.startsWith('+')) return paint('green', line);
      return line.startsWith('-') ? paint('red', line) : line;
    })
    .join('\n');
}
