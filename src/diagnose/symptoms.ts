// What users see of a cause, in their own words. The first five are the known issues of the runbook.

export type Symptom =
  | 'mount_not_visible'
  | 'sidecar_crash_loop'
  | 'some_nodes_only'
  | 'broken_symlinks'
  | 'high_cpu'
  | 'mount_unreadable'
  | 'pod_not_created'
  | 'pod_not_starting'
  | 'label_without_effect';

export interface SymptomWords {
  /** Number among the known issues; null for the others. */
  readonly issue: number | null;
  readonly words: string;
}

export const SYMPTOMS: Readonly<Record<Symptom, SymptomWords>> = {
  mount_not_visible: { issue: 1, words: 'mount not visible in the app' },
  sidecar_crash_loop: { issue: 2, words: 'sidecar crash loop' },
  some_nodes_only: { issue: 3, words: 'works on some nodes only' },
  broken_symlinks: { issue: 4, words: 'broken symlinks in stream/' },
  high_cpu: { issue: 5, words: 'high CPU' },
  mount_unreadable: { issue: null, words: 'the mount is there and cannot be read' },
  pod_not_created: { issue: null, words: 'no pod is created' },
  pod_not_starting: { issue: null, words: 'the pod does not start' },
  label_without_effect: { issue: null, words: 'the label has no effect' },
};
