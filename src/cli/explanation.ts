// The decisions about every workload of a file, as data.
import type { Report } from '../inject/report.ts';
import { rawLabelProblem } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { judgeTemplate } from '../policy/judge.ts';
import { workloadFacts } from '../policy/workload-facts.ts';
import type { Problem } from '../problem/problem.ts';
import { readManifests } from '../workload/documents.ts';
import { findWorkloads } from '../workload/template.ts';
import type { ManifestFile } from './manifest-files.ts';
import { decideWorkload, isUnlabelled, locateProblem } from './manifest-injection.ts';
import type { InjectOptions } from './manifest-injection.ts';

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
      if (isUnlabelled(workload, options)) {
        const report: Report = { outcome: 'skipped', reason: 'label_absent', steps: [], warnings: [] };
        explanations.push({ file: file.file, kind, namespace, name, report, judged: false, verdict: [] });
        continue;
      }
      const malformed = rawLabelProblem(workload.podLike);
      if (malformed) {
        const report: Report = { outcome: 'refused', problems: [malformed], steps: [], warnings: [] };
        const verdict = [locateProblem(malformed, workload, document)];
        explanations.push({ file: file.file, kind, namespace, name, report, judged: true, verdict });
        continue;
      }
      const decoded = decodePod(workload.podLike);
      if (!decoded.ok) {
        unreadable.push(...decoded.problems.map((problem) => locateProblem(problem, workload, document)));
        continue;
      }
      const { report } = decideWorkload(workload, decoded.pod, options);
      const verdict = judgeTemplate({
        pod: structuredClone(decoded.pod),
        ...options,
        claimTemplates: workload.claimTemplates.map((template) => template.name),
        ...(workload.templatePath.length === 0
          ? { origin: 'pod' }
          : { origin: 'template', workload: workloadFacts(kind, workload.object) }),
      });
      const found = verdict.judged
        ? verdict.problems.map((problem) => locateProblem(problem, workload, document))
        : [];
      explanations.push({
        file: file.file,
        kind,
        namespace,
        name,
        report,
        judged: verdict.judged,
        verdict: found,
      });
    }
  }
  return { explanations, problems: [...problems, ...unreadable] };
}
