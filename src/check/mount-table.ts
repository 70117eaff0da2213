// The mount table of a container, as /proc/self/mountinfo has it (proc_pid_mountinfo(5)).

export interface MountEntry {
  readonly at: string;
  /** `fuse.rclone`, `nfs4`, ... */
  readonly type: string;
  readonly source: string;
  /** Peer group that it gives mounts to, and the one it takes them from; null for none. */
  readonly shared: number | null;
  readonly master: number | null;
  readonly readOnly: boolean;
}

/** `36 35 98:0 /root /at rw,noatime master:1 - ext3 /dev/root rw`; null for a line of another form. */
export function parseMountEntry(line: string): MountEntry | null {
  const [left = '', right] = line.split(' - ', 2);
  const [, , , , at, options, ...optional] = left.split(' ');
  const [type, source] = (right ?? '').split(' ');
  if (at === undefined || options === undefined || type === undefined || type === '') return null;
  const group = (name: string): number | null => {
    const field = optional.find((text) => text.startsWith(`${name}:`));
    return field === undefined ? null : Number(field.slice(name.length + 1));
  };
  return {
    at: unescape(at),
    type,
    source: unescape(source ?? ''),
    shared: group('shared'),
    master: group('master'),
    readOnly: options.split(',').includes('ro'),
  };
}

/** The mount on top at this path; null where nothing is mounted there. */
export function mountAt(table: readonly MountEntry[], path: string): MountEntry | null {
  return table.findLast(({ at }) => at === path) ?? null;
}

export function isFuse(entry: MountEntry | null): boolean {
  return entry !== null && entry.type.startsWith('fuse');
}

/** The kernel writes blank, tab, newline and backslash as octal. */
function unescape(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}
