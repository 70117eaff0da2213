// What add-sidecars would do to one workload, in the cluster or in a file: decided by the engine, judged by the rules.
import jsonpatch from 'fast-json-patch';
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import { labelTemplate } from '../inject/label-template.ts';
import type { Report } from '../inject/report.ts';
import { SKIP_REASONS } from '../inject/skip-reason.ts';
import { rawMountsLabel } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Operation } from '../pod/json-patch.ts';
import { renderPointer } from '../pod/json-pointer.ts';
import { valueAt } from '../pod/value-at.ts';
import { judgeTemplate } from '../policy/judge.ts';
import { workloadFacts } from '../policy/workload-facts.ts';
import { joinFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import type { Workload } from '../workload/template.ts';

export interface AddOptions {
  readonly settings: Settings;
  /** The sidecars themselves in place of the label. */
  readonly inline: boolean;
  /** Whatever the rules say, and over the label "false". */
  readonly force: boolean;
}

export type AddPlan =
  | {
      readonly outcome: 'change';
      /** On the object. */
      readonly operations: readonly Operation[];
      readonly report: Report;
      /** Paths are those of the object. */
      readonly findings: readonly Problem[];
    }
  /** There is nothing to do, or it would be of no use: `detail` says why. */
  | { readonly outcome: 'done' | 'useless' | 'opted_out'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly report: Report | null; readonly findings: readonly Problem[] };

/**
 * | label on the template | by label | --inline |
 * | --- | --- | --- |
 * | absent, malformed | put on, or set right | sidecars without a label; malformed is refused |
 * | `"true"` | done | sidecars beside the label |
 * | `"false"` | opted out; --force sets it to "true" | opted out |
 */
export function planAddition(workload: Workload, options: AddOptions): AddPlan {
  const { object, templatePath } = workload;
  const label = rawMountsLabel(workload.podLike);
  if (label === 'false' && (options.inline || !options.force)) {
    const way = options.inline ? 'take the label off first' : '--force sets it to "true"';
    return { outcome: 'opted_out', detail: `label media-stack/cloud-mounts: "false" opts it out; ${way}` };
  }
  if (label === 'true' && !options.inline) return { outcome: 'done', detail: 'labelled already' };
  const operation = labelTemplate(object, templatePath);
  // With --inline the object stays without the label, and the engine is told to assume it.
  const judged = options.inline ? object : applied(object, [operation]);
  const decoded = decodePod(valueAt(judged, templatePath));
  const located = (problems: readonly Problem[]) =>
    problems.map((problem) => ({
      ...problem,
      path: joinFieldPath(renderFieldPath(templatePath), problem.path),
    }));
  if (!decoded.ok) return { outcome: 'refused', report: null, findings: located(decoded.problems) };
  const input = {
    settings: options.settings,
    assumeLabel: options.inline,
    claimTemplates: workload.claimTemplates.map(({ name }) => name),
  };
  const decision = decide({ ...input, pod: decoded.pod });
  const { report } = decision;
  if (report.outcome === 'refused') return { outcome: 'refused', report, findings: located(report.problems) };
  if (report.outcome === 'skipped') {
    const { text, hint } = SKIP_REASONS[report.reason];
    if (report.reason !== 'already_complete') return { outcome: 'useless', detail: `${text}; ${hint}` };
    if (options.inline) return { outcome: 'done', detail: text };
  }
  const verdict = judgeTemplate({
    ...input,
    pod: structuredClone(decoded.pod),
    ...(templatePath.length === 0
      ? { origin: 'pod' }
      : { origin: 'template', workload: workloadFacts(workload.kind, judged) }),
  });
  const findings = verdict.judged ? located(verdict.problems) : [];
  if (!options.force && findings.some(({ level }) => level === 'deny'))
    return { outcome: 'refused', report, findings };
  if (!options.inline) return { outcome: 'change', operations: [operation], report, findings };
  const checked = applyAndCheck(structuredClone(decoded.pod), decision, input);
  if (!checked.ok) throw new Error(`${workload.kind} ${workload.name}: ${checked.reason}`);
  const prefix = renderPointer(templatePath);
  const operations = decision.patch.map((one) => ({ ...one, path: prefix + one.path }));
  return { outcome: 'change', operations, report, findings };
}

/** A copy of the object with the operations done. */
export function applied(object: JsonObject, operations: readonly Operation[]): JsonObject {
  const copy = structuredClone(object);
  return jsonpatch.applyPatch(copy, operations as jsonpatch.Operation[], true, true).newDocument;
}
