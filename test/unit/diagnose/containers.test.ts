import { describe, expect, it } from 'vitest';
import { known } from '../../../src/diagnose/known.ts';
import { codesOf, handWritten, injected, LABELLED, runCheck } from './some-facts.ts';

describe('propagation', () => {
  it('names each container and what it has', () => {
    expect(runCheck('propagation')).toEqual({
      id: 'propagation',
      group: 'what the containers may do',
      title: 'mounts propagate from the sidecars to the app',
      status: 'ok',
      looked: 'sonarr HostToContainer, rclone-zurg Bidirectional, rclone-torbox Bidirectional',
      findings: [],
    });
  });

  it('is known issue 1 where the app has none, with the YAML for it', () => {
    expect(
      runCheck('propagation', { object: handWritten({ app: { mountPropagation: 'None' } }) })?.findings,
    ).toEqual([
      {
        code: 'propagation_missing',
        level: 'fail',
        found:
          'sonarr: container sonarr mounts /mnt/media with mountPropagation "None": it never sees the mounts of the sidecars (MS201, spec.containers[1].volumeMounts[0].mountPropagation)',
        cause:
          'the app does not receive mounts that are made after it has started: mountPropagation is None unless it is written',
        mend: [
          'Write mountPropagation: HostToContainer there, or take the field away and let the webhook add it.',
          'kubectl edit deployment/sonarr -n media',
        ],
        yaml: 'containers:\n  - name: sonarr\n    volumeMounts:\n      - name: media\n        mountPath: /mnt/media\n        mountPropagation: HostToContainer\n',
        symptom: 'mount_not_visible',
        role: 'cause',
      },
    ]);
  });

  it('names a sidecar that keeps its mount to itself, a sub-path and a mount on the root of the volume', () => {
    const codes = (object: ReturnType<typeof handWritten>): string[] =>
      codesOf(runCheck('propagation', { object }));
    expect(codes(handWritten({ sidecarMount: { mountPropagation: 'None' } }))).toEqual([
      'fail sidecar_propagation_missing',
    ]);
    expect(codes(handWritten({ app: { subPath: 'media' } }))).toContain('fail sub_path');
    expect(
      codes(
        handWritten({
          sidecar: { args: ['mount', 'zurg:', '/mnt/media', '--config=/config/rclone/rclone.conf'] },
        }),
      ),
    ).toContain('fail mount_on_volume_root');
  });

  it('counts a waived rule too', () => {
    const object = handWritten({ app: { mountPropagation: 'None' } });
    const metadata = { ...(object['metadata'] as object), annotations: { 'media-stack/ignore': 'MS201' } };
    expect(codesOf(runCheck('propagation', { object: { ...object, metadata } }))).toEqual([
      'fail propagation_missing',
    ]);
  });

  it('has nothing to say about a pod without media', () => {
    const object = {
      metadata: { name: 'nginx', namespace: 'media' },
      spec: { containers: [{ name: 'nginx' }] },
    };
    expect(runCheck('propagation', { object })).toBeUndefined();
  });
});

describe('privileged', () => {
  it('is known issue 2 where a sidecar is not', () => {
    const result = runCheck('privileged', { object: handWritten({ sidecar: { securityContext: {} } }) });
    expect([result?.status, result?.looked]).toEqual(['fail', 'rclone-zurg no']);
    expect(result?.findings).toEqual([
      {
        code: 'not_privileged',
        level: 'fail',
        found: 'rclone-zurg is not privileged (MS301, spec.containers[0].securityContext.privileged)',
        cause:
          'a container that is not privileged may not open /dev/fuse, and the API server allows it no Bidirectional mount',
        mend: ['kubectl edit deployment/sonarr -n media'],
        yaml: 'containers:\n  - name: rclone-zurg\n    securityContext:\n      privileged: true\n      runAsUser: 0\n      runAsNonRoot: false\n',
        symptom: 'sidecar_crash_loop',
        role: 'cause',
      },
    ]);
  });

  it('is fine for injected sidecars', () => {
    expect(runCheck('privileged')).toMatchObject({
      status: 'ok',
      looked: 'rclone-zurg yes, rclone-torbox yes',
    });
  });
});

