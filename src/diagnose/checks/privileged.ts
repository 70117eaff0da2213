import type { Check } from '../check.ts';
import { fail } from '../finding.ts';
import { problemsOfRules } from '../rule-findings.ts';
import { editCommand, renderContainerYaml } from '../subject-words.ts';

export const privileged: Check = {
  id: 'privileged',
  group: 'containers',
  title: 'the sidecars are privileged',
  run: ({ subject }) => {
    const { survey } = subject;
    if (survey.sidecars.length === 0) return null;
    const looked = survey.sidecars.map(
      ({ container }) => `${container.name} ${container.securityContext?.privileged === true ? 'yes' : 'no'}`,
    );
    const findings = problemsOfRules(subject, ['MS301']).map(({ problem, ref }) =>
      fail({
        code: 'not_privileged',
        found: `${ref?.container.name ?? 'a sidecar'} is not privileged (MS301, ${problem.path})`,
        cause:
          'a container that is not privileged may not open /dev/fuse, and the API server allows it no Bidirectional mount',
        mend: [editCommand(subject)],
        yaml:
          ref === null
            ? null
            : renderContainerYaml(ref, [
                'securityContext:',
                '  privileged: true',
                '  runAsUser: 0',
                '  runAsNonRoot: false',
              ]),
        symptom: 'sidecar_crash_loop',
      }),
    );
    return { looked: looked.join(', '), findings };
  },
};
