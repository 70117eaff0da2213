// The result of check-media-mounts for people: one line per mount, each with its pod and remote so that it can be
// grepped, then what is wrong and how to mend it.
import type { CheckStatus, MountResult, PodResult } from '../../check/check-result.ts';
import type { Colour, Paint } from './style.ts';
import { renderTable } from './table.ts';

export interface CheckTextOptions {
  readonly verbose: boolean;
  /** Pods of several namespaces. */
  readonly withNamespace: boolean;
  /** Mends in a block of their own; else each at the end of its line. */
  readonly mendsBelow: boolean;
  readonly paint: Paint;
}

const WORD: Readonly<Record<CheckStatus, string>> = { ok: 'OK', warn: 'WARN', fail: 'FAIL' };
const COLOUR: Readonly<Record<CheckStatus, Colour>> = { ok: 'green', warn: 'yellow', fail: 'red' };

/** `OK - /mnt/media/zurg/__all__ (25000+ files)`, `FAIL - /mnt/media/torbox/torrents: why`. */
export function renderMountLine(mount: MountResult): string {
  const count =
    mount.entries === null
      ? ''
      : ` (${mount.entries}${mount.moreEntries ? '+' : ''} ${mount.entries === 1 && !mount.moreEntries ? 'file' : 'files'})`;
  const why = mount.message === '' ? '' : `: ${mount.message}`;
  return `${WORD[mount.status]} - ${mount.path}${count}${why}`;
}

/** The table, then a mend for each mount that is not fine; a line where there is nothing to look at. */
export function renderCheckText(pods: readonly PodResult[], options: CheckTextOptions): string {
  const { verbose, withNamespace, mendsBelow, paint } = options;
  const lines = pods.flatMap((pod) => pod.mounts.map((mount) => ({ pod, mount })));
  const heading = [
    ...(withNamespace ? ['NAMESPACE'] : []),
    'POD',
    'NODE',
    'REMOTE',
    'TIME',
    ...(verbose ? ['CONTAINER', 'SIDECAR', 'SERVER'] : []),
    'MOUNT',
  ];
  const rows = lines.map(({ pod, mount }) => [
    ...(withNamespace ? [pod.namespace] : []),
    pod.pod,
    pod.node || '-',
    mount.remote,
    seconds(mount.listingMs),
    ...(verbose ? [mount.container ?? '-', mount.sidecar ?? '-', seconds(mount.backendMs)] : []),
    renderMountLine(mount) + (mendsBelow || mount.mend === '' ? '' : `. Mend: ${mount.mend}`),
  ]);
  const [first = '', ...others] = renderTable(heading, rows).split('\n');
  const painted = others.map((line, index) => {
    const status = lines[index]?.mount.status;
    if (status === undefined) return line;
    const at = line.lastIndexOf(`${WORD[status]} - `);
    return line.slice(0, at) + paint(COLOUR[status], WORD[status]) + line.slice(at + WORD[status].length);
  });
  return (
    [first === '' ? first : paint('bold', first), ...painted].join('\n') +
    (mendsBelow ? renderMends(lines, paint) : '')
  );
}

/** `11 of 12 mounts are fine in 6 pods.` */
export function renderCheckSummary(pods: readonly PodResult[], passedOver: number): string {
  const mounts = pods.flatMap((pod) => pod.mounts);
  const count = (status: CheckStatus): number => mounts.filter((mount) => mount.status === status).length;
  const [warn, fail] = [count('warn'), count('fail')];
  const parts = [
    `${count('ok')} of ${mounts.length} ${mounts.length === 1 ? 'mount' : 'mounts'} in ${pods.length} ${pods.length === 1 ? 'pod' : 'pods'} fine`,
    ...(warn > 0 ? [`${warn} with a warning`] : []),
    ...(fail > 0 ? [`${fail} failed`] : []),
    ...(passedOver > 0 ? [`${passedOver} other ${passedOver === 1 ? 'pod' : 'pods'} passed over`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Several mounts of a pod often have one mend. */
function renderMends(
  lines: readonly { readonly pod: PodResult; readonly mount: MountResult }[],
  paint: Paint,
): string {
  const mends = new Map<string, string[]>();
  for (const { pod, mount } of lines) {
    if (mount.mend === '') continue;
    const places = mends.get(mount.mend) ?? [];
    mends.set(mount.mend, [...places, `${pod.pod} ${mount.remote}`]);
  }
  if (mends.size === 0) return '';
  const blocks = [...mends].map(([mend, places]) => {
    const named = places.slice(0, MAX_PLACES).join(', ');
    const more = places.length > MAX_PLACES ? ` and ${places.length - MAX_PLACES} more` : '';
    return `${named}${more}\n  ${paint('cyan', 'mend:')} ${mend}\n`;
  });
  return `\n${blocks.join('')}`;
}

const MAX_PLACES = 5;

function seconds(ms: number | null): string {
  return ms === null ? '-' : `${(ms / 1000).toFixed(2)} s`;
}
