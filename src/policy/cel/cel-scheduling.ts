// MS101, MS102 and MS103: pins to a node.
import { ms101 } from '../ms101-node-selector.ts';
import { ms102 } from '../ms102-required-affinity.ts';
import { ms103 } from '../ms103-node-name.ts';
import { celList, celString } from './cel-rule.ts';
import type { CelRule } from './cel-rule.ts';

const ANYWHERE = ['pod', 'template'] as const;

export const celMs101: CelRule = {
  rule: ms101,
  origins: ANYWHERE,
  validations: ({ spec, settings }) =>
    settings.policy.nodeSelectorKeys.map((key) => ({
      expression: `!has(${spec}.nodeSelector) || !(${celString(key)} in ${spec}.nodeSelector)`,
      message: `${celString(`nodeSelector ${key} pins the pod to `)} + ${spec}.nodeSelector[${celString(key)}] + ". Remove it, or prefer nodes without requiring them."`,
    })),
};

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

export const celMs102: CelRule = {
  rule: ms102,
  origins: ANYWHERE,
  validations: ({ spec, settings, origin }) => {
    const affinity = `${spec}.affinity`;
    const required = `${affinity}.nodeAffinity.${REQUIRED}`;
    const isThere = `has(${affinity}) && has(${affinity}.nodeAffinity) && has(${required})`;
    const pins = (field: string, keys: readonly string[]) =>
      `(has(t.${field}) && t.${field}.exists(e, e.operator == "In" && e.key in ${celList(keys)}))`;
    const byKey = pins('matchExpressions', settings.policy.nodeSelectorKeys);
    const byName = pins('matchFields', ['metadata.name']);
    // The DaemonSet controller binds its pods by matchFields (pkg/controller/daemon/util).
    const ofDaemonSet =
      'has(object.metadata.ownerReferences) && object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller && o.kind == "DaemonSet")';
    const bound = origin === 'pod' ? `(!(${ofDaemonSet}) && ${byName})` : byName;
    return [
      {
        expression: `!(${isThere}) || !${required}.nodeSelectorTerms.exists(t, ${byKey} || ${bound})`,
        message: celString(
          'required node affinity pins the pod to nodes. Make it preferredDuringSchedulingIgnoredDuringExecution (weight 100), or remove it.',
        ),
      },
    ];
  },
};

export const celMs103: CelRule = {
  rule: ms103,
  // A pod that the scheduler has seen has one.
  origins: ['template'],
  validations: ({ spec }) => [
    {
      expression: `!has(${spec}.nodeName) || ${spec}.nodeName == ""`,
      message: `"nodeName pins every pod to " + ${spec}.nodeName + ". Remove it and let the scheduler choose."`,
    },
  ],
};
