// --settings FILE, for the commands that decide as the server would.
import { readFile } from 'node:fs/promises';
import { fileErrorText } from './file-error.ts';
import { defaultSettings, parseSettings } from '../settings/parse-settings.ts';
import type { ParsedSettings } from '../settings/parse-settings.ts';

/** The settings of a file, or the defaults where none is named; a file that cannot be read is a problem like any other. */
export async function loadSettings(file: string | undefined): Promise<ParsedSettings> {
  if (file === undefined) return { ok: true, settings: defaultSettings() };
  try {
    return parseSettings(await readFile(file, 'utf8'), file);
  } catch (error) {
    const message = `cannot be read: ${fileErrorText(error)}`;
    return {
      ok: false,
      problems: [
        { code: 'file', level: 'deny', path: file, message, hint: 'Check the path given with --settings.' },
      ],
    };
  }
}
