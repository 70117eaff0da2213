import { containerPath } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

export const ms305: Rule = {
  id: 'MS305',
  title: 'Job with plain sidecar containers',
  level: 'deny',
  why: 'A Job completes when all its containers have ended, and a plain sidecar runs for ever; a native one does not count (KEP-753).',
  check: ({ workloadKind, survey }) =>
    workloadKind === 'Job' || workloadKind === 'CronJob'
      ? survey.sidecars
          .filter((ref) => ref.list === 'containers' && survey.apps.length > 0)
          .map((ref) => ({
            path: containerPath(ref),
            message: `the ${workloadKind} never completes: sidecar ${ref.container.name} is a plain container, which does not end with the app`,
            hint: ref.ours
              ? 'Use native sidecars, which need kubelets from 1.29: media-stack/sidecar-mode: "native".'
              : 'Make it an init container with restartPolicy: Always (kubelets from 1.29), or remove it and let the webhook inject it.',
          }))
      : [],
};
