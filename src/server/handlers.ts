// Connects the admission protocol with the engine: which requests concern us, and what the engine says about them.
//
// | endpoint  | kind     | CREATE            | UPDATE                                  | else   |
// |-----------|----------|-------------------|-----------------------------------------|--------|
// | /mutate   | Pod      | inject            | allowed                                 | allowed|
// | /validate | Pod      | judge as it stands| allowed: older pods are never blocked   | allowed|
// | /validate | workload | judge as injected | the same, if template or label changed  | allowed|
//
// A workload is told of a label of its own that its template lacks (MS501), and on CREATE of one that nobody understands.
//
// A workload that has a controller (a ReplicaSet of a Deployment) is not judged: its owner was. Its pods are: only
// there the final state shows. An object that is being deleted passes.
import { allowed, audited, patched, warned } from '../admission/outcome.ts';
import type { Allowed, Denied, MutatingOutcome, ValidatingOutcome } from '../admission/outcome.ts';
import type { AdmissionRequest } from '../admission/review.ts';
import { applyAndCheck } from '../inject/apply-and-check.ts';
import { decide } from '../inject/decide.ts';
import { SKIP_REASONS } from '../inject/skip-reason.ts';
import type { SkipReason } from '../inject/skip-reason.ts';
import { rawLabelProblem, rawMountsLabel } from '../intent/labels.ts';
import { judgePod, judgeTemplate } from '../policy/judge.ts';
import type { PassReason } from '../policy/pass-reason.ts';
import { workloadFacts } from '../policy/workload-facts.ts';
import { controllerKind } from '../pod/controller-owner.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { isJsonObject, jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod } from '../pod/pod.ts';
import { joinFieldPath, renderFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { findWorkloads } from '../workload/template.ts';
import type { Workload } from '../workload/template.ts';
import type { AdmissionHandlers } from './app.ts';
import { denyProblems, warningLine } from './denial.ts';
import type { DeniedObject } from './denial.ts';

/** The handlers; `settings` is asked at every request, so that a reload takes effect with the next one. */
export function buildHandlers(deps: { readonly settings: () => Settings }): AdmissionHandlers {
  return {
    mutate: (request) => mutate(request, deps.settings()),
    validate: (request) => validate(request, deps.settings()),
  };
}

function mutate(request: AdmissionRequest, settings: Settings): MutatingOutcome {
  if (request.operation !== 'CREATE') return pass('not_a_create');
  if (request.subResource !== '') return pass('subresource');
  if (!isPodKind(request)) {
    return warned(pass('not_a_pod'), [`media-stack: ${SKIP_REASONS.not_a_pod.text} (${request.kind.kind})`]);
  }
  const object = describeObject(request);
  const read = readLabelledPod(request);
  if (!read.ok) return read.outcome;
  const { pod } = read;
  const decision = decide({ pod, settings });
  const { report } = decision;
  if (report.outcome === 'refused') return denyProblems(object, report.problems, '');
  if (report.outcome === 'skipped') return warned(allowed(report.reason), report.warnings);
  const applied = applyAndCheck(pod, decision, { settings });
  if (!applied.ok) throw new Error(applied.reason);
  const outcome = audited(patched(decision.patch, 'injected'), { injected: report.remotes.join(',') });
  return warned(outcome, report.warnings);
}

function validate(request: AdmissionRequest, settings: Settings): ValidatingOutcome {
  if (request.subResource !== '') return pass('subresource');
  if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return pass('not_a_create');
  if (isPodKind(request)) return validatePod(request, settings);
  const workload = workloadOf(request, request.object);
  return workload ? validateWorkload(workload, request, settings) : pass('not_a_workload');
}

function validatePod(request: AdmissionRequest, settings: Settings): ValidatingOutcome {
  if (request.operation !== 'CREATE') return pass('not_a_create');
  if (isBeingDeleted(request.object)) return pass('being_deleted');
  const read = readLabelledPod(request);
  if (!read.ok) return read.outcome;
  const verdict = judgePod({ pod: read.pod, settings });
  return verdict.judged ? answer(verdict.problems, describeObject(request)) : allowed(verdict.reason);
}

/** The pod of a request that asks for mounts; else the outcome: what does not ask passes, what cannot be read is refused. */
function readLabelledPod(
  request: AdmissionRequest,
): { readonly ok: true; readonly pod: Pod } | { readonly ok: false; readonly outcome: Allowed | Denied } {
  const label = rawMountsLabel(request.object);
  if (label === undefined && isJsonObject(request.object))
    return { ok: false, outcome: pass('label_absent') };
  if (label === 'false') return { ok: false, outcome: pass('label_false') };
  const refuse = (problems: readonly Problem[]) =>
    ({ ok: false, outcome: denyProblems(describeObject(request), problems, '') }) as const;
  const malformed = rawLabelProblem(request.object);
  if (malformed) return refuse([malformed]);
  const decoded = decodePod(request.object);
  return decoded.ok ? decoded : refuse(decoded.problems);
}

function validateWorkload(
  workload: Workload,
  request: AdmissionRequest,
  settings: Settings,
): ValidatingOutcome {
  const { object, podLike } = workload;
  if (isBeingDeleted(object)) return pass('being_deleted');
  if (controllerKind(object['metadata'] as Pod['metadata']) !== null) return pass('controller_owner');
  const who = describeObject(request);
  const prefix = renderFieldPath(workload.templatePath);
  // An older object with such a label is never blocked.
  const ownLabel = request.operation === 'CREATE' ? rawLabelProblem(object) : null;
  const onObject = ownLabel ? [ownLabel] : [];
  const refuse = (problems: readonly Problem[]) =>
    denyProblems(who, [...onObject, ...onTemplate(problems, prefix)], '');
  const facts = workloadFacts(workload.kind, object);
  const label = rawMountsLabel(podLike);
  const isAsked = label !== undefined || facts.label === 'true';
  if (label === 'false' || !isAsked)
    return ownLabel ? refuse([]) : pass(label === 'false' ? 'label_false' : 'label_absent');
  if (request.operation === 'UPDATE' && !isChanged(workload, request)) return pass('template_unchanged');
  const malformed = rawLabelProblem(podLike);
  if (malformed) return refuse([malformed]);
  const decoded = decodePod(podLike);
  if (!decoded.ok) {
    // Without the label any shape is its author's own affair.
    return label === undefined ? pass('label_absent') : refuse(decoded.problems);
  }
  const claimTemplates = workload.claimTemplates.map((template) => template.name);
  const verdict = judgeTemplate({ pod: decoded.pod, settings, claimTemplates, workload: facts });
  if (!verdict.judged) return ownLabel ? refuse([]) : allowed(verdict.reason);
  return answer([...onObject, ...onTemplate(verdict.problems, prefix)], who);
}

function onTemplate(problems: readonly Problem[], prefix: string): Problem[] {
  return problems.map((problem) => ({ ...problem, path: joinFieldPath(prefix, problem.path) }));
}

function answer(problems: readonly Problem[], object: DeniedObject): ValidatingOutcome {
  const denials = problems.filter((problem) => problem.level === 'deny');
  const warnings = problems
    .filter((problem) => problem.level === 'warn')
    .map((problem) => warningLine(problem, ''));
  return warned(denials.length > 0 ? denyProblems(object, denials, '') : allowed('judged'), warnings);
}

/** Lets an object pass that the rules do not concern. */
function pass(reason: PassReason | SkipReason): Allowed {
  return allowed(reason);
}

/** Template or label: a change of replicas or status is none of our business. */
function isChanged(workload: Workload, request: AdmissionRequest): boolean {
  const before = workloadOf(request, request.oldObject);
  return (
    !before ||
    !jsonEqual(before.podLike, workload.podLike) ||
    rawMountsLabel(before.object) !== rawMountsLabel(workload.object)
  );
}

/** The object as a workload; `kind` and `apiVersion` come from the request, for an object may lack them. */
function workloadOf(request: AdmissionRequest, object: unknown): Workload | undefined {
  if (!isJsonObject(object)) return undefined;
  const { group, version, kind } = request.kind;
  const typed: JsonObject = { ...object, kind, apiVersion: group === '' ? version : `${group}/${version}` };
  return findWorkloads(typed)[0];
}

function isPodKind({ kind }: AdmissionRequest): boolean {
  return kind.group === '' && kind.kind === 'Pod';
}

function isBeingDeleted(object: unknown): boolean {
  const metadata = isJsonObject(object) ? object['metadata'] : undefined;
  return (
    isJsonObject(metadata) &&
    metadata['deletionTimestamp'] !== undefined &&
    metadata['deletionTimestamp'] !== null
  );
}

function describeObject(request: AdmissionRequest): DeniedObject {
  const metadata = isJsonObject(request.object) ? request.object['metadata'] : undefined;
  const generateName =
    isJsonObject(metadata) && typeof metadata['generateName'] === 'string'
      ? `${metadata['generateName']}*`
      : '';
  return {
    kind: request.kind.kind,
    name: request.name || generateName || '(no name)',
    namespace: request.namespace,
  };
}
