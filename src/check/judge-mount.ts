// One mount judged by what was seen of it. The first thing that is wrong on the way from the server to the app is told.
import type { CheckLimits, CheckStatus, MountReason, MountResult } from './check-result.ts';
import type { ExpectedMount, ExpectedMounts } from './expected-mounts.ts';
import { isFuse, mountAt } from './mount-table.ts';
import type { MountEntry } from './mount-table.ts';
import type { BackendReading, MountReading } from './parse-reading.ts';

/** What is known when a mount is judged; null for what could not be had. */
export interface MountEvidence {
  /** For commands in mends; `workload` is `deployment/sonarr`, null for a pod of its own. */
  readonly pod: { readonly namespace: string; readonly name: string; readonly workload: string | null };
  /** Why the pod as a whole, or this mount's sidecar, does not run. */
  readonly podState: string | null;
  readonly sidecarState: string | null;
  /** That it was restarted, and why; null where it never was. */
  readonly restarts: string | null;
  readonly backend: BackendReading | null;
  /** The container that was looked into, with its mount table. */
  readonly seen: {
    readonly container: string;
    readonly table: readonly MountEntry[];
    readonly reading: MountReading;
  } | null;
  /** Why no container could be looked into. */
  readonly unseen: {
    readonly reason: 'no_tools' | 'not_allowed' | 'no_answer';
    readonly message: string;
  } | null;
}

interface Verdict {
  readonly status: CheckStatus;
  readonly reason: MountReason;
  readonly message: string;
  readonly mend: string;
}

/** The result for one mount. */
export function judgeMount(
  mount: ExpectedMount,
  pod: ExpectedMounts,
  evidence: MountEvidence,
  limits: CheckLimits,
): MountResult {
  const { seen, backend } = evidence;
  const listing = seen?.reading.listing ?? null;
  const counted = listing?.answer.outcome === 'ok';
  return {
    remote: mount.remote,
    path: mount.listed,
    ...judge(mount, pod, evidence, limits),
    container: seen?.container ?? null,
    sidecar: mount.sidecar?.container ?? null,
    mounted: seen === null ? null : isFuse(mountAt(seen.table, mount.mountedAt)),
    entries: counted ? Math.min(listing.entries, limits.maxCount) : null,
    moreEntries: counted && listing.entries > limits.maxCount,
    listingMs: counted ? listing.tookMs : null,
    backendMs: backend?.answer?.outcome === 'ok' ? backend.tookMs : null,
  };
}

function judge(
  mount: ExpectedMount,
  expected: ExpectedMounts,
  evidence: MountEvidence,
  limits: CheckLimits,
): Verdict {
  const { pod, podState, sidecarState, backend, seen, unseen } = evidence;
  const { remote, sidecar, mountedAt } = mount;
  const troubleshoot = `media-stack troubleshoot-mounts ${pod.name} ${pod.namespace}`;
  if (podState !== null)
    return fail('pod_not_running', podState, `kubectl describe pod ${pod.name} -n ${pod.namespace}`);
  if (sidecar === null) return missingSidecar(remote, expected, evidence);
  if (sidecarState !== null) return fail('sidecar_not_running', sidecarState, troubleshoot);
  const isMounted = backend === null ? null : isFuse(mountAt(backend.table, mountedAt));
  const isVisible = seen === null ? null : isFuse(mountAt(seen.table, mountedAt));
  if (isMounted !== true && isVisible === false && evidence.restarts !== null)
    return fail('sidecar_not_running', evidence.restarts, troubleshoot);
  if (isMounted === false)
    return fail(
      'not_mounted',
      `${sidecar.container} runs, but has nothing mounted at ${mountedAt}`,
      `look at its log: kubectl logs ${pod.name} -n ${pod.namespace} -c ${sidecar.container}`,
    );
  if (seen === null)
    return unseen === null || unseen.reason === 'no_answer'
      ? fail('no_answer', unseen?.message ?? 'the node did not answer in time', troubleshoot)
      : unseen.reason === 'not_allowed'
        ? warn(
            'not_allowed',
            unseen.message,
            'ask for the verbs get and create on pods/exec, or run it as somebody who may',
          )
        : warn(
            'no_tools',
            unseen.message,
            `look from the node, or add a container with a shell to the pod: kubectl debug`,
          );
  const { container, reading } = seen;
  if (isVisible === false) {
    if (expected.appsWithoutMedia.includes(container))
      return fail(
        'no_media_mount',
        `container ${container} mounts nothing at ${expected.mediaPath}`,
        `mount the media volume there with mountPropagation: HostToContainer, or let the webhook do it: label and restart the pod`,
      );
    const where = isMounted === true ? `mounted in ${sidecar.container}, but ` : '';
    return fail(
      'not_visible',
      `${where}not visible in ${container}: mount propagation`,
      `set mountPropagation: HostToContainer on the mount of ${expected.mediaPath} in ${container} and Bidirectional in ${sidecar.container}; see ${troubleshoot}`,
    );
  }
  return judgeAnswers(mount, reading, backend, limits, troubleshoot);
}

