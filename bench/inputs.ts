// The requests of the benchmark. One is a file; the others are made from it by code that gives the same bytes each
// time, so that what differs between them is in sight.
import { readFileSync } from 'node:fs';

type Json = { [key: string]: unknown };

/** An AdmissionReview whose uid and pod name are the placeholders of numbered-request.ts. */
export interface Review {
  readonly apiVersion: string;
  readonly request: { readonly uid: string; readonly object: Json; readonly [key: string]: unknown };
}

/** What the answer must make of the pod. */
export interface Expectation {
  readonly isPatched: boolean;
  readonly initContainers: readonly string[];
  readonly containers: readonly string[];
}

export interface BenchInput {
  readonly name: string;
  /** For people: what such a request stands for. */
  readonly title: string;
  /** Where the API server sends it, with the query it adds. */
  readonly path: string;
  readonly expected: Expectation;
  /** `answered` gives the pod that our server has made of the ordinary one. */
  readonly makeReview: (ordinary: Review, answered: () => unknown) => Review;
}

const PATH = '/mutate?timeout=10s';
const SIDECARS = ['init-dirs', 'rclone-zurg', 'rclone-torbox'];
const INJECTED = { isPatched: true, initContainers: SIDECARS, containers: ['sonarr'] };

/** In the order of the report; the first is needed to make the others. */
export const BENCH_INPUTS: readonly BenchInput[] = [
  {
    name: 'ordinary',
    title: 'labelled pod of a ReplicaSet',
    path: PATH,
    expected: INJECTED,
    makeReview: (ordinary) => ordinary,
  },
  {
    name: 'env-2000',
    title: 'the same with 2,000 env vars',
    path: PATH,
    expected: INJECTED,
    makeReview: (ordinary) => withPod(ordinary, addEnvironment(ordinary.request.object, 2_000)),
  },
  {
    name: 'injected',
    title: 'the same, injected before',
    path: PATH,
    expected: { ...INJECTED, isPatched: false },
    makeReview: (ordinary, answered) => withPod(ordinary, answered() as Json),
  },
  {
    name: 'unlabelled',
    title: 'the same without the label',
    path: PATH,
    expected: { isPatched: false, initContainers: [], containers: ['sonarr'] },
    makeReview: (ordinary) => withPod(ordinary, withoutLabel(ordinary.request.object)),
  },
];

/** The one that is a file, as the API server sends a pod that a ReplicaSet makes, but with the name already there. */
export function readOrdinaryReview(): Review {
  return JSON.parse(readFileSync(new URL('inputs/ordinary-pod.json', import.meta.url), 'utf8')) as Review;
}

/** The bytes that the API server would send: Go's encoder writes no blanks and a line feed at the end. */
export function renderReview(review: Review): Buffer {
  return Buffer.from(`${JSON.stringify(review)}\n`);
}

function withPod(review: Review, pod: Json): Review {
  return { ...review, request: { ...review.request, object: pod } };
}

function addEnvironment(pod: Json, count: number): Json {
  const copy = structuredClone(pod) as { spec: { containers: [{ env: unknown[] }] } } & Json;
  const { env } = copy.spec.containers[0];
  for (let index = 0; index < count; index += 1) {
    const number = String(index).padStart(4, '0');
    env.push({ name: `APP_SETTING_${number}`, value: `value-${number}` });
  }
  return copy;
}

function withoutLabel(pod: Json): Json {
  const copy = structuredClone(pod) as { metadata: { labels: Record<string, string> } } & Json;
  delete copy.metadata.labels['media-stack/cloud-mounts'];
  return copy;
}
