// The decisions about every workload of a file, as data.
import type { Report } from '../inject/report.ts';
import { judgeTemplate } from '../policy/judge.ts';
import type { Problem } from '../problem/problem.ts';
import { readManifests } from '../workload/documents.ts';
import { findWorkloads } from '../workload/template.ts';
import type { ManifestFile } from './manifest-files.ts';
import { decideWorkload, isUnlabelled, locateProblem } from './manifest-injection.ts';
import type { InjectOptions } from './manifest-injection.ts';
import { judgeInput, readTemplate } from './read-template.ts';

export interface Explanation {
  readonly file: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly report: Report;
  /** Whether the rules looked at it: they do not where no mounts are asked for. */
  readonly judged: boolean;
  /** What the rules say about the pod after injection. */
  readonly verdict: readonly Problem[];
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
      const { kind, namespace, name } = workload;
      const located = (list: readonly Problem[]) =>
        list.map((problem) => locateProblem(problem, workload, document));
      const explain = (report: Report, judged: boolean, verdict: readonly Problem[]) =>
        explanations.push({
          file: file.file,
          kind,
          namespace,
          name,
          report,
          judged,
          verdict: located(verdict),
        });
      if (isUnlabelled(workload, options)) {
        explain({ outcome: 'skipped', reason: 'label_absent', steps: [], warnings: [] }, false, []);
        continue;
      }
      const read = readTemplate(workload);
      if (read.ok) {
        const { report } = decideWorkload(workload, read.pod, options);
        const verdict = judgeTemplate(judgeInput(workload, read.pod, options));
        explain(report, verdict.judged, verdict.judged ? verdict.problems : []);
      } else if (read.wrong === 'label') {
        const { problems } = read;
        explain({ outcome: 'refused', problems, steps: [], warnings: [] }, true, problems);
      } else unreadable.push(...located(read.problems));
    }
  }
  return { explanations, problems: [...problems, ...unreadable] };
}
