// Why the validating endpoint lets an object pass without judging it, beside the reasons of inject/skip-reason.ts. The
// key is the metric label and the word in the log.

export type PassReason = 'not_a_workload' | 'being_deleted' | 'controller_owner' | 'template_unchanged';

export const PASS_REASONS: Readonly<Record<PassReason, string>> = {
  not_a_workload: 'the object holds no pod template',
  being_deleted: 'the object is being deleted',
  controller_owner: 'the object belongs to a controller, which was judged',
  template_unchanged: 'the update changes neither the pod template nor the label',
};