describe('dev-fuse', () => {
  const reading = (deviceError: string | null) => known({ deviceError, cpuCores: null, seconds: 0 });

  it('says which sidecars can open it', () => {
    const sidecars = { 'rclone-zurg': reading(null), 'rclone-torbox': reading(null) };
    expect(runCheck('dev-fuse', { sidecars })).toMatchObject({
      status: 'ok',
      looked: 'rclone-zurg, rclone-torbox',
    });
  });

  it.each([
    [
      'No such file or directory',
      true,
      'fuse_missing',
      'the container is privileged and the device is not there: the node has not loaded the module fuse, or a volume hides /dev',
    ],
    [
      'Operation not permitted',
      true,
      'fuse_refused',
      'the container is privileged and yet refused: a security profile (SELinux, AppArmor) or a volume over /dev/fuse',
    ],
    [
      'Operation not permitted',
      false,
      'fuse_refused',
      'the container is not privileged: its device control group refuses the device',
    ],
  ])('%s, privileged: %s', (error, privileged, code, cause) => {
    const object = handWritten({ sidecar: { securityContext: { privileged } } });
    const result = runCheck('dev-fuse', { object, sidecars: { 'rclone-zurg': reading(error) } });
    expect(result?.findings).toMatchObject([
      { code, cause, found: `rclone-zurg cannot open /dev/fuse: ${error}`, symptom: 'sidecar_crash_loop' },
    ]);
  });

  it('is not made where no sidecar runs, and says which right is missing', () => {
    const not_asked = { state: 'not_asked', why: 'rclone-zurg is not running: CrashLoopBackOff' } as const;
    expect(
      runCheck('dev-fuse', { object: handWritten({}), sidecars: { 'rclone-zurg': not_asked } }),
    ).toMatchObject({
      status: 'unknown',
      findings: [{ code: 'not_made', found: 'rclone-zurg: rclone-zurg is not running: CrashLoopBackOff' }],
    });
    const not_allowed = { state: 'not_allowed', right: 'get pods --subresource=exec -n media' } as const;
    expect(
      runCheck('dev-fuse', { object: handWritten({}), sidecars: { 'rclone-zurg': not_allowed } })?.findings,
    ).toEqual([
      {
        code: 'not_allowed',
        level: 'unknown',
        found: '/dev/fuse cannot be read: kubectl auth can-i get pods --subresource=exec -n media says no',
        cause: 'the account of this kubeconfig lacks that right',
        mend: [
          'ask for it, or let somebody who has it run this command: kubectl auth can-i get pods --subresource=exec -n media',
        ],
        yaml: null,
        symptom: null,
        role: 'cause',
      },
    ]);
  });
});

describe('label', () => {
  const withLabel = (value: string | null): object => ({
    ...LABELLED,
    metadata: {
      name: 'sonarr-1',
      namespace: 'media',
      labels: value === null ? {} : { 'media-stack/cloud-mounts': value },
    },
  });

  it.each([
    ['false', ['warn opted_out']],
    ['yes', ['fail label_malformed']],
    [null, ['fail label_absent']],
  ])('%j', (value, codes) => {
    expect(codesOf(runCheck('label', { object: withLabel(value) as typeof LABELLED }))).toEqual(codes);
  });

  it('names a label that is on the workload alone, with the patch', () => {
    const workload = known({ metadata: { labels: { 'media-stack/cloud-mounts': 'true' } } });
    expect(runCheck('label', { object: withLabel(null) as typeof LABELLED, workload })?.findings).toEqual([
      {
        code: 'label_on_workload_only',
        level: 'fail',
        found: 'deployment/sonarr carries the label, its pod template does not (MS501)',
        cause: 'pods get the labels of the template: the webhook never sees this one',
        mend: [
          `kubectl patch deployment/sonarr -n media -p '{"spec":{"template":{"metadata":{"labels":{"media-stack/cloud-mounts":"true"}}}}}'`,
        ],
        yaml: 'spec:\n  template:\n    metadata:\n      labels:\n        media-stack/cloud-mounts: "true"\n',
        symptom: 'label_without_effect',
        role: 'cause',
      },
    ]);
  });

  it('asks for none where the sidecars are written by hand', () => {
    expect(runCheck('label', { object: handWritten({}) })).toMatchObject({ status: 'ok' });
    expect(runCheck('label', { object: injected() })).toMatchObject({ status: 'ok' });
  });
});

