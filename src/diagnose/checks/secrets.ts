import { didYouMean } from '../../problem/did-you-mean.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, notMade, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import type { RemoteConfig } from '../remote-config.ts';
import { restartCommand } from '../subject-words.ts';

export const secrets: Check = {
  id: 'secrets',
  group: 'rclone',
  title: 'each remote has its Secret, key and section',
  run: (facts) => {
    const { subject, secrets: found } = facts;
    if (subject.configs.length === 0) return null;
    const refused = subject.configs
      .map(({ secret }) => found[secret])
      .find((fact) => fact?.state === 'not_allowed');
    if (refused !== undefined && refused.state === 'not_allowed') return notMade(refused, 'the Secrets');
    return {
      looked: subject.configs.map((config) => describe(config, facts)).join(', '),
      findings: subject.configs.flatMap((config) => judge(config, facts)),
    };
  },
};

/** `rclone-config: [torbox] webdav http://127.0.0.1:8080`. */
function describe({ secret, key, section }: RemoteConfig, { secrets: found }: Facts): string {
  const fact = found[secret];
  const [known] =
    fact?.state === 'known' ? (fact.value.sections[key] ?? []).filter(({ name }) => name === section) : [];
  if (known === undefined) return secret;
  return `${secret} [${known.name}] ${[known.type, known.server].filter(Boolean).join(' ')}`;
}

function judge(config: RemoteConfig, { subject, secrets: found }: Facts): Finding[] {
  const { secret, key, section, remote } = config;
  const { namespace } = subject;
  const fact = found[secret];
  const create = `kubectl create secret generic ${secret} -n ${namespace} --from-file=${key}=rclone.conf`;
  const replace = `${create} --dry-run=client -o yaml | kubectl replace -f -`;
  if (fact === undefined || fact.state === 'not_allowed') return [];
  if (fact.state === 'not_asked')
    return notMade(fact, `Secret ${secret}`).findings.map((finding) => ({
      ...finding,
      found: `${secret}: ${finding.found}`,
    }));
  if (fact.state === 'absent')
    return [
      fail({
        code: 'secret_missing',
        found: `there is no Secret ${secret} in namespace ${namespace}, which ${remote} needs`,
        cause: 'the Secret does not exist, and the pod waits for it: its volume cannot be set up',
        mend: [create],
        symptom: 'pod_not_starting',
      }),
    ];
  const { keys, sections } = fact.value;
  if (!keys.includes(key))
    return [
      fail({
        code: 'secret_key_missing',
        found: `Secret ${secret} has no key ${key}; it has ${keys.join(', ') || 'none'}`,
        cause: 'the Secret lacks the key, so rclone does not find its configuration',
        mend: [...guess(key, keys), replace, `then: ${restartCommand(subject)}`],
        symptom: 'sidecar_crash_loop',
      }),
    ];
  if (section === null) return [];
  const names = (sections[key] ?? []).map(({ name }) => name);
  const present = (sections[key] ?? []).find(({ name }) => name === section);
  if (present === undefined)
    return [
      fail({
        code: 'section_missing',
        found: `${key} of Secret ${secret} has no section [${section}]; it has ${names.map((name) => `[${name}]`).join(', ') || 'none'}`,
        cause: `the sidecar mounts "${section}:", and rclone.conf has no section of that name`,
        mend: [
          ...guess(section, names),
          `name the section [${section}], or set remote in the settings`,
          replace,
          `then: ${restartCommand(subject)}`,
        ],
        symptom: 'sidecar_crash_loop',
      }),
    ];
  if (present.type === '')
    return [
      warn({
        code: 'section_without_type',
        found: `section [${section}] of Secret ${secret} has no type`,
        cause: 'rclone does not know which backend it is',
        mend: ['add a line type = webdav (or what it is)', replace],
        symptom: 'sidecar_crash_loop',
      }),
    ];
  return [];
}

function guess(word: string, known: readonly string[]): string[] {
  const text = didYouMean(word, known).trim();
  return text === '' ? [] : [text];
}
