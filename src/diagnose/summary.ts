// What it all means: the symptoms in the user's own words, each with its causes, the most likely one first.
import type { CheckResult, Finding } from './finding.ts';
import { SYMPTOMS } from './symptoms.ts';
import type { Symptom } from './symptoms.ts';

export interface Issue {
  readonly symptom: Symptom;
  /** Number among the known issues, or null. */
  readonly issue: number | null;
  readonly words: string;
  readonly level: 'fail' | 'warn';
  /** Most likely first. */
  readonly causes: readonly Finding[];
}

export interface Summary {
  readonly failed: number;
  readonly warned: number;
  readonly notMade: number;
  readonly fine: number;
  readonly issues: readonly Issue[];
}

/**
 * A finding that is a cause explains the effects of the same symptom; an effect is a cause of its own where nothing
 * explains it. A failure is likelier than a warning, and among equals what stands in the way of the others comes first.
 */
export function summarize(results: readonly CheckResult[]): Summary {
  const findings = withoutExplained(inEvidenceOrder(results).filter(isProblem));
  const count = (status: CheckResult['status']): number =>
    results.filter((result) => result.status === status).length;
  const symptoms = [...new Set(findings.flatMap(({ symptom }) => symptom ?? []))];
  const issues = symptoms.map((symptom) =>
    toIssue(
      symptom,
      findings.filter((finding) => finding.symptom === symptom),
    ),
  );
  return {
    failed: count('fail'),
    warned: count('warn'),
    notMade: count('unknown'),
    fine: count('ok'),
    issues: explain(issues).toSorted((a, b) => rankOf(a) - rankOf(b)),
  };
}

/** What a check has looked at itself tells more than a line in a log. */
function inEvidenceOrder(results: readonly CheckResult[]): Finding[] {
  const isHearsay = ({ id }: CheckResult): boolean => id === 'log-lines' || id === 'sidecars';
  const [heard, looked] = [results.filter(isHearsay), results.filter((result) => !isHearsay(result))];
  return [...looked, ...heard].flatMap((result) => result.findings);
}

/** What is only the consequence of another finding, and would be read as a cause of its own. */
const EXPLAINS: Readonly<Record<string, readonly string[]>> = {
  not_privileged: ['fuse_missing', 'fuse_refused', 'mount_not_permitted'],
  propagation_missing: ['volume_private', 'not_visible'],
  sidecar_propagation_missing: ['volume_not_shared', 'not_visible'],
  secret_missing: ['section_missing', 'config_missing'],
  secret_key_missing: ['section_missing', 'config_missing'],
  claim_missing: ['unschedulable'],
  claim_not_bound: ['unschedulable'],
  killed_for_memory: ['dead_mount'],
  certificate_expired: ['ca_bundle_wrong'],
  webhook_absent: ['not_injected', 'webhook_not_called'],
};

function withoutExplained<T extends Finding>(findings: readonly T[]): T[] {
  const explained = new Set(
    findings.flatMap(({ code, level }) => (level === 'fail' ? (EXPLAINS[code] ?? []) : [])),
  );
  return findings.filter(({ code }) => !explained.has(code));
}

function isProblem(finding: Finding): finding is Finding & { level: 'fail' | 'warn' } {
  return finding.level !== 'unknown';
}

function toIssue(symptom: Symptom, findings: readonly Finding[]): Issue {
  const failing = findings.filter(({ level }) => level === 'fail');
  const likely = failing.length > 0 ? failing : findings;
  const causes = likely.filter(({ role }) => role === 'cause');
  const { issue, words } = SYMPTOMS[symptom];
  return {
    symptom,
    issue,
    words,
    level: failing.length > 0 ? 'fail' : 'warn',
    causes: once(causes.length > 0 ? causes : likely).toSorted((a, b) => orderOf(a) - orderOf(b)),
  };
}

/** The same cause is told by the log, the termination message and the check of the thing itself: the first is enough. */
function once(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (finding, index) => findings.findIndex(({ code }) => code === finding.code) === index,
  );
}

/** An issue that is made of effects alone is left to the one that explains it. */
function explain(issues: readonly Issue[]): Issue[] {
  const hasCause = ({ causes }: Issue): boolean => causes.some(({ role }) => role === 'cause');
  const explained = issues.some((issue) => issue.level === 'fail' && hasCause(issue));
  return issues.filter((issue) => hasCause(issue) || !explained);
}

/** Failures before warnings; what keeps a pod from existing before what it lacks; then the known issues in their order. */
function rankOf({ symptom, level }: Issue): number {
  return (level === 'fail' ? 0 : 100) + ORDER.indexOf(symptom);
}

const ORDER: readonly Symptom[] = [
  'pod_not_created',
  'label_without_effect',
  'some_nodes_only',
  'pod_not_starting',
  'sidecar_crash_loop',
  'mount_not_visible',
  'mount_unreadable',
  'broken_symlinks',
  'high_cpu',
];

/** Codes that are the root of others: a sidecar that is not privileged has no Bidirectional mount either. */
const ROOTS = [
  'webhook_absent',
  'certificate_expired',
  'ca_bundle_wrong',
  'pod_security',
  'limit_range',
  'secret_missing',
  'secret_key_missing',
  'section_missing',
  'claim_missing',
  'not_privileged',
  'fuse_refused',
  'mount_shared',
  'label_on_workload_only',
  'propagation_missing',
  'sidecar_propagation_missing',
];

function orderOf({ code }: Finding): number {
  const index = ROOTS.indexOf(code);
  return index === -1 ? ROOTS.length : index;
}
