// What may be known of an rclone.conf: its sections, their type and the host of their URL. Never a value that is secret.
import { withoutCredentials } from '../check/parse-reading.ts';

export interface RcloneSection {
  readonly name: string;
  /** `webdav`; '' where it is missing. */
  readonly type: string;
  /** `http://zurg:9999`, without user, password, path and query; null where there is none. */
  readonly server: string | null;
  readonly hasPassword: boolean;
}

/** The sections of a file in rclone's INI form (rclone.org/docs, config file). */
export function parseRcloneConfig(text: string): RcloneSection[] {
  const sections: { name: string; values: Map<string, string> }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line);
    if (header) sections.push({ name: (header[1] ?? '').trim(), values: new Map() });
    const value = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!header && value) sections.at(-1)?.values.set((value[1] ?? '').toLowerCase(), value[2] ?? '');
  }
  return sections.map(({ name, values }) => ({
    name,
    type: values.get('type') ?? '',
    server: serverOf(values.get('url') ?? values.get('host') ?? ''),
    hasPassword: (values.get('pass') ?? '') !== '',
  }));
}

function serverOf(url: string): string | null {
  const [server = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*/i.exec(withoutCredentials(url)) ?? [];
  // A user before a host without scheme.
  return server === '' ? null : server.slice(server.includes('://') ? 0 : server.lastIndexOf('@') + 1);
}
