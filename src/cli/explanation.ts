// The decisions about workloads, as data.
import type { Report } from '../inject/report.ts';
import { judgeTemplate } from '../policy/judge.ts';
import type { Problem } from '../problem/problem.ts';
import { readManifests } from '../workload/documents.ts';
import { findWorkloads } from '../workload/template.ts';
import type { Workload } from '../workload/template.ts';
import type { LiveFacts } from './live-explanation.ts';
import type { ManifestFile } from './manifest-files.ts';
import { decideWorkload, isUnlabelled, locateProblem } from './manifest-injection.ts';
import type { InjectOptions } from './manifest-injection.ts';
import { judgeInput, readTemplate } from './read-template.ts';

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
  const read = readTemplate(workload);
  if (!read.ok) {
    const problems = read.problems.map(locate);
    if (read.wrong !== 'label') return { ok: false, problems };
    return explanation(
      { outcome: 'refused', problems: read.problems, steps: [], warnings: [] },
      true,
      problems,
    );
  }
  const { report } = decideWorkload(workload, read.pod, options);
  const verdict = judgeTemplate(judgeInput(workload, read.pod, options));
  return explanation(report, verdict.judged, verdict.judged ? verdict.problems.map(locate) : []);
}
