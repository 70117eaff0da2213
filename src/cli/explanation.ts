// The decisions about workloads, as data.
import type { Report } from '../inject/report.ts';
import { rawLabelProblem } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { judgeTemplate } from '../policy/judge.ts';
import { workloadFacts } from '../policy/workload-facts.ts';
import type { Problem } from '../problem/problem.ts';
import { readManifests } from '../workload/documents.ts';
import { findWorkloads } from '../workload/template.ts';
import type { Workload } from '../workload/template.ts';
import type { LiveFacts } from './live-explanation.ts';
import type { ManifestFile } from './manifest-files.ts';
import { decideWorkload, isUnlabelled, locateProblem } from './manifest-injection.ts';
import type { InjectOptions } from './manifest-injection.ts';

export interface Explanation {
  /** Where it was read: a file, or `context NAME`. */
  readonly file: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly report: Report;
  /** Whether the rules looked at it: they do not where no mounts are asked for. */
  readonly judged: boolean;
  /** What the rules say about the pod after injection. */
  readonly verdict: readonly Problem[];
  /** Of an object in a cluster. */
  readonly live?: LiveFacts;
}

/** One explanation for each workload, and what kept the file from being read. */
export function explainFile(
  file: ManifestFile,
  options: InjectOptions,
): { explanations: Explanation[]; problems: Problem[] } {
  const { documents, problems } = readManifests(file.text, file.file);
  const explanations: Explanation[] = [];
  const unreadable: Problem[] = [];
  for (const document of documents) {
    for (const workload of findWorkloads(document.value)) {
      const locate = (problem: Problem) => locateProblem(problem, workload, document);
      const explained = explainWorkload(file.file, workload, options, locate);
      if (explained.ok) explanations.push(explained.explanation);
      else unreadable.push(...explained.problems);
    }
  }
  return { explanations, problems: [...problems, ...unreadable] };
}

export type Explained =
  | { readonly ok: true; readonly explanation: Explanation }
  /** It is no pod template that could be read. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What would happen to the pods of one workload. `locate` puts a problem of the template to its place. */
export function explainWorkload(
  file: string,
  workload: Workload,
  options: InjectOptions,
  locate: (problem: Problem) => Problem,
): Explained {
  const { kind, namespace, name } = workload;
  const explanation = (report: Report, judged: boolean, verdict: readonly Problem[]): Explained => ({
    ok: true,
    explanation: { file, kind, namespace, name, report, judged, verdict },
  });
  if (isUnlabelled(workload, options))
    return explanation({ outcome: 'skipped', reason: 'label_absent', steps: [], warnings: [] }, false, []);
  const malformed = rawLabelProblem(workload.podLike);
  if (malformed) {
    const report: Report = { outcome: 'refused', problems: [malformed], steps: [], warnings: [] };
    return explanation(report, true, [locate(malformed)]);
  }
  const decoded = decodePod(workload.podLike);
  if (!decoded.ok) return { ok: false, problems: decoded.problems.map(locate) };
  const { report } = decideWorkload(workload, decoded.pod, options);
  const verdict = judgeTemplate({
    pod: structuredClone(decoded.pod),
    ...options,
    claimTemplates: workload.claimTemplates.map((template) => template.name),
    ...(workload.templatePath.length === 0
      ? { origin: 'pod' }
      : { origin: 'template', workload: workloadFacts(kind, workload.object) }),
  });
  return explanation(report, verdict.judged, verdict.judged ? verdict.problems.map(locate) : []);
}
