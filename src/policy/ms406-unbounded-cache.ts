import { fieldOfFlags, optionValue, readRcloneFlags } from '../intent/rclone-flags.ts';
import { containerPath } from '../pod/containers.ts';
import type { Rule } from './rule.ts';

/** Either keeps the disk from filling: what the cache may take, or what it has to leave. */
const BOUNDS = ['--vfs-cache-max-size', '--vfs-cache-min-free-space'];

export const ms406: Rule = {
  id: 'MS406',
  title: 'cache mode full without a bound',
  level: 'warn',
  why: 'With cache mode full rclone keeps what was read on the disk of the node until --vfs-cache-max-age is over: one scan of a library fills it, and the kubelet evicts pods (rclone.org, VFS File Caching).',
  check: ({ survey }) =>
    survey.sidecars
      .filter(({ container }) => {
        const flags = readRcloneFlags(container);
        if (flags === null || optionValue(flags, '--vfs-cache-mode') !== 'full') return false;
        return BOUNDS.every((bound) => (optionValue(flags, bound) ?? 'off') === 'off');
      })
      .map((ref) => ({
        path: containerPath(ref, fieldOfFlags(ref.container)),
        message: `mount sidecar ${ref.container.name} has --vfs-cache-mode full and no --vfs-cache-max-size`,
        hint: 'Add --vfs-cache-max-size and put --cache-dir on an emptyDir with a sizeLimit a little above, or use --vfs-cache-mode writes.',
      })),
};
