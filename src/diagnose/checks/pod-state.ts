import { describePodState, listContainerStatuses } from '../../check/container-state.ts';
import { isJsonObject } from '../../pod/json.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';
import { listRefusals } from '../refusals.ts';
import { podWords } from '../subject-words.ts';
import { textAt } from '../../pod/text-at.ts';

export const podState: Check = {
  id: 'pod-state',
  group: 'pod',
  title: 'the pod runs',
  run: (facts) => {
    const { subject } = facts;
    if (subject.origin === 'template') return withoutPod(facts);
    const state = describePodState(subject.object);
    const phase = isJsonObject(subject.object['status']) ? subject.object['status']['phase'] : undefined;
    const looked = typeof phase === 'string' ? phase : 'no phase';
    const left = terminating(facts);
    if (left !== null) return { looked: 'Terminating', findings: [left] };
    // What waits for a node is told by the check of the node.
    if (state !== null && !state.startsWith('the pod waits for a node')) {
      return { looked, findings: [...stuck(facts, state), ...waitingContainers(facts)] };
    }
    return { looked, findings: waitingContainers(facts) };
  },
};

function withoutPod(facts: Facts): { looked: string; findings: Finding[] } {
  const { subject } = facts;
  const refusals = listRefusals(facts);
  const cause = refusals[0]?.message ?? 'no event says why: it may be scaled to 0';
  const findings = [
    fail({
      code: 'no_pods',
      found: `${subject.name} has no pods`,
      cause,
      mend: [
        `kubectl describe ${subject.name} -n ${subject.namespace}`,
        `kubectl get events -n ${subject.namespace}`,
      ],
      symptom: 'pod_not_created',
      role: refusals.length > 0 ? 'effect' : 'cause',
    }),
  ];
  return { looked: 'no pod', findings };
}

/** Of a pod that has ended and does not go away: with a dead mount in it the kubelet cannot take its volumes down. */
function terminating({ subject, now }: Facts): Finding | null {
  // The API server sets it to the moment at which the grace period ends.
  const due = Date.parse(textAt(subject.object, ['metadata', 'deletionTimestamp'])) / 1000;
  const ended = listContainerStatuses(subject.object).every(({ state }) => state['running'] === undefined);
  if (!(due + STUCK_SECONDS < now) || !ended) return null;
  const folder = `/var/lib/kubelet/pods/${textAt(subject.object, ['metadata', 'uid'])}`;
  return fail({
    code: 'stuck_terminating',
    found: 'the pod has been deleted and has ended, and does not go away',
    cause:
      'most often a dead mount is left in one of its volumes, which the kubelet then cannot remove (kubernetes #129550)',
    mend: [
      `on node ${textAt(subject.object, ['spec', 'nodeName'])}: grep ${folder} /proc/mounts, then umount -l each fuse.rclone mount of it`,
      'injected sidecars clear dead mounts when the pod ends: media-stack migrate replaces hand-written ones',
    ],
    symptom: 'mount_unreadable',
  });
}

const STUCK_SECONDS = 30;

function stuck({ subject, events }: Facts, state: string): Finding[] {
  const warning = (valueOf(events) ?? []).findLast(({ reason }) =>
    ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'FailedKillPod'].includes(reason),
  );
  return [
    fail({
      code: warning === undefined ? 'pod_not_running' : 'pod_stuck',
      found: warning === undefined ? state : `${state}: ${warning.reason}: ${warning.message.slice(0, 300)}`,
      cause: warning === undefined ? 'see the checks below' : 'the kubelet cannot set up the pod',
      mend: [`kubectl describe pod ${podWords(subject)}`],
      symptom: 'pod_not_starting',
      role: 'effect',
    }),
  ];
}

/** App containers and init containers that are no sidecars of ours: those have a check of their own. */
function waitingContainers({ subject }: Facts): Finding[] {
  const sidecars = new Set(subject.survey.sidecars.map(({ container }) => container.name));
  return listContainerStatuses(subject.object).flatMap(({ name, state }) => {
    const waiting = isJsonObject(state['waiting']) ? state['waiting'] : {};
    const reason = waiting['reason'];
    if (sidecars.has(name) || typeof reason !== 'string' || !STUCK.test(reason)) return [];
    const message = typeof waiting['message'] === 'string' ? `: ${waiting['message'].slice(0, 300)}` : '';
    return [
      fail({
        code: 'container_waits',
        found: `${name}: ${reason}${message}`,
        cause:
          CAUSES.find(([pattern]) => pattern.test(reason + message))?.[1] ?? 'see its log and its events',
        mend: [
          `kubectl describe pod ${podWords(subject)}`,
          `kubectl logs ${podWords(subject)} -c ${name} --previous`,
        ],
        symptom: 'pod_not_starting',
        role: 'effect',
      }),
    ];
  });
}

const STUCK = /BackOff|Err|Invalid/;
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /ImagePull|ErrImage|InvalidImage/,
    'the image cannot be pulled: name, tag, or the credentials of the registry',
  ],
  [
    /not a shared (?:or slave )?mount/,
    "the node's file system is not shared: mount --make-rshared / on the node",
  ],
  [/is not connected/, 'a dead mount lies where the container has a volume: delete the pod'],
  [/CrashLoopBackOff/, 'the container ends again and again: see its log'],
];
