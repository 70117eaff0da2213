// `media-stack troubleshoot-mounts` as a person runs it, and what it says.
import type { CheckResult, Finding } from '../../src/diagnose/finding.ts';
import { mediaStack } from '../support/run-command.ts';
import type { NodeScene } from './node-scene.ts';

export interface Diagnosed {
  readonly code: number | null;
  readonly checks: readonly CheckResult[];
  /** `1 mount not visible in the app: propagation_missing, ...`, the likeliest first; those without a number begin with `-`. */
  readonly issues: readonly string[];
  /** Findings by code, the first of each. */
  readonly findings: Readonly<Record<string, Finding>>;
}

interface Report {
  readonly checks: readonly CheckResult[];
  readonly issues: readonly {
    readonly issue: number | null;
    readonly words: string;
    readonly level: string;
    readonly causes: readonly { readonly code: string }[];
  }[];
}

/** Its JSON, as a program reads it; fails with stderr where there is none. */
export async function troubleshoot(
  scene: Pick<NodeScene, 'kubeconfig'>,
  args: readonly string[],
  kubeconfig: string = scene.kubeconfig,
): Promise<Diagnosed> {
  // Named by option it would be part of every mend.
  const ran = await mediaStack(['troubleshoot-mounts', ...args, '-o', 'json'], {
    env: { KUBECONFIG: kubeconfig },
  });
  if (ran.stdout === '') throw new Error(`exit ${ran.code}: ${ran.stderr}`);
  const { checks, issues } = JSON.parse(ran.stdout) as Report;
  const findings = checks.flatMap((check) => check.findings);
  return {
    code: ran.code,
    checks,
    issues: issues
      .filter(({ level }) => level === 'fail')
      .map(
        ({ issue, words, causes }) =>
          `${issue ?? '-'} ${words}: ${causes.map(({ code }) => code).join(', ')}`,
      ),
    findings: Object.fromEntries(findings.toReversed().map((finding) => [finding.code, finding])),
  };
}

/** Ids of the checks with this status. */
export function idsOf({ checks }: Diagnosed, status: CheckResult['status']): string[] {
  return checks.filter((check) => check.status === status).map(({ id }) => id);
}
