// The verdict of a webhook in place of our own: asked as the API server would ask, told at the places in the files.
import { Buffer } from 'node:buffer';
import jsonpatch from 'fast-json-patch';
import { MOUNTS_LABEL, rawMountsLabel } from '../intent/labels.ts';
import { decodePod } from '../pod/decode-pod.ts';
import { isJsonObject } from '../pod/json.ts';
import { valueAt } from '../pod/value-at.ts';
import { authorPath } from '../policy/author-path.ts';
import { parseFieldPath } from '../problem/field-path.ts';
import type { Problem } from '../problem/problem.ts';
import type { Workload } from '../workload/template.ts';
import { ServerFailure } from './admission-client.ts';
import type { AdmissionClient, AdmissionResponse, TypedObject } from './admission-client.ts';
import type { Subject } from './lint-manifests.ts';
import type { ServerAccount } from './lint-result.ts';
import { byPosition, describeWorkload, isPatch } from './lint-workload.ts';
import type { LintedWorkload } from './lint-workload.ts';
import { findingsOf, LINT_ONLY } from './server-findings.ts';
import type { ServerFinding } from './server-findings.ts';

export interface ServerJudge {
  /** The same workloads with the server's verdict. Rejects with `ServerFailure`. */
  ask(subjects: readonly Subject[]): Promise<readonly Subject[]>;
  /** What was asked so far. */
  account(): ServerAccount;
}

/** A judge that asks about every workload with the label, one after the other. */
export function startServerJudge(
  client: AdmissionClient,
  { assumeLabel }: { readonly assumeLabel: boolean },
): ServerJudge {
  let asked = 0;
  let notAsked = 0;
  const disagreements: string[] = [];

  async function askOne(subject: Subject): Promise<Subject> {
    const object = objectToSend(subject.workload, assumeLabel);
    // Nobody sends a patch to the cluster as it is.
    if (object === null || isPatch(subject.workload)) {
      notAsked += 1;
      return subject;
    }
    asked += 1;
    const isPod = subject.workload.templatePath.length === 0;
    const verdict = isPod
      ? await askAboutPod(client, object)
      : { findings: findingsOf(await client.review('validate', object)), isWhole: true };
    // With the label in the object sent, it can no longer be missing there.
    const isAssumed = rawMountsLabel(subject.workload.podLike) === undefined && assumeLabel;
    const silent = isAssumed ? new Set([...LINT_ONLY, 'MS501']) : LINT_ONLY;
    const linted = withVerdict(subject, verdict.findings, client.url, silent);
    const line = disagreement(subject, verdict, silent);
    if (line !== null) disagreements.push(line);
    return { ...subject, linted };
  }

  return {
    async ask(subjects) {
      const answered: Subject[] = [];
      for (const subject of subjects) answered.push(await askOne(subject));
      return answered;
    },
    account: () => ({ url: client.url, asked, notAsked, disagreements }),
  };
}

/** The object with its kind, and with the label where it is assumed; null where the cluster would not ask. */
function objectToSend(workload: Workload, assumeLabel: boolean): TypedObject | null {
  const { kind, apiVersion, object, templatePath, podLike } = workload;
  const sent = { ...structuredClone(object), kind, apiVersion };
  const label = rawMountsLabel(podLike);
  if (!assumeLabel || label !== undefined) {
    const own = templatePath.length === 0 ? undefined : rawMountsLabel(object);
    return [label, own].some((value) => value !== undefined && value !== 'false') ? sent : null;
  }
  const template = valueAt(sent, templatePath);
  if (!isJsonObject(template)) return null;
  const metadata = isJsonObject(template['metadata']) ? template['metadata'] : {};
  const labels = isJsonObject(metadata['labels']) ? metadata['labels'] : {};
  // `sent` is our own copy.
  Object.assign(template, { metadata: { ...metadata, labels: { ...labels, [MOUNTS_LABEL]: 'true' } } });
  return sent;
}

interface Answered {
  readonly findings: readonly ServerFinding[];
  /** False where the API server would have stopped before the rules had their say. */
  readonly isWhole: boolean;
}

/** First the mutating endpoint, then the validating one, with the patch applied in between. */
async function askAboutPod(client: AdmissionClient, object: TypedObject): Promise<Answered> {
  const mutated = await client.review('mutate', object);
  if (!mutated.allowed) return { findings: findingsOf(mutated), isWhole: false };
  const before = decodePod(structuredClone(object));
  const patched = applyPatch(object, mutated, client.url);
  const findings = findingsOf(await client.review('validate', patched));
  const after = decodePod(patched);
  if (!before.ok || !after.ok) return { findings, isWhole: true };
  const toAuthor = authorPath(before.pod);
  return {
    findings: findings.map((finding) => ({ ...finding, path: toAuthor(finding.path, after.pod) })),
    isWhole: true,
  };
}

function applyPatch(object: TypedObject, { patch }: AdmissionResponse, url: string): TypedObject {
  if (patch === undefined) return object;
  try {
    const operations = JSON.parse(Buffer.from(patch, 'base64').toString('utf8')) as jsonpatch.Operation[];
    return jsonpatch.applyPatch(structuredClone(object), operations, true).newDocument;
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ServerFailure(
      `${url}/mutate sent a patch that does not fit: ${why}`,
      'Is this the webhook of media-stack?',
    );
  }
}

function withVerdict(
  { workload, document, linted }: Subject,
  found: readonly ServerFinding[],
  url: string,
  silent: ReadonlySet<string>,
): LintedWorkload {
  const own = linted?.problems ?? [];
  const { kind, namespace, name, path } = workload;
  const fromServer = found.map(({ code, level, path: field, text, isCut }): Problem => {
    const same = own.find(
      (problem) =>
        problem.code === code &&
        problem.path === field &&
        (isCut
          ? `${problem.message}. ${problem.hint}`.startsWith(text)
          : `${problem.message}. ${problem.hint}` === text),
    );
    const position = document.positionOf([...workload.path, ...parseFieldPath(field)]);
    if (same) return { ...same, level, position };
    const hint = `So says ${url}; its settings or its version are other than here.`;
    return { code, level, path: field, message: text.replace(/\.$/, ''), hint, position };
  });
  const problems = [...fromServer, ...own.filter(({ code }) => silent.has(code))].toSorted(byPosition);
  return {
    workload: { kind, namespace, name, path },
    position: document.positionOf(path),
    waived: linted?.waived ?? [],
    repairs: linted?.repairs ?? [],
    problems,
  };
}

/** One line where the verdicts differ in rules or places. */
function disagreement(
  { workload, document, linted }: Subject,
  { findings, isWhole }: Answered,
  silent: ReadonlySet<string>,
): string | null {
  const key = ({ code, path }: { code: string; path: string }) => `${code} ${path}`;
  const own = (linted?.problems ?? []).filter(({ code }) => !silent.has(code)).map(key);
  const theirs = findings.map(key);
  const onlyThere = theirs.filter((item) => !own.includes(item));
  const onlyHere = isWhole ? own.filter((item) => !theirs.includes(item)) : [];
  if (onlyThere.length + onlyHere.length === 0) return null;
  const { file, line } = document.positionOf(workload.path);
  const parts = [
    ...(onlyThere.length > 0 ? [`only the server finds ${onlyThere.join(', ')}`] : []),
    ...(onlyHere.length > 0 ? [`only the rules here find ${onlyHere.join(', ')}`] : []),
  ];
  return `${file}:${line} ${describeWorkload(workload)}: ${parts.join('; ')}`;
}
