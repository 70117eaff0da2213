// What a rule is: one value in one file, listed in catalogue.ts.
import type { Intent } from '../intent/intent.ts';
import type { LabelState } from '../intent/labels.ts';
import type { Survey } from '../intent/survey.ts';
import type { Pod } from '../pod/pod.ts';
import type { PathSegment } from '../problem/field-path.ts';
import type { Problem, ProblemLevel } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';

/** The object that a pod template stands in. */
export interface WorkloadFacts {
  readonly kind: string;
  /** What the label says that the object has in another place than its pod template, where it does nothing. */
  readonly label: LabelState;
}

/** What a rule looks at: a pod as it will run, after injection. */
export interface PodView {
  readonly pod: Pod;
  /** A template has not met the scheduler yet. */
  readonly origin: 'pod' | 'template';
  /** Of a template; null for a pod. */
  readonly workload: WorkloadFacts | null;
  /** The workload's, or that of a pod's controller; null for a pod that nobody controls. */
  readonly workloadKind: string | null;
  readonly use: 'admission' | 'lint';
  readonly settings: Settings;
  readonly intent: Intent;
  readonly survey: Survey;
  /** MS503 problems of the annotations. */
  readonly annotationProblems: readonly Problem[];
}

export interface Finding {
  readonly path: readonly PathSegment[];
  /** What is wrong, with the value found. No full stop at the end. */
  readonly message: string;
  /** How to mend it. */
  readonly hint: string;
  /** Where one rule has two levels. */
  readonly level?: ProblemLevel;
}

export interface Rule {
  /** Stable, never reused. */
  readonly id: string;
  readonly title: string;
  readonly level: ProblemLevel;
  /** Why this cannot work or is unwise, with the source. */
  readonly why: string;
  /** True for a rule about what injection would have put right: it is silent where injection was refused. */
  readonly afterInjection?: true;
  /** True for a rule about what the label promises: it is silent where the label is not there. */
  readonly ofLabel?: true;
  readonly check: (view: PodView) => readonly Finding[];
}
