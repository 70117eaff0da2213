// Commands and YAML about the subject, as the findings show them.
import type { ContainerRef } from '../pod/containers.ts';
import { listContainers } from '../pod/containers.ts';
import type { Subject } from './subject.ts';

/** `sonarr-7d9f -n media`. */
export function podWords({ name, namespace }: Subject): string {
  return `${name} -n ${namespace}`;
}

/** How to make the pod anew. */
export function restartCommand({ workload, name, namespace }: Subject): string {
  return workload !== null && /^(deployment|statefulset|daemonset)\//.test(workload)
    ? `kubectl rollout restart ${workload} -n ${namespace}`
    : `kubectl delete pod ${name} -n ${namespace}`;
}

/** What to edit: the workload, or the manifest of a pod that nobody controls. */
export function editCommand({ workload, namespace, name }: Subject): string {
  return workload === null
    ? `change the manifest of pod ${name} and create it again`
    : `kubectl edit ${workload} -n ${namespace}`;
}

/** A piece of a pod template: the lines of one container under its list and name. */
export function renderContainerYaml(ref: ContainerRef, lines: readonly string[]): string {
  return [`${ref.list}:`, `  - name: ${ref.container.name}`, ...lines.map((line) => `    ${line}`), ''].join(
    '\n',
  );
}

/** The container of this name. */
export function findContainer({ pod }: Subject, name: string): ContainerRef | null {
  return listContainers(pod).find(({ container }) => container.name === name) ?? null;
}
