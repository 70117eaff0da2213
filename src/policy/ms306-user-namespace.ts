import type { Finding, PodView, Rule } from './rule.ts';
import { SANDBOXES } from './sandboxes.ts';

export const ms306 = {
  id: 'MS306',
  title: 'user namespace or sandboxed runtime',
  level: 'deny',
  why: 'In a user namespace shared mounts become slaves, so Bidirectional cannot work (mount_namespaces(7)); a VM or gVisor has its own kernel between sidecar and app.',
  check: (view) => [...userNamespace(view), ...sandbox(view)],
} satisfies Rule;

function userNamespace({ pod }: PodView): Finding[] {
  if (pod.spec.hostUsers !== false) return [];
  return [
    {
      path: ['spec', 'hostUsers'],
      message: 'hostUsers is false: in a user namespace the mounts of a sidecar cannot reach the app',
      hint: 'Take hostUsers away or set it to true.',
    },
  ];
}

function sandbox({ pod }: PodView): Finding[] {
  const name = pod.spec.runtimeClassName ?? '';
  if (!new RegExp(SANDBOXES, 'i').test(name)) return [];
  return [
    {
      path: ['spec', 'runtimeClassName'],
      message: `runtimeClassName ${JSON.stringify(name)} looks like a VM or gVisor, where mounts may not pass between containers`,
      hint: 'Use the default runtime for this pod, or test that the app sees its files.',
      level: 'warn',
    },
  ];
}
