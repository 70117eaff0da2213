// What the status of a pod says about it and its containers (core/v1 PodStatus), in words.
import { isJsonObject } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';

/** Why a pod has no running containers, null where it has. */
export function describePodState(pod: JsonObject): string | null {
  const metadata = isJsonObject(pod['metadata']) ? pod['metadata'] : {};
  const status = isJsonObject(pod['status']) ? pod['status'] : {};
  if (metadata['deletionTimestamp'] !== undefined) return 'the pod is being deleted';
  const phase = status['phase'];
  if (phase === 'Running') return null;
  const scheduled = conditionsOf(status).find(({ type }) => type === 'PodScheduled');
  if (phase === 'Pending' && scheduled?.['status'] === 'False')
    return `the pod waits for a node: ${textOf(scheduled['message'])}`;
  if (phase === 'Pending') {
    // Init containers, native sidecars among them, run while the pod is Pending.
    const waiting = listContainerStatuses(pod).find(({ state }) => isJsonObject(state['waiting']));
    return waiting === undefined ? 'the pod is starting' : null;
  }
  return `the pod is ${typeof phase === 'string' ? phase : 'in no known phase'}`;
}

export interface ContainerStatus {
  readonly name: string;
  readonly restarts: number;
  readonly state: JsonObject;
  readonly lastState: JsonObject;
}

/** Of init containers, then of containers. */
export function listContainerStatuses(pod: JsonObject): ContainerStatus[] {
  const status = isJsonObject(pod['status']) ? pod['status'] : {};
  return ['initContainerStatuses', 'containerStatuses'].flatMap((key) => {
    const list = status[key];
    if (!Array.isArray(list)) return [];
    return (list as unknown[]).flatMap((entry): ContainerStatus[] =>
      isJsonObject(entry) && typeof entry['name'] === 'string'
        ? [
            {
              name: entry['name'],
              restarts: typeof entry['restartCount'] === 'number' ? entry['restartCount'] : 0,
              state: isJsonObject(entry['state']) ? entry['state'] : {},
              lastState: isJsonObject(entry['lastState']) ? entry['lastState'] : {},
            },
          ]
        : [],
    );
  });
}

/** Why a container does not run, with the last words of the one before it; null where it runs. */
export function describeContainerState(pod: JsonObject, name: string): string | null {
  const found = listContainerStatuses(pod).find((status) => status.name === name);
  if (found === undefined) return `${name} has not been started`;
  const { state, lastState } = found;
  if (isJsonObject(state['running'])) return null;
  const ended = isJsonObject(state['terminated'])
    ? state['terminated']
    : isJsonObject(lastState['terminated'])
      ? lastState['terminated']
      : null;
  const waiting = isJsonObject(state['waiting']) ? state['waiting'] : null;
  const reason = textOf(waiting?.['reason']) || (ended === null ? 'not started' : 'ended');
  const detail =
    ended === null
      ? textOf(waiting?.['message'])
      : `exit code ${Number(ended['exitCode'])}${withColon(lastWords(textOf(ended['message'])))}`;
  return `${name} is not running: ${reason}${detail === '' ? '' : ` (${detail})`}`;
}

/** How often a container that runs was started again, and why; null where it never was. */
export function describeRestarts(pod: JsonObject, name: string): string | null {
  const found = listContainerStatuses(pod).find((status) => status.name === name);
  const ended = found?.lastState['terminated'];
  if (found === undefined || found.restarts === 0 || !isJsonObject(ended)) return null;
  const times = found.restarts === 1 ? 'once' : `${found.restarts} times`;
  const words = withColon(lastWords(textOf(ended['message'])));
  return `${name} was restarted ${times}, last for exit code ${Number(ended['exitCode'])}${words}`;
}

/** The last line of a termination message: with the log as fallback it is the last error. */
function lastWords(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const mend = lines.findIndex((line) => line.startsWith('Mend: '));
  const line = (mend > 0 ? lines[mend - 1] : lines.at(-1)) ?? '';
  return line.trim().slice(0, 200);
}

function conditionsOf(status: JsonObject): JsonObject[] {
  const conditions = status['conditions'];
  return Array.isArray(conditions) ? (conditions as unknown[]).filter(isJsonObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function withColon(text: string): string {
  return text === '' ? '' : `: ${text}`;
}
