// troubleshoot-mounts on a real node: each fault is made for real, and named. Known issues 1 to 5, what keeps a mount
// from being read, and what is left to say with few rights.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { renderHandWrittenPod } from './hand-written-pod.ts';
import type { HandWrittenPodOptions } from './hand-written-pod.ts';
import { killProcesses, processesOf, statusOf } from './node-processes.ts';
import { useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { createReader } from './restricted-reader.ts';
import { idsOf, troubleshoot } from './troubleshoot.ts';
import type { Diagnosed } from './troubleshoot.ts';
import { waitUntil } from './wait-until.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('troubleshoot-mounts names', { timeout: 240_000 }, () => {
  const scene = useNodeScene(provider);

  afterEach(() => rmSync(join(scene().library, 'stream'), { recursive: true, force: true }));

  it('nothing where all is well, and what it may not look at with few rights or without exec', async () => {
    await scene().deploy();
    const word = ['deployment/sonarr', 'media'];
    const reader = await createReader(scene(), 'reader', [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    ]);
    const [all, withoutExec, few] = await Promise.all([
      troubleshoot(scene(), word),
      troubleshoot(scene(), [...word, '--no-exec']),
      troubleshoot(scene(), [(await scene().pod())['metadata']['name'] as string, 'media'], reader),
    ]);
    expect([all.code, all.issues, idsOf(all, 'warn'), idsOf(all, 'unknown')]).toEqual([0, [], [], []]);
    expect([withoutExec.code, withoutExec.issues]).toEqual([0, []]);
    expect(idsOf(withoutExec, 'unknown')).toEqual(['dev-fuse', 'mount-table', 'mounts', 'stream-links']);
    expect([few.code, few.issues]).toEqual([0, []]);
    const rights = few.checks.flatMap(({ id, findings }) =>
      findings
        .filter(({ code }) => code === 'not_allowed')
        .map(({ found }) => `${id}: ${/can-i (.*) says/.exec(found)?.[1]}`),
    );
    expect(rights).toEqual([
      'dev-fuse: get pods --subresource=exec -n media',
      'mount-table: get pods --subresource=exec -n media',
      'mounts: get pods --subresource=exec -n media',
      'stream-links: get pods --subresource=exec -n media',
      'log-lines: get pods --subresource=log -n media',
      'secrets: get secrets -n media',
      'claim: get persistentvolumeclaims -n media',
      'limit-range: list limitranges -n media',
      'node: list nodes',
      'pod-security: get namespaces',
      'kubelet: list nodes',
      'webhook: list mutatingwebhookconfigurations',
      'certificates: list mutatingwebhookconfigurations',
      'admission: create pods -n media',
    ]);
  });

  it('known issue 1: the app mounts the volume without propagation', async () => {
    // The mount comes after the app: one that is there before is seen without propagation too, until rclone restarts.
    await create({ name: 'late', command: 'sleep 4; exec MOUNT' });
    await waitUntil('the mount', () => scene().fuseMounts().length > 0, { timeoutMs: 30_000 });
    const said = await troubleshoot(scene(), ['late', 'media']);
    expect([said.code, said.issues]).toEqual([1, ['1 mount not visible in the app: propagation_missing']]);
    expect(idsOf(said, 'fail')).toEqual(['propagation', 'mount-table', 'mounts']);
    expect(said.findings['propagation_missing']?.yaml).toBe(
      'containers:\n  - name: app\n    volumeMounts:\n      - name: media\n        mountPath: /mnt/media\n        mountPropagation: HostToContainer\n',
    );
  });

  it('known issue 2: a sidecar that is not privileged, and one whose device is gone', async () => {
    await create({
      name: 'unprivileged',
      propagation: 'HostToContainer',
      sidecarPropagation: 'None',
      sidecar: { securityContext: {} },
    });
    await create({ name: 'hidden', propagation: 'HostToContainer', command: 'rm /dev/fuse; exec MOUNT' });
    await Promise.all(['unprivileged', 'hidden'].map(untilEnded));
    const [unprivileged, hidden] = await Promise.all([diagnose('unprivileged'), diagnose('hidden')]);
    expect([unprivileged.code, unprivileged.issues[0]]).toEqual([1, '2 sidecar crash loop: not_privileged']);
    expect(unprivileged.findings['not_privileged']?.yaml).toBe(
      'containers:\n  - name: rclone-zurg\n    securityContext:\n      privileged: true\n      runAsUser: 0\n      runAsNonRoot: false\n',
    );
    expect(unprivileged.findings['fuse_missing']?.found).toContain(
      "fusermount3: fuse device not found, try 'modprobe fuse' first",
    );
    expect([hidden.code, hidden.issues]).toEqual([1, ['2 sidecar crash loop: fuse_missing']]);
  });

  it('known issue 3: a required affinity that no node meets', async () => {
    const values = ['wow-ocp-node2'];
    const terms = [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values }] }];
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } };
    await create({ name: 'pinned', propagation: 'HostToContainer', spec: { affinity: { nodeAffinity } } });
    await waitUntil(
      'the scheduler',
      async () => JSON.stringify(await pod('pinned')).includes('Unschedulable'),
      {
        timeoutMs: 30_000,
      },
    );
    const said = await diagnose('pinned');
    expect([said.code, said.issues]).toEqual([1, ['3 works on some nodes only: node_pinned']]);
    expect(said.findings['affinity_unmet']?.found).toContain(
      "1 node(s) didn't match Pod's node affinity/selector",
    );
  });

  it('known issue 4: links whose file is gone, and links whose mount is missing', async () => {
    const stream = join(scene().library, 'stream');
    mkdirSync(stream);
    symlinkSync('../zurg/__all__/film.txt', join(stream, 'there.mkv'));
    symlinkSync('/mnt/media/zurg/__all__/gone.mkv', join(stream, 'gone.mkv'));
    await scene().deploy();
    const gone = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
    expect([gone.code, gone.issues]).toEqual([1, ['4 broken symlinks in stream/: link_target_gone']]);
    expect(gone.findings['link_target_gone']).toMatchObject({
      found: '1 of 2 links lead nowhere, e.g. /mnt/media/stream/gone.mkv -> /mnt/media/zurg/__all__/gone.mkv',
      cause: '/mnt/media/zurg is mounted, and the files are not in it: removed from the remote, or renamed',
    });
    await scene().zurg.stop();
    const down = await troubleshoot(scene(), ['deployment/sonarr', 'media']).finally(() =>
      scene().zurg.start(),
    );
    expect([down.code, down.issues]).toEqual([
      1,
      [
        '- the mount is there and cannot be read: server_refuses',
        '4 broken symlinks in stream/: link_target_unmounted',
      ],
    ]);
    expect(down.findings['link_target_unmounted']?.found).toContain('2 of 2 links lead nowhere');
  });

  it('known issue 5: cache mode full and intervals of a second, under an app that asks all the time', async () => {
    await scene().deploy({
      annotations: {
        'media-stack/vfs-cache-mode': 'full',
        'media-stack/cache-size': '64Mi',
        'media-stack/dir-cache-time': '1s',
        'media-stack/attr-timeout': '1s',
        'media-stack/poll-interval': '1s',
        // Its share of a machine that others are busy on.
        'media-stack/cpu-request': '400m',
      },
      // A name that is not there is asked for each time, by a shell without a process of its own for it.
      container: {
        command: [
          '/bin/sh',
          '-c',
          `trap 'kill 0; exit' TERM; ${'while :; do [ -e $ABSENT ]; done & '.repeat(4)} wait`,
        ],
        env: [{ name: 'ABSENT', value: '/mnt/media/zurg/__all__/absent' }],
        resources: { requests: { cpu: '200m' } },
      },
    });
    const said = await waitUntil(
      'the CPU to be burnt',
      async () => {
        const told = await troubleshoot(scene(), ['deployment/sonarr', 'media']);
        return told.code !== 0 && told;
      },
      { timeoutMs: 120_000 },
    );
    expect([said.code, said.issues]).toEqual([1, ['5 high CPU: high_cpu']]);
    expect(said.findings['high_cpu']?.cause).toBe(
      '--vfs-cache-mode full: every read is written to a disk cache first; --dir-cache-time 1s: an aggressive interval; --poll-interval 1s: an aggressive interval',
    );
    const unmeasured = await troubleshoot(scene(), [
      'deployment/sonarr',
      'media',
      '--no-exec',
      '--only',
      'cpu',
    ]);
    expect(unmeasured.findings['greedy_arguments']?.found).toContain(
      'its CPU was not measured: judged by the arguments alone',
    );
  });

  it('a dead mount that a killed rclone has left', async () => {
    await create({ name: 'dead', propagation: 'HostToContainer', command: 'MOUNT & wait; sleep 600' });
    await waitUntil('the mount', () => scene().fuseMounts().length > 0, { timeoutMs: 30_000 });
    killProcesses(
      processesOf(scene().folder, await pod('dead'), 'rclone-zurg').filter(({ name }) => name === 'rclone'),
    );
    const said = await diagnose('dead');
    expect([said.code, said.issues]).toEqual([1, ['- the mount is there and cannot be read: dead_mount']]);
    expect(said.findings['dead_mount']?.mend[0]).toBe(
      'kubectl exec dead -n media -c rclone-zurg -- fusermount3 -uz /mnt/media/zurg',
    );
  });

  async function create(options: Omit<HandWrittenPodOptions, 'namespace'>): Promise<void> {
    await scene().kubectl.create(renderHandWrittenPod({ namespace: 'media', ...options }));
  }

  function pod(name: string): ReturnType<ReturnType<typeof scene>['kubectl']['json']> {
    return scene().kubectl.json(['get', 'pod', name, '-n', 'media']);
  }

  function diagnose(name: string): Promise<Diagnosed> {
    return troubleshoot(scene(), [name, 'media']);
  }

  async function untilEnded(name: string): Promise<void> {
    const look = async (): Promise<boolean> => {
      const { state, lastState } = statusOf(await pod(name), 'rclone-zurg');
      return (state['terminated'] ?? lastState['terminated']) !== undefined;
    };
    await waitUntil(`the sidecar of ${name} to end`, look, { timeoutMs: 30_000 });
  }
});
