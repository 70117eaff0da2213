import { isNativeSidecar } from '../../pod/containers.ts';
import type { JsonObject } from '../../pod/json.ts';
import { valueAt } from '../../pod/value-at.ts';
import type { Check } from '../check.ts';
import { fail, notMade, warn } from '../finding.ts';
import { textAt } from '../../pod/text-at.ts';

export const kubelet: Check = {
  id: 'kubelet',
  group: 'cluster',
  title: 'the kubelets know native sidecars',
  run: (facts) => {
    const { subject, nodes } = facts;
    const native =
      subject.survey.sidecars.some(isNativeSidecar) ||
      (subject.survey.sidecars.length === 0 && subject.intent.mode === 'native');
    if (!native || subject.expected === null) return null;
    if (nodes.state !== 'known') return notMade(nodes, 'the version of the kubelets');
    const old = nodes.value.filter((node) => minorOf(node) < FIRST_MINOR);
    const versions = [...new Set(nodes.value.map(versionOf))].join(', ');
    if (old.length === 0) return { looked: versions, findings: [] };
    const names = old.map((node) => `${nameOf(node)} (${versionOf(node)})`).join(', ');
    const here = old.some((node) => nameOf(node) === valueAt(subject.object, ['spec', 'nodeName']));
    const draft = {
      code: 'kubelet_too_old',
      found: `older than 1.29: ${names}`,
      cause:
        'init containers with restartPolicy Always are on by default from 1.29 (KEP-753): an older kubelet waits for them for ever, or refuses the pod',
      mend: [
        'upgrade these nodes, or use plain containers on the pod template (sidecar.mode in the settings for all):',
      ],
      yaml: 'metadata:\n  annotations:\n    media-stack/sidecar-mode: container\n',
      symptom: 'some_nodes_only' as const,
    };
    return { looked: versions, findings: [here ? fail(draft) : warn(draft)] };
  },
};

const FIRST_MINOR = 29;

function versionOf(node: JsonObject): string {
  return textAt(node, ['status', 'nodeInfo', 'kubeletVersion']) || 'unknown';
}

/** Of Kubernetes 1; a version that cannot be read is believed to be new. */
function minorOf(node: JsonObject): number {
  const minor = /^v?1\.(\d+)/.exec(versionOf(node))?.[1];
  return minor === undefined ? Infinity : Number(minor);
}

function nameOf(node: JsonObject): string {
  return textAt(node, ['metadata', 'name']);
}
