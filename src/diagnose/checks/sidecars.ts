import { describeContainerState, listContainerStatuses } from '../../check/container-state.ts';
import { isJsonObject } from '../../pod/json.ts';
import type { JsonObject } from '../../pod/json.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { matchLogLines } from '../match-log-lines.ts';
import { fillPattern } from '../pattern-finding.ts';
import { podWords, restartCommand } from '../subject-words.ts';

export const sidecars: Check = {
  id: 'sidecars',
  group: 'pod',
  title: 'each remote has a sidecar, and it runs',
  run: (facts) => {
    const { expected, origin } = facts.subject;
    if (expected === null || expected.mounts.length === 0) return null;
    const names = expected.mounts.map(({ sidecar, remote }) => sidecar?.container ?? `none for ${remote}`);
    if (origin === 'template') return { looked: `${names.join(', ')}; no pod yet`, findings: [] };
    return {
      looked: names.join(', '),
      findings: [...missing(facts), ...stopped(facts), ...lastWords(facts)],
    };
  },
};

/** The label is there and its sidecar is not: the pod was made past the webhook. Without the label the check of it speaks. */
function missing({ subject }: Facts): Finding[] {
  const { expected } = subject;
  if (expected === null || expected.label !== 'true') return [];
  const remotes = expected.mounts.filter(({ sidecar }) => sidecar === null).map(({ remote }) => remote);
  if (remotes.length === 0) return [];
  return [
    fail({
      code: 'not_injected',
      found: `the pod carries the label, but no container mounts ${remotes.join(' and ')}`,
      cause: 'it was created while the webhook was not asked: see the check of the webhook below',
      mend: [`when the webhook answers, make the pod anew: ${restartCommand(subject)}`],
      symptom: 'mount_not_visible',
      role: 'effect',
    }),
  ];
}

function stopped({ subject }: Facts): Finding[] {
  const { object, survey } = subject;
  if (isUnscheduled(object)) return [];
  const names = [...survey.initDirs, ...survey.sidecars].map(({ container }) => container.name);
  const initDirs = new Set(survey.initDirs.map(({ container }) => container.name));
  return names.flatMap((name) => {
    const state = describeContainerState(object, name);
    const ended = listContainerStatuses(object).find((status) => status.name === name)?.state['terminated'];
    // A plain init container that has done its work.
    if (state === null || (initDirs.has(name) && isJsonObject(ended) && ended['exitCode'] === 0)) return [];
    // It waits for the one in front of it.
    if (/has not been started|PodInitializing|ContainerCreating/.test(state)) return [];
    return [
      fail({
        code: 'sidecar_not_running',
        found: state,
        cause: 'see its last words and its log below',
        mend: [`kubectl logs ${podWords(subject)} -c ${name} --previous`],
        symptom: 'sidecar_crash_loop',
        role: 'effect',
      }),
    ];
  });
}

/** Termination messages: what a container said when it ended, though its log may be gone. */
function lastWords(facts: Facts): Finding[] {
  const { survey, object } = facts.subject;
  return [...survey.initDirs, ...survey.sidecars].flatMap(({ container: { name } }) => {
    const status = listContainerStatuses(object).find((found) => found.name === name);
    if (status === undefined) return [];
    const runs = isJsonObject(status.state['running']);
    const ended = runs
      ? status.lastState['terminated']
      : (status.state['terminated'] ?? status.lastState['terminated']);
    if (!isJsonObject(ended) || ended['exitCode'] === 0) return [];
    if (ended['reason'] === 'OOMKilled') {
      const draft = {
        code: 'killed_for_memory',
        found: `${name} was killed for its memory limit (OOMKilled), ${status.restarts} restarts`,
        cause: 'rclone went over the memory limit of the container',
        mend: ['raise the limit, or lower --buffer-size (it counts per open file)'],
        yaml: 'metadata:\n  annotations:\n    media-stack/memory-limit: 2Gi\n',
        symptom: 'sidecar_crash_loop' as const,
      };
      return [runs ? warn(draft) : fail(draft)];
    }
    const message = typeof ended['message'] === 'string' ? ended['message'] : '';
    return matchLogLines(message.split('\n')).map((match) =>
      fillPattern(match, facts.subject, name, { where: `${name} ended with`, past: runs }),
    );
  });
}

function isUnscheduled(object: JsonObject): boolean {
  const spec = isJsonObject(object['spec']) ? object['spec'] : {};
  return typeof spec['nodeName'] !== 'string' || spec['nodeName'] === '';
}
