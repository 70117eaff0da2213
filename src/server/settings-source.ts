// The settings file, read again when it changes. What the text means is the parser's to say.
import type { Problem } from '../problem/problem.ts';
import type { WatchFolders } from './file-watch.ts';
import type { ReadFile } from './read-settled.ts';
import { startReloadable } from './reloadable.ts';
import type { Parsed, Reloadable, ReloadLog, ReloadResult, Started } from './reloadable.ts';

/** The shape of `parseSettings` in settings/parse-settings.ts. */
export type ParseSettings<S> = (
  text: string,
  file: string,
) =>
  | { readonly ok: true; readonly settings: S }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface SettingsSourceOptions<S> {
  readonly file: string;
  readonly readFile: ReadFile;
  readonly parse: ParseSettings<S>;
  readonly onReload?: ((result: ReloadResult) => void) | undefined;
  readonly log: ReloadLog;
  readonly pollMs: number;
  readonly watch?: WatchFolders | undefined;
}

/** Bad settings never replace good ones; bad ones at the start are the caller's to print. */
export async function startSettingsSource<S>(
  options: SettingsSourceOptions<S>,
): Promise<Started<Reloadable<S>>> {
  const { file, parse } = options;
  return startReloadable<S>({
    what: 'settings',
    files: [file],
    readFile: options.readFile,
    parse: (bytes) => parseBytes(bytes.get(file) ?? Buffer.alloc(0), file, parse),
    onReload: options.onReload,
    log: options.log,
    pollMs: options.pollMs,
    watch: options.watch,
  });
}

/** Settings that never change, for a server without a settings file. */
export function fixedSettings<S>(settings: S): Reloadable<S> {
  return { current: () => settings, problems: () => [], check: async () => {}, stop: () => {} };
}

function parseBytes<S>(bytes: Buffer, file: string, parse: ParseSettings<S>): Parsed<S> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, problems: [notUtf8(bytes, file)] };
  }
  const parsed = parse(text, file);
  return parsed.ok ? { ok: true, value: parsed.settings } : parsed;
}

function notUtf8(bytes: Buffer, file: string): Problem {
  return {
    code: 'settings-not-utf8',
    level: 'deny',
    path: '',
    message: `the settings are not UTF-8 text (${bytes.length} bytes)`,
    hint: `Convert them: iconv -t UTF-8 ${file}`,
    position: { file, line: 1, column: 1 },
  };
}
