// Output of the scripts in scripts/, as data.

/** What one mount sidecar says of itself. */
export interface SidecarReading {
  /** null: can be opened; else the error (`Operation not permitted`, `No such file or directory`). */
  readonly deviceError: string | null;
  /** Cores, between two looks at the control group; null where it does not tell. */
  readonly cpuCores: number | null;
  readonly seconds: number;
}

export interface Link {
  readonly path: string;
  readonly target: string;
  /** Null where it was not looked at, because its mount might not answer. */
  readonly broken: boolean | null;
}

export interface LinkReading {
  /** `/mnt/media/stream`; null where there is no such directory. */
  readonly root: string | null;
  readonly links: readonly Link[];
  /** The search ended at its bound. */
  readonly more: boolean;
}

/** Output of look-sidecar.sh. */
export function parseSidecarReading(output: string): SidecarReading {
  const lines = output.split('\n');
  const value = (key: string): string | undefined =>
    lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1);
  const device = value('device') ?? '';
  const [from, to] = [readCpu(value('cpu-from')), readCpu(value('cpu-to'))];
  const seconds = from === null || to === null ? 0 : to.at - from.at;
  return {
    deviceError: device === 'ok' ? null : device.slice(device.lastIndexOf(': ') + 2).trim() || 'unknown',
    cpuCores: from === null || to === null || seconds <= 0 ? null : (to.used - from.used) / seconds,
    seconds,
  };
}

/** Output of find-links.sh; `max` as it was asked for. */
export function parseLinkReading(output: string, root: string, max: number): LinkReading {
  const lines = output.split('\n');
  if (lines.includes('absent')) return { root: null, links: [], more: false };
  const links = lines.flatMap((line): Link[] => {
    const [state = '', path = '', target = ''] = line.split('\t');
    if (!['ok', 'broken', 'unseen'].includes(state) || path === '') return [];
    return [{ path, target, broken: state === 'unseen' ? null : state === 'broken' }];
  });
  return { root, links, more: links.length >= max };
}

/** `UPTIME UNIT VALUE`: cgroup v2 counts microseconds, v1 nanoseconds. */
function readCpu(text: string | undefined): { readonly at: number; readonly used: number } | null {
  const [at, unit, value] = (text ?? '').split(' ');
  const used = Number(value) / (unit === 'usec' ? 1e6 : 1e9);
  return value === undefined || !Number.isFinite(used) ? null : { at: Number(at), used };
}
