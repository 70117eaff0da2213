import { mountsAt } from '../../pod/containers.ts';
import { cleanPath, isWithin } from '../../pod/mount-path.ts';
import type { Check } from '../check.ts';
import { fail, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { problemsOfRules } from '../rule-findings.ts';
import type { RuleProblem } from '../rule-findings.ts';
import type { Subject } from '../subject.ts';
import { editCommand, renderContainerYaml } from '../subject-words.ts';

const RULES = ['MS201', 'MS202', 'MS205', 'MS206', 'MS207', 'MS208', 'MS306', 'MS504'];

export const propagation: Check = {
  id: 'propagation',
  group: 'containers',
  title: 'mounts propagate from the sidecars to the app',
  run: ({ subject }) => {
    const { survey, intent, expected } = subject;
    if (expected === null || (survey.sidecars.length === 0 && survey.apps.length === 0)) return null;
    const looked = [...survey.apps, ...survey.sidecars].map(({ container }) => {
      const mount =
        mountsAt(container, intent.mediaPath)[0]?.mount ??
        (container.volumeMounts ?? []).find(({ mountPath }) =>
          isWithin(cleanPath(mountPath), intent.mediaPath),
        );
      return `${container.name} ${mount === undefined ? 'no media mount' : (mount.mountPropagation ?? 'None')}`;
    });
    const wanted = survey.sidecars.length === 0 ? [] : RULES;
    return {
      looked: looked.join(', '),
      findings: problemsOfRules(subject, wanted).map((found) => toFinding(found, subject)),
    };
  },
};

function toFinding({ problem, ref }: RuleProblem, subject: Subject): Finding {
  const value = VALUES[problem.code];
  const mount = ref === null ? undefined : mountsAt(ref.container, subject.intent.mediaPath)[0]?.mount;
  const draft = {
    code: CODES[problem.code] ?? 'propagation',
    found: `${ref === null ? '' : `${ref.container.name}: `}${problem.message} (${problem.code}, ${problem.path})`,
    cause: CAUSES[problem.code] ?? CAUSE,
    mend: [problem.hint, editCommand(subject)],
    yaml:
      value === undefined || ref === null || mount === undefined
        ? null
        : renderContainerYaml(ref, [
            'volumeMounts:',
            `  - name: ${mount.name}`,
            `    mountPath: ${mount.mountPath}`,
            `    mountPropagation: ${value}`,
          ]),
    symptom: 'mount_not_visible' as const,
  };
  return problem.level === 'warn' ? warn(draft) : fail(draft);
}

const VALUES: Readonly<Record<string, string>> = { MS201: 'HostToContainer', MS202: 'Bidirectional' };
const CODES: Readonly<Record<string, string>> = {
  MS201: 'propagation_missing',
  MS202: 'sidecar_propagation_missing',
  MS205: 'sub_path',
  MS206: 'recursive_read_only',
  MS207: 'mount_on_volume_root',
  MS208: 'two_media_volumes',
  MS306: 'user_namespace',
  MS504: 'mounted_elsewhere',
};
const CAUSE =
  'a mount that the sidecar makes does not reach the app: each container has a mount namespace of its own';
const CAUSES: Readonly<Record<string, string>> = {
  MS201:
    'the app does not receive mounts that are made after it has started: mountPropagation is None unless it is written',
  MS202: 'the sidecar keeps its mount to itself: mountPropagation is None unless it is written',
  MS205: 'the kubelet binds a sub-path without the mounts below it',
  MS208: 'the sidecars mount into one volume, and the app looks at another',
};
