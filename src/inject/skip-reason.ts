// Why a pod is not injected. The key is the metric label and the word in logs, CLI and reports; a reason
// without text does not compile.

export type SkipReason =
  | 'label_absent'
  | 'label_false'
  | 'already_complete'
  | 'not_a_create'
  | 'subresource'
  | 'not_a_pod'
  | 'mirror_pod'
  | 'windows_pod'
  | 'no_app_container'
  | 'no_remotes_selected';

export const SKIP_REASONS: Readonly<Record<SkipReason, { readonly text: string; readonly hint: string }>> = {
  label_absent: {
    text: 'the pod does not carry the label media-stack/cloud-mounts',
    hint: 'put media-stack/cloud-mounts: "true" on the pod template (not only on the Deployment)',
  },
  label_false: {
    text: 'the label media-stack/cloud-mounts is "false"',
    hint: 'set it to "true" to have the mounts',
  },
  already_complete: { text: 'everything is in place already', hint: 'nothing to do' },
  not_a_create: {
    text: 'only the creation of a pod is changed; this is another operation',
    hint: 'delete the pod or restart the rollout to have it injected',
  },
  subresource: { text: 'this is a subresource of a pod, not the pod', hint: 'nothing to do' },
  not_a_pod: {
    text: 'only pods are changed; this is an object of another kind',
    hint: 'point the rule of the mutating webhook at pods only; the pods of this object are injected when they are created',
  },
  mirror_pod: {
    text: 'a mirror pod shows a static pod of the kubelet and cannot be changed',
    hint: 'put the sidecars into the static pod file: media-stack inject -f FILE',
  },
  windows_pod: { text: 'the pod runs on Windows, which has no FUSE mounts', hint: 'take the label off' },
  no_app_container: {
    text: 'no container in the pod could use the mounts: there are only mount sidecars and known helpers',
    hint: 'name the container: media-stack/containers: "NAME"',
  },
  no_remotes_selected: {
    text: 'no remote is selected',
    hint: 'name remotes of the settings in media-stack/remotes, or take the annotation away',
  },
};
