import type { ExpectedMount } from '../../check/expected-mounts.ts';
import type { MountEvidence } from '../../check/judge-mount.ts';
import { isFuse, mountAt } from '../../check/mount-table.ts';
import type { MountEntry } from '../../check/mount-table.ts';
import { isWithin } from '../../pod/mount-path.ts';
import type { Check } from '../check.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import type { Subject } from '../subject.ts';
import { podWords, restartCommand } from '../subject-words.ts';

export const mountTable: Check = {
  id: 'mount-table',
  group: 'mounts',
  title: 'mount tables and peer groups fit together',
  run: ({ subject, mounts }) => {
    const { expected } = subject;
    if (expected === null || expected.mounts.length === 0) return null;
    if (mounts.state !== 'known') return notMade(mounts, 'the mount tables');
    const refused = mounts.value.find(({ unseen }) => unseen?.reason === 'not_allowed');
    if (refused !== undefined)
      return notMade(
        { state: 'not_allowed', right: `get pods --subresource=exec -n ${subject.namespace}` },
        'the mount tables',
      );
    const looked: string[] = [];
    const findings: Finding[] = [];
    expected.mounts.forEach((mount, index) => {
      const evidence = mounts.value[index];
      if (evidence === undefined || (evidence.backend === null && evidence.seen === null)) return;
      looked.push(describe(mount, evidence));
      findings.push(...judge(mount, evidence, subject));
    });
    if (looked.length === 0)
      return notMade({ state: 'not_asked', why: 'no container that could be looked into runs' }, '');
    return { looked: looked.join('; '), findings: once(findings) };
  },
};

/** `zurg: shared:412 -> master:412`. */
function describe({ remote, mountedAt }: ExpectedMount, { backend, seen }: MountEvidence): string {
  const [from, to] = [groupOf(backend?.table, mountedAt), groupOf(seen?.table, mountedAt)];
  return `${remote}: ${from === null ? 'sidecar not seen' : groups(from)} -> ${to === null ? 'app not seen' : groups(to)}`;
}

function judge(
  { mountedAt, sidecar }: ExpectedMount,
  { backend, seen }: MountEvidence,
  subject: Subject,
): Finding[] {
  const findings: Finding[] = [];
  const from = groupOf(backend?.table, mountedAt);
  const to = groupOf(seen?.table, mountedAt);
  const name = sidecar?.container ?? '';
  const mounted = backend !== null && isFuse(mountAt(backend.table, mountedAt));
  if (from !== null && from.shared === null)
    findings.push(
      fail({
        code: 'volume_not_shared',
        found: `in ${name} the volume at ${from.at} belongs to no peer group: what is mounted below it stays there`,
        cause: 'it is mounted without Bidirectional, or the container runtime has made it private',
        mend: [
          'set mountPropagation: Bidirectional there (see the check "propagation"); if it is set: on the node, mount --make-rshared /, then restart the pod',
          `kubectl exec ${podWords(subject)} -c ${name} -- cat /proc/self/mountinfo`,
        ],
        symptom: 'mount_not_visible',
      }),
    );
  if (to !== null && seen !== null && to.master === null && to.shared === null)
    findings.push(
      fail({
        code: 'volume_private',
        found: `in ${seen.container} the volume at ${to.at} takes mounts from no peer group`,
        cause:
          'it is mounted with mountPropagation None: the app keeps the mounts that were there when it started',
        mend: ['set mountPropagation: HostToContainer there (see the check "propagation")'],
        symptom: 'mount_not_visible',
      }),
    );
  if (
    from?.shared != null &&
    to !== null &&
    ![to.master, to.shared].includes(from.shared) &&
    (to.master ?? to.shared) !== null
  )
    findings.push(
      warn({
        code: 'other_peer_group',
        found: `${name} gives its mounts to group ${from.shared}, ${seen?.container ?? 'the app'} takes from group ${to.master ?? to.shared ?? 0}`,
        cause: 'the two do not mount the same volume, or one of them was started before it was mounted anew',
        mend: [restartCommand(subject)],
        symptom: 'mount_not_visible',
      }),
    );
  const stacked = (seen?.table ?? []).filter((entry) => entry.at === mountedAt && isFuse(entry)).length;
  if (stacked > 1)
    findings.push(
      warn({
        code: 'stacked_mounts',
        found: `${stacked} mounts lie on top of each other at ${mountedAt}`,
        cause: 'an rclone was started over a mount that was still there, or another pod shares this volume',
        mend: [restartCommand(subject)],
        symptom: 'mount_unreadable',
      }),
    );
  if (backend !== null && !mounted)
    findings.push(
      fail({
        code: 'not_mounted',
        found: `${name} runs, and nothing is mounted at ${mountedAt} in it`,
        cause: 'rclone has not mounted, or mounts elsewhere: see its log',
        mend: [`kubectl logs ${podWords(subject)} -c ${name}`],
        symptom: 'mount_not_visible',
        role: 'effect',
      }),
    );
  return findings;
}

/** The mount that holds the mount point: the volume below the FUSE mount. */
function groupOf(table: readonly MountEntry[] | undefined, point: string): MountEntry | null {
  const holders = (table ?? []).filter((entry) => !isFuse(entry) && isWithin(point, entry.at));
  return holders.toSorted((a, b) => b.at.length - a.at.length)[0] ?? null;
}

function groups({ shared, master }: MountEntry): string {
  const found = [shared === null ? '' : `shared:${shared}`, master === null ? '' : `master:${master}`];
  return found.filter((text) => text !== '').join(' ') || 'private';
}

/** Two remotes of one volume have one cause. */
function once(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, index) => findings.findIndex(({ found }) => found === finding.found) === index,
  );
}
