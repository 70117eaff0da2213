import { commandWords, containerPath } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { Container } from '../pod/pod.ts';
import type { Finding, Rule } from './rule.ts';

export const ms305: Rule = {
  id: 'MS305',
  title: 'Job with plain sidecar containers',
  level: 'deny',
  why: 'A Job completes when all its containers have ended, and a plain sidecar runs for ever; a native one does not count (KEP-753).',
  check: ({ workloadKind, survey }) => {
    if (workloadKind !== 'Job' && workloadKind !== 'CronJob') return [];
    if (survey.apps.length === 0) return [];
    return survey.sidecars
      .filter((ref) => ref.list === 'containers')
      .map((ref): Finding => {
        const { name } = ref.container;
        const mayEnd = !ref.ours && (isScript(ref.container) || survey.apps.some(endsOthers));
        const what = mayEnd
          ? `the ${workloadKind} completes only if something ends sidecar ${name}: it`
          : `the ${workloadKind} never completes: sidecar ${name}`;
        return {
          path: containerPath(ref),
          message: `${what} is a plain container, which does not end with the app`,
          hint: ref.ours
            ? 'Use native sidecars, which need kubelets from 1.29: media-stack/sidecar-mode: "native".'
            : 'Make it an init container with restartPolicy: Always (kubelets from 1.29), or remove it and let the webhook inject it.',
          ...(mayEnd ? { level: 'warn' } : {}),
        };
      });
  },
};

/** A shell text may wait for a sign of the app. */
function isScript(container: Container): boolean {
  return commandWords(container).some((word) => /\brclone\s/.test(word));
}

/** An app that sends a signal, with a shared process namespace, or asks rclone's remote control to quit. */
function endsOthers({ container }: ContainerRef): boolean {
  return commandWords(container).some((word) => /\bcore\/quit\b|\b(p?kill|killall)\b/.test(word));
}
