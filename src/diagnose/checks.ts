// Every check, in the order in which they are made and shown: from the pod outwards.
import type { Check, CheckGroup } from './check.ts';
import { admission } from './checks/admission.ts';
import { certificates } from './checks/certificates.ts';
import { claim } from './checks/claim.ts';
import { cpu } from './checks/cpu.ts';
import { devFuse } from './checks/dev-fuse.ts';
import { kubelet } from './checks/kubelet.ts';
import { label } from './checks/label.ts';
import { limitRange } from './checks/limit-range.ts';
import { logLines } from './checks/log-lines.ts';
import { mountTable } from './checks/mount-table.ts';
import { mounts } from './checks/mounts.ts';
import { node } from './checks/node.ts';
import { podSecurity } from './checks/pod-security.ts';
import { podState } from './checks/pod-state.ts';
import { privileged } from './checks/privileged.ts';
import { propagation } from './checks/propagation.ts';
import { scc } from './checks/scc.ts';
import { secrets } from './checks/secrets.ts';
import { sharedMounts } from './checks/shared-mounts.ts';
import { sidecars } from './checks/sidecars.ts';
import { streamLinks } from './checks/stream-links.ts';
import { webhook } from './checks/webhook.ts';

// prettier-ignore
export const CHECKS: readonly Check[] = [
  label, podState, sidecars,
  propagation, privileged, devFuse,
  mountTable, mounts, sharedMounts, streamLinks,
  logLines, secrets, cpu,
  claim, limitRange, node, podSecurity, scc, kubelet,
  webhook, certificates, admission,
];

/** Headings, as `linkerd check` has them. */
export const GROUP_TITLES: Readonly<Record<CheckGroup, string>> = {
  pod: 'pod and sidecars',
  containers: 'what the containers may do',
  mounts: 'mounts',
  rclone: 'rclone',
  cluster: 'namespace and nodes',
  webhook: 'webhook',
};
