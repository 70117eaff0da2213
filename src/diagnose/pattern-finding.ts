// A known line as a finding about one container of the subject.
import type { Finding } from './finding.ts';
import { fail, warn } from './finding.ts';
import type { LogMatch } from './match-log-lines.ts';
import type { Subject } from './subject.ts';

export interface PatternPlace {
  /** In front of the line: `rclone-zurg says`. */
  readonly where: string;
  /** It was so, and is over. */
  readonly past: boolean;
}

export function fillPattern(
  { pattern, line, count }: LogMatch,
  subject: Subject,
  container: string,
  { where, past }: PatternPlace,
): Finding {
  const config = subject.configs.find((found) => found.container === container);
  const words: Readonly<Record<string, string>> = {
    POD: subject.name,
    NAMESPACE: subject.namespace,
    CONTAINER: container,
    SECRET: config?.secret ?? 'SECRET',
    KEY: config?.key ?? 'rclone.conf',
    SOURCE:
      subject.expected?.mounts.find(({ sidecar }) => sidecar?.container === container)?.sidecar?.source ??
      'REMOTE:',
  };
  const draft = {
    code: pattern.id,
    found: `${where}${count > 1 ? ` (${count} times)` : ''}: ${line}`,
    cause: pattern.cause,
    mend: pattern.mend.map((text) =>
      text.replaceAll(/\b(POD|NAMESPACE|CONTAINER|SECRET|KEY|SOURCE)\b/g, (word) => words[word] ?? word),
    ),
    yaml: pattern.yaml ?? null,
    symptom: pattern.symptom,
  };
  return past || pattern.stops === 'note' ? warn(draft) : fail(draft);
}
