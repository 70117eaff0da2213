import type { MountReason, MountResult } from '../../check/check-result.ts';
import { judgeMount } from '../../check/judge-mount.ts';
import type { Check } from '../check.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { matchLine } from '../match-log-lines.ts';
import { fillPattern } from '../pattern-finding.ts';
import type { Subject } from '../subject.ts';
import { podWords, restartCommand } from '../subject-words.ts';
import type { Symptom } from '../symptoms.ts';

export const mounts: Check = {
  id: 'mounts',
  group: 'mounts',
  title: 'the app sees its mounts, and they answer',
  run: ({ subject, mounts: fact }) => {
    const { expected, namespace } = subject;
    if (expected === null || expected.mounts.length === 0) return null;
    if (fact.state !== 'known') return notMade(fact, 'the mounts');
    const results = expected.mounts.flatMap((mount, index) => {
      const evidence = fact.value[index];
      return evidence === undefined ? [] : [judgeMount(mount, expected, evidence, LIMITS)];
    });
    if (results.some(({ reason }) => reason === 'not_allowed'))
      return notMade(
        { state: 'not_allowed', right: `get pods --subresource=exec -n ${namespace}` },
        'the mounts',
      );
    const seen = results.filter(({ reason }) => !TOLD_ELSEWHERE.has(reason));
    if (seen.length === 0)
      return notMade(
        { state: 'not_asked', why: 'no container that could be looked into runs' },
        'the mounts',
      );
    return {
      looked: seen.map(describe).join(', '),
      findings: seen.flatMap((result) => judge(result, subject)),
    };
  },
};

/** An empty mount is worth a word; how many files there should be is a question for check-media-mounts. */
const LIMITS = { minEntries: 1, maxCount: 1000 };

const TOLD_ELSEWHERE: ReadonlySet<MountReason> = new Set([
  'pod_not_running',
  'no_sidecar',
  'sidecar_not_running',
  'not_mounted',
]);

function describe({ path, entries, moreEntries, status }: MountResult): string {
  if (entries === null) return `${path} ${status}`;
  return `${path} ${entries}${moreEntries ? '+' : ''} ${entries === 1 ? 'entry' : 'entries'}`;
}

function judge(result: MountResult, subject: Subject): Finding[] {
  const { reason, path, message, sidecar } = result;
  if (reason === 'ok') return [];
  // The server's own words tell more than that it refuses.
  const pattern = reason === 'backend_error' ? matchLine(message) : null;
  if (pattern !== null && sidecar !== null)
    return [
      fillPattern({ pattern, line: message, count: 1 }, subject, sidecar, { where: path, past: false }),
    ];
  const known = WORDS[reason];
  const draft = {
    code: reason,
    found: `${path}: ${message}`,
    cause: known?.cause ?? 'see what was found',
    mend: mendOf(result, subject),
    symptom: known?.symptom ?? ('mount_unreadable' as const),
    role: known?.role ?? ('cause' as const),
  };
  return [result.status === 'fail' ? fail(draft) : warn(draft)];
}

function mendOf({ reason, mend, sidecar }: MountResult, subject: Subject): string[] {
  if (reason === 'dead_mount') {
    const point =
      subject.expected?.mounts.find((mount) => mount.sidecar?.container === sidecar)?.mountedAt ?? '';
    return [
      `kubectl exec ${podWords(subject)} -c ${sidecar ?? ''} -- fusermount3 -uz ${point}`,
      `then: ${restartCommand(subject)} (with a dead mount in it the pod would stay in Terminating)`,
      'an injected sidecar clears dead mounts itself: media-stack migrate replaces a hand-written one',
    ];
  }
  // The words of check-media-mounts send the reader here.
  const text = mend.replace(/(?:; see )?media-stack troubleshoot-mounts.*$/, '');
  return text === '' ? [`kubectl logs ${podWords(subject)} -c ${sidecar ?? ''}`] : [text];
}

interface Words {
  readonly cause: string;
  readonly symptom: Symptom;
  readonly role: Finding['role'];
}

const WORDS: Readonly<Partial<Record<MountReason, Words>>> = {
  few_entries: {
    cause: 'the remote is empty, or the path is the wrong one',
    symptom: 'mount_unreadable',
    role: 'cause',
  },
  no_media_mount: {
    cause: 'the app does not mount the media volume',
    symptom: 'mount_not_visible',
    role: 'cause',
  },
  not_visible: { cause: 'mount propagation: see that check', symptom: 'mount_not_visible', role: 'effect' },
  dead_mount: {
    cause: 'the rclone that made the mount was killed and left it; nothing has cleared it',
    symptom: 'mount_unreadable',
    role: 'cause',
  },
  mount_hangs: {
    cause: 'rclone takes the question and does not answer',
    symptom: 'mount_unreadable',
    role: 'cause',
  },
  backend_silent: {
    cause: 'the server takes the connection and does not answer: it hangs, or packets to it are dropped',
    symptom: 'mount_unreadable',
    role: 'cause',
  },
  backend_error: { cause: 'the server refuses', symptom: 'mount_unreadable', role: 'cause' },
  listing_hangs: {
    cause: 'a folder is huge, or its server is slow',
    symptom: 'mount_unreadable',
    role: 'cause',
  },
  listing_failed: { cause: 'see the words of the system', symptom: 'mount_unreadable', role: 'cause' },
};
