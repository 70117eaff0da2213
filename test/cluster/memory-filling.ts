// rclone is killed by its memory limit, as it is when its cache in memory grows: by the kernel, not by a signal of ours.
import type { Kubectl } from './kubectl.ts';

/** A limit that rclone runs in, and that is filled within a second or two. */
export const SMALL_MEMORY: Readonly<Record<string, string>> = {
  'media-stack/memory-request': '32Mi',
  'media-stack/memory-limit': '96Mi',
};

// A tmpfs counts against the limit of the container that fills it; the kernel then kills its biggest process.
const FILL_MEMORY = `
old=$(pidof rclone) n=0
mkdir -p /tmp/fill && mount -t tmpfs fill /tmp/fill
while [ -d /proc/$old ] && [ $n -lt 200 ]; do
  dd if=/dev/zero of=/tmp/fill/$n bs=1M count=1 2>/dev/null
  n=$((n + 1))
done
umount /tmp/fill
`;

export interface SidecarOfPod {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** Fills a sidecar's memory until its rclone is killed, and gives it back. */
export async function fillMemory(
  kubectl: Kubectl,
  { namespace, pod, container }: SidecarOfPod,
): Promise<void> {
  // Where the whole group is killed (cgroup v2) the shell ends with it, and so no exit code counts.
  await kubectl.run(['exec', '-n', namespace, pod, '-c', container, '--', '/bin/sh', '-c', FILL_MEMORY]);
}