function judgeAnswers(
  { sidecar, listed, mountedAt }: ExpectedMount,
  { statfs, listing }: MountReading,
  backend: BackendReading | null,
  { minEntries, maxCount }: CheckLimits,
  troubleshoot: string,
): Verdict {
  const restart = `it is cleared when ${sidecar?.container ?? 'the sidecar'} is restarted; see ${troubleshoot}`;
  if (statfs?.outcome === 'error')
    return NOT_CONNECTED.test(statfs.message)
      ? fail('dead_mount', `${mountedAt} is dead (${statfs.message}): its rclone is gone`, restart)
      : fail('listing_failed', `${mountedAt} cannot be read: ${statfs.message}`, troubleshoot);
  if (statfs?.outcome === 'timeout')
    return fail('mount_hangs', `${mountedAt} is mounted, but does not answer`, restart);
  const source = sidecar?.source ?? 'the remote';
  if (backend?.answer?.outcome === 'timeout')
    return fail('backend_silent', `the server behind ${source} does not answer`, troubleshoot);
  if (backend?.answer?.outcome === 'error')
    return fail(
      'backend_error',
      `the server behind ${source} cannot be read: ${backend.answer.message}`,
      troubleshoot,
    );
  if (listing === null || listing.answer.outcome === 'timeout')
    return fail('listing_hangs', `the listing of ${listed} did not end in time`, troubleshoot);
  if (listing.answer.outcome === 'error')
    return fail('listing_failed', `${listed} cannot be listed: ${listing.answer.message}`, troubleshoot);
  const { entries } = listing;
  if (entries < minEntries && entries <= maxCount)
    return warn(
      'few_entries',
      entries === 0 ? 'empty' : `fewer than ${minEntries}`,
      'where that is right, lower the bound with --min-entries',
    );
  return { status: 'ok', reason: 'ok', message: '', mend: '' };
}

function missingSidecar(remote: string, { label }: ExpectedMounts, { pod }: MountEvidence): Verdict {
  return label === 'absent'
    ? fail(
        'no_sidecar',
        `no container mounts ${remote}, and the pod does not carry the label media-stack/cloud-mounts (with "false" it would say that it needs none)`,
        pod.workload === null
          ? 'make the pod again with the label media-stack/cloud-mounts: "true"'
          : `media-stack add-sidecars ${pod.workload} ${pod.namespace}`,
      )
    : fail(
        'no_sidecar',
        `no container mounts ${remote}, though the pod carries the label: it was created while the webhook did not see it`,
        `restart the pod; if it stays so: media-stack troubleshoot-mounts ${pod.name} ${pod.namespace}`,
      );
}

/** ENOTCONN in the words of glibc and of musl. */
const NOT_CONNECTED = /Transport endpoint is not connected|Socket not connected/;

function fail(reason: MountReason, message: string, mend: string): Verdict {
  return { status: 'fail', reason, message, mend };
}

function warn(reason: MountReason, message: string, mend: string): Verdict {
  return { status: 'warn', reason, message, mend };
}
