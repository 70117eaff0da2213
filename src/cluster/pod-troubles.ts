// Why pods do not come: one line for each pod, and what the controllers say where there is not even a pod.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import { textAt } from '../pod/text-at.ts';
import { valueAt } from '../pod/value-at.ts';

export interface PodTrouble {
  /** Null where the controller could make no pod. */
  readonly pod: string | null;
  /** `container rclone-zurg: CrashLoopBackOff: back-off 40s restarting ...`, on one line. */
  readonly reason: string;
}

const MAX_REASON = 300;

/**
 * A line for each pod that is not ready; pods that are, and those that are ending, say nothing. Of `events` the last
 * warning about the pod counts where its own status is silent: a volume that cannot be mounted, for instance.
 */
export function podTroubles(pods: readonly JsonObject[], events: readonly JsonObject[]): PodTrouble[] {
  return pods.flatMap((pod) => {
    const name = textAt(pod, ['metadata', 'name']);
    if (valueAt(pod, ['metadata', 'deletionTimestamp']) !== undefined || isReady(pod)) return [];
    return [{ pod: name, reason: oneLine(whyNotReady(pod, events)) }];
  });
}

/** The events FailedCreate of these objects, each message once: the pods that could not be made have names by chance. */
export function creationTroubles(events: readonly JsonObject[], uids: ReadonlySet<string>): PodTrouble[] {
  const messages = events
    .filter(({ reason }) => reason === 'FailedCreate')
    .filter((event) => uids.has(textAt(event, ['involvedObject', 'uid'])))
    .map((event) => oneLine(withoutChance(textAt(event, ['message']))));
  return [...new Set(messages)].map((reason) => ({ pod: null, reason }));
}

/** What the recorder of events and the controllers put in front (client-go tools/record/events_cache.go), and the names. */
function withoutChance(message: string): string {
  return message
    .replace(/^\(combined from similar events\): /, '')
    .replace(/^Error creating: /, '')
    .replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}"/g, '-*"');
}

function whyNotReady(pod: JsonObject, events: readonly JsonObject[]): string {
  const statuses = [
    ...listAt(pod, ['status', 'initContainerStatuses']),
    ...listAt(pod, ['status', 'containerStatuses']),
  ];
  const found = statuses.map(stateOf).filter((state) => state !== null);
  // Containers that only wait for the one before them say nothing.
  const telling = found.find(({ reason }) => !QUIET.has(reason)) ?? null;
  if (telling !== null) return describeState(telling);
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.['status'] === 'False')
    return `${textAt(scheduled, ['reason']) || 'not scheduled'}: ${textAt(scheduled, ['message'])}`;
  const reason = valueAt(pod, ['status', 'reason']);
  if (typeof reason === 'string') return `${reason}: ${textAt(pod, ['status', 'message'])}`;
  const running = statuses.find((status) => status['ready'] === false && isRunning(status));
  if (running !== undefined) return `container ${textAt(running, ['name'])}: runs and is not ready`;
  const warning = events.findLast(
    (event) => textAt(event, ['involvedObject', 'uid']) === textAt(pod, ['metadata', 'uid']),
  );
  if (warning !== undefined) return `${textAt(warning, ['reason'])}: ${textAt(warning, ['message'])}`;
  const phase = textAt(pod, ['status', 'phase']) || 'Unknown';
  return found[0] === undefined ? phase : describeState(found[0]);
}

interface ContainerState {
  readonly container: string;
  readonly reason: string;
  readonly message: string;
}

const QUIET: ReadonlySet<string> = new Set(['PodInitializing', 'ContainerCreating', 'Completed']);

function stateOf(status: JsonObject): ContainerState | null {
  const container = textAt(status, ['name']);
  const waiting = valueAt(status, ['state', 'waiting']);
  const ended = valueAt(status, ['state', 'terminated']);
  const last = valueAt(status, ['lastState', 'terminated']);
  const state = isJsonObject(waiting) ? waiting : isJsonObject(ended) ? ended : null;
  if (state === null) return null;
  const said = textAt(isJsonObject(ended) ? ended : last, ['message']);
  return {
    container,
    reason: textAt(state, ['reason']) || 'waiting',
    // A container's own last words tell more than the back-off of the kubelet.
    message: said || textAt(state, ['message']),
  };
}

function describeState({ container, reason, message }: ContainerState): string {
  return `container ${container}: ${reason}${message === '' ? '' : `: ${message}`}`;
}

function isRunning(status: JsonObject): boolean {
  return valueAt(status, ['state', 'running']) !== undefined;
}

function isReady(pod: JsonObject): boolean {
  return conditionOf(pod, 'Ready')?.['status'] === 'True';
}

function conditionOf(pod: JsonObject, type: string): JsonObject | undefined {
  return listAt(pod, ['status', 'conditions']).find((condition) => condition['type'] === type);
}

function listAt(object: JsonObject, path: readonly string[]): JsonObject[] {
  const list = valueAt(object, path);
  return Array.isArray(list) ? (list as unknown[]).filter(isJsonObject) : [];
}

function oneLine(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= MAX_REASON ? line : `${line.slice(0, MAX_REASON - 1)}…`;
}
