import { optionValue, readRcloneFlags } from '../../intent/rclone-flags.ts';
import type { Container } from '../../pod/pod.ts';
import { parseQuantity } from '../../pod/quantity.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { renderContainerYaml } from '../subject-words.ts';

export const cpu: Check = {
  id: 'cpu',
  group: 'rclone',
  title: 'the sidecars use little CPU',
  run: (facts) => {
    const { survey } = facts.subject;
    if (survey.sidecars.length === 0) return null;
    return {
      looked: survey.sidecars.map(({ container }) => describe(container.name, facts)).join(', '),
      findings: survey.sidecars.flatMap((ref) => judge(ref, facts)),
    };
  },
};

/** A mount at rest uses a few thousandths of a core (measured: 1m to 15m); a fifth is work that somebody asks for. */
const BUSY_CORES = 0.2;
/** Below it rclone asks the server again and again for what it has just heard. */
const SHORT_SECONDS = 10;

function measured(name: string, { sidecars }: Facts): { cores: number; seconds: number } | null {
  const fact = sidecars[name];
  if (fact?.state !== 'known' || fact.value.cpuCores === null) return null;
  return { cores: fact.value.cpuCores, seconds: fact.value.seconds };
}

function describe(name: string, facts: Facts): string {
  const found = measured(name, facts);
  return found === null
    ? `${name} not measured, judged by its arguments alone`
    : `${name} ${Math.round(found.cores * 1000)}m over ${Math.round(found.seconds)} s`;
}

function judge(ref: Facts['subject']['survey']['sidecars'][number], facts: Facts): Finding[] {
  const { name } = ref.container;
  const found = measured(name, facts);
  const reasons = greedyArguments(ref.container, found !== null);
  const isBusy = found !== null && found.cores >= BUSY_CORES;
  if (!isBusy && reasons.filter(({ serious }) => serious).length === 0) return [];
  const causes = reasons.map(({ text }) => text);
  const cores =
    found === null
      ? ''
      : `${name} uses ${Math.round(found.cores * 1000)}m of CPU (${found.cores.toFixed(2)} cores over ${found.seconds.toFixed(1)} s)`;
  const draft = {
    code: isBusy ? 'high_cpu' : 'greedy_arguments',
    found: isBusy
      ? cores
      : `${name}: ${causes.join('; ')}${found === null ? ' (its CPU was not measured: judged by the arguments alone)' : ` (${Math.round(found.cores * 1000)}m at the moment)`}`,
    cause:
      causes.length === 0
        ? 'its arguments are moderate: somebody reads or scans through it just now'
        : isBusy
          ? causes.join('; ')
          : 'it may use much CPU as soon as an app scans its library',
    mend:
      causes.length === 0
        ? ['look whether an app scans its library, and how often; then look again']
        : ['cache mode writes, intervals of a minute, and a CPU limit'],
    yaml: causes.length === 0 ? null : mendYaml(ref, ref.ours),
    symptom: 'high_cpu' as const,
  };
  return [isBusy && causes.length > 0 ? fail(draft) : warn(draft)];
}

interface Reason {
  readonly text: string;
  /** Enough by itself to be named while the CPU is low. */
  readonly serious: boolean;
}

function greedyArguments(container: Container, isMeasured: boolean): Reason[] {
  const flags = readRcloneFlags(container) ?? new Map();
  const reasons: Reason[] = [];
  if (optionValue(flags, '--vfs-cache-mode') === 'full')
    reasons.push({
      text: '--vfs-cache-mode full: every read is written to a disk cache first',
      serious: !isMeasured,
    });
  for (const flag of ['--dir-cache-time', '--poll-interval', '--attr-timeout']) {
    const value = optionValue(flags, flag);
    const seconds = value === null ? null : parseSeconds(value);
    // 1 s is rclone's own default for attr-timeout, and 0 switches polling off.
    const short = flag === '--attr-timeout' ? 1 : SHORT_SECONDS;
    if (seconds === null || seconds >= short || (flag === '--poll-interval' && seconds === 0)) continue;
    reasons.push({ text: `${flag} ${value ?? ''}: an aggressive interval`, serious: true });
  }
  if (parseQuantity(container.resources?.limits?.['cpu'] ?? '') === null)
    reasons.push({ text: 'no CPU limit', serious: false });
  return reasons;
}

/** Go's time.ParseDuration as far as rclone's flags need it: `1m30s`, `500ms`. */
function parseSeconds(text: string): number | null {
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (text === '0') return 0;
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return null;
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? ''] ?? 0), 0);
}

function mendYaml(ref: Facts['subject']['survey']['sidecars'][number], ours: boolean): string {
  return ours
    ? 'metadata:\n  annotations:\n    media-stack/vfs-cache-mode: writes\n    media-stack/dir-cache-time: 60s\n    media-stack/poll-interval: 30s\n    media-stack/cpu-limit: 500m\n'
    : renderContainerYaml(ref, [
        '# in its rclone command: --vfs-cache-mode=writes --dir-cache-time=60s --attr-timeout=60s --poll-interval=30s',
        'resources:',
        '  requests: { cpu: 100m, memory: 256Mi }',
        '  limits: { cpu: 500m, memory: 1Gi }',
      ]);
}
