import type { Check } from '../check.ts';
import { fail, notMade } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { findContainer } from '../subject-words.ts';

export const devFuse: Check = {
  id: 'dev-fuse',
  group: 'containers',
  title: '/dev/fuse can be opened in the sidecars',
  run: ({ subject, sidecars }) => {
    const names = subject.survey.sidecars.map(({ container }) => container.name);
    if (names.length === 0) return null;
    const findings: Finding[] = [];
    const opened: string[] = [];
    const silent: string[] = [];
    for (const name of names) {
      const fact = sidecars[name];
      if (fact === undefined) continue;
      if (fact.state === 'not_allowed') return notMade(fact, '/dev/fuse');
      if (fact.state !== 'known') {
        silent.push(`${name}: ${fact.state === 'absent' ? 'not running' : fact.why}`);
        continue;
      }
      const { deviceError } = fact.value;
      if (deviceError === null) opened.push(name);
      else findings.push(refused(name, deviceError, isPrivileged(subject, name)));
    }
    if (opened.length === 0 && findings.length === 0)
      return notMade({ state: 'not_asked', why: silent.join('; ') || 'no sidecar runs' }, '/dev/fuse');
    return { looked: [...opened, ...silent].join(', '), findings };
  },
};

function isPrivileged(subject: Parameters<typeof findContainer>[0], name: string): boolean {
  return findContainer(subject, name)?.container.securityContext?.privileged === true;
}

function refused(name: string, error: string, isPrivileged: boolean): Finding {
  const missing = /no such|not found|nonexistent/i.test(error);
  return fail({
    code: missing ? 'fuse_missing' : 'fuse_refused',
    found: `${name} cannot open /dev/fuse: ${error}`,
    cause: !isPrivileged
      ? 'the container is not privileged: its device control group refuses the device'
      : missing
        ? 'the container is privileged and the device is not there: the node has not loaded the module fuse, or a volume hides /dev'
        : 'the container is privileged and yet refused: a security profile (SELinux, AppArmor) or a volume over /dev/fuse',
    mend: isPrivileged
      ? [
          'on the node: modprobe fuse; ls -l /dev/fuse',
          'look for a volume that is mounted at /dev or /dev/fuse',
        ]
      : ['make it privileged: see the check "privileged"'],
    symptom: 'sidecar_crash_loop',
  });
}