describe('pod-state', () => {
  it('names a pod that is deleted and does not go away', () => {
    const status = {
      phase: 'Failed',
      containerStatuses: [{ name: 'sonarr', state: { terminated: { exitCode: 137 } } }],
    };
    const object = handWritten({ status });
    const metadata = { ...(object['metadata'] as object), deletionTimestamp: '2027-01-15T07:59:00Z' };
    expect(runCheck('pod-state', { object: { ...object, metadata } })?.findings).toMatchObject([
      {
        code: 'stuck_terminating',
        mend: [
          'on node node1: grep /var/lib/kubelet/pods/u1 /proc/mounts, then umount -l each fuse.rclone mount of it',
          'injected sidecars clear dead mounts when the pod ends: media-stack migrate replaces hand-written ones',
        ],
      },
    ]);
  });

  it('names the reason of a container that waits, and the cause', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "sonarr:4"' };
    const status = { phase: 'Pending', containerStatuses: [{ name: 'sonarr', state: { waiting } }] };
    expect(runCheck('pod-state', { object: handWritten({ status }) })?.findings).toMatchObject([
      {
        code: 'container_waits',
        found: 'sonarr: ImagePullBackOff: Back-off pulling image "sonarr:4"',
        cause: 'the image cannot be pulled: name, tag, or the credentials of the registry',
      },
    ]);
  });

  it('says for a workload without pods why none comes', () => {
    const events = known([
      {
        reason: 'FailedCreate',
        object: 'sonarr-1',
        message: 'Error creating: pods "sonarr-1" is forbidden: exceeded quota: q',
      },
    ]);
    const subject = { origin: 'template', name: 'deployment/sonarr' } as const;
    const admission = { state: 'not_allowed', right: 'create pods -n media' } as const;
    expect(runCheck('pod-state', { object: LABELLED, subject, events, admission })?.findings).toMatchObject([
      {
        code: 'no_pods',
        found: 'deployment/sonarr has no pods',
        cause: 'pods "sonarr-1" is forbidden: exceeded quota: q',
        role: 'effect',
      },
    ]);
  });
});

describe('sidecars', () => {
  const ended = (message: string, reason = 'Error') => ({
    phase: 'Running',
    containerStatuses: [
      {
        name: 'rclone-zurg',
        restartCount: 4,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason, message } },
      },
      { name: 'sonarr', restartCount: 0, state: { running: {} }, lastState: {} },
    ],
  });

  it('takes the termination message of mount.sh as evidence', () => {
    const message =
      'another pod or container already has a live mount at /mnt/media/zurg through a volume shared on this node.\nMend: media-stack/mounts: "private"\n';
    const result = runCheck('sidecars', { object: handWritten({ status: ended(message) }) });
    expect(result?.findings).toMatchObject([
      { code: 'sidecar_not_running', role: 'effect' },
      {
        code: 'mount_shared',
        found:
          'rclone-zurg ended with: another pod or container already has a live mount at /mnt/media/zurg through a volume shared on this node.',
        yaml: 'metadata:\n  annotations:\n    media-stack/mounts: "private"\n',
      },
    ]);
  });

  it('names a container that was killed for its memory', () => {
    const result = runCheck('sidecars', { object: handWritten({ status: ended('', 'OOMKilled') }) });
    expect(result?.findings[1]).toMatchObject({
      code: 'killed_for_memory',
      found: 'rclone-zurg was killed for its memory limit (OOMKilled), 4 restarts',
    });
  });

  it('names a label that has brought nothing', () => {
    expect(runCheck('sidecars', { object: LABELLED })?.findings).toMatchObject([
      {
        code: 'not_injected',
        found: 'the pod carries the label, but no container mounts zurg and torbox',
        role: 'effect',
      },
    ]);
  });
});
