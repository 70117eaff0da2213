import { describeContainerState } from '../../check/container-state.ts';
import { judgeMount } from '../../check/judge-mount.ts';
import type { Check } from '../check.ts';
import type { ContainerLog, Facts } from '../facts.ts';
import { notMade } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { matchLogLines } from '../match-log-lines.ts';
import { fillPattern } from '../pattern-finding.ts';

export const logLines: Check = {
  id: 'log-lines',
  group: 'rclone',
  title: 'the logs of the sidecars hold no known error',
  run: (facts) => {
    const { logs } = facts;
    if (logs.length === 0) return null;
    const refused = logs.find(({ lines }) => lines.state === 'not_allowed');
    if (refused?.lines.state === 'not_allowed') return notMade(refused.lines, 'the logs');
    const read = logs.filter(({ lines }) => lines.state === 'known');
    const [first] = logs;
    if (read.length === 0 && first !== undefined && first.lines.state !== 'known')
      return notMade(first.lines, `the log of ${first.container}`);
    const count = read.reduce((sum, { lines }) => sum + (valueOf(lines)?.length ?? 0), 0);
    const findings = read.flatMap((log) => judge(log, facts));
    return {
      looked: `${count} lines of ${[...new Set(read.map(({ container }) => container))].join(', ')}`,
      findings: newest(findings),
    };
  },
};

function judge({ container, previous, lines }: ContainerLog, facts: Facts): Finding[] {
  const where = previous ? `${container} said before its last restart` : `${container} says`;
  const runs = describeContainerState(facts.subject.object, container) === null;
  return matchLogLines(valueOf(lines) ?? []).map((match) =>
    fillPattern(match, facts.subject, container, {
      where,
      // What stops rclone from mounting is over when it runs; a server may be back.
      past:
        match.pattern.stops === 'start' ? runs && !looksBroken(container, facts) : isFine(container, facts),
    }),
  );
}

function statusOf(container: string, { subject, mounts }: Facts): string | null {
  const { expected } = subject;
  const index = expected?.mounts.findIndex(({ sidecar }) => sidecar?.container === container) ?? -1;
  const mount = expected?.mounts[index];
  const evidence = valueOf(mounts)?.[index];
  if (expected === null || mount === undefined || evidence === undefined || evidence.unseen !== null)
    return null;
  return judgeMount(mount, expected, evidence, { minEntries: 0, maxCount: 1000 }).status;
}

function isFine(container: string, facts: Facts): boolean {
  return statusOf(container, facts) === 'ok';
}

function looksBroken(container: string, facts: Facts): boolean {
  return statusOf(container, facts) === 'fail';
}

/** A container often says the same before and after a restart. */
function newest(findings: readonly Finding[]): Finding[] {
  const key = ({ code, found }: Finding): string => `${code} ${found.split(' ', 1)[0] ?? ''}`;
  return findings.filter(
    (finding, index) => findings.findIndex((other) => key(other) === key(finding)) === index,
  );
}
