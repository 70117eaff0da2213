import { MOUNTS_LABEL, readMountsLabel } from '../../intent/labels.ts';
import { isJsonObject } from '../../pod/json.ts';
import { quote } from '../../problem/quote.ts';
import type { Check } from '../check.ts';
import type { Facts } from '../facts.ts';
import { fail, warn } from '../finding.ts';
import type { Finding } from '../finding.ts';
import { valueOf } from '../known.ts';

const TEMPLATE_YAML = `spec:\n  template:\n    metadata:\n      labels:\n        ${MOUNTS_LABEL}: "true"\n`;

export const label: Check = {
  id: 'label',
  group: 'pod',
  title: 'the pod asks for mounts',
  run: (facts) => {
    const { pod } = facts.subject;
    const value = pod.metadata?.labels?.[MOUNTS_LABEL];
    return {
      looked: `${MOUNTS_LABEL} ${value === undefined ? 'absent' : quote(value)}`,
      findings: judge(facts),
    };
  },
};

function judge({ subject, workload }: Facts): Finding[] {
  const { pod, expected, survey, namespace } = subject;
  switch (readMountsLabel(pod)) {
    case 'true':
      return [];
    case 'false':
      return [
        warn({
          code: 'opted_out',
          found: `the label ${MOUNTS_LABEL} is "false"`,
          cause: 'the pod has opted out: it gets no mounts',
          mend: ['if it shall have them, set the label on the pod template to "true"'],
          yaml: TEMPLATE_YAML,
          symptom: 'label_without_effect',
        }),
      ];
    case 'malformed':
      return [
        fail({
          code: 'label_malformed',
          found: `the label ${MOUNTS_LABEL} is ${quote(pod.metadata?.labels?.[MOUNTS_LABEL])}`,
          cause: 'only "true" and "false" are values of it',
          mend: ['set it on the pod template'],
          yaml: TEMPLATE_YAML,
          symptom: 'label_without_effect',
        }),
      ];
    case 'absent':
  }
  const owner = workload === null ? null : valueOf(workload);
  const labels = isJsonObject(owner?.['metadata']) ? owner['metadata']['labels'] : undefined;
  if (isJsonObject(labels) && labels[MOUNTS_LABEL] === 'true') {
    return [
      fail({
        code: 'label_on_workload_only',
        found: `${subject.workload ?? 'the workload'} carries the label, its pod template does not (MS501)`,
        cause: 'pods get the labels of the template: the webhook never sees this one',
        mend: [
          `kubectl patch ${subject.workload ?? ''} -n ${namespace} -p '{"spec":{"template":{"metadata":{"labels":{"${MOUNTS_LABEL}":"true"}}}}}'`,
        ],
        yaml: TEMPLATE_YAML,
        symptom: 'label_without_effect',
      }),
    ];
  }
  // Hand-written sidecars do without.
  if (survey.sidecars.length > 0) return [];
  return [
    fail({
      code: expected === null ? 'nothing_to_do_with_media' : 'label_absent',
      found:
        expected === null
          ? 'no label, no mount sidecar, and nothing mounts the media volume'
          : 'the pod uses the media volume, and has neither the label nor mount sidecars',
      cause: 'nothing asks for mounts: the webhook passes this pod over',
      mend: [
        subject.workload === null
          ? `put the label ${MOUNTS_LABEL}: "true" on it`
          : `media-stack add-sidecars ${subject.workload} ${namespace}`,
      ],
      yaml: TEMPLATE_YAML,
      symptom: expected === null ? null : 'mount_not_visible',
    }),
  ];
}
