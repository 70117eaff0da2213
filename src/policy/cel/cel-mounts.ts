// MS201, MS205 and MS306: mounts that the cloud mounts never reach.
import { ms201 } from '../ms201-app-propagation.ts';
import { ms205 } from '../ms205-sub-path.ts';
import { ms306 } from '../ms306-user-namespace.ts';
import { SANDBOXES } from '../sandboxes.ts';
import { celList, celString } from './cel-rule.ts';
import type { CelRule } from './cel-rule.ts';
import { isAtMediaPath, isWholeMount } from './cel-variables.ts';

export const celMs201: CelRule = {
  rule: ms201,
  origins: ['pod', 'template'],
  validations: ({ origin }) => {
    // The webhook fills in what is absent: in a template only a value that is written out is wrong.
    const isMissing =
      origin === 'pod'
        ? '(!has(m.mountPropagation) || !(m.mountPropagation in ["HostToContainer", "Bidirectional"]))'
        : '(has(m.mountPropagation) && !(m.mountPropagation in ["HostToContainer", "Bidirectional"]))';
    const isBlind = `has(c.volumeMounts) && c.volumeMounts.exists(m, m.name == variables.mediaVolume && ${isWholeMount('m')} && ${isMissing})`;
    // A template whose injection is refused is told of that alone.
    const aside = origin === 'pod' ? '' : '!variables.isInjectable || ';
    return [
      {
        expression: `${aside}!variables.apps.exists(c, ${isBlind})`,
        message: `"container " + variables.apps.filter(c, ${isBlind})[0].name + " mounts " + variables.mediaPath + " without mountPropagation: it never sees the mounts of the sidecars. Write mountPropagation: HostToContainer there."`,
      },
    ];
  },
};

export const celMs205: CelRule = {
  rule: ms205,
  origins: ['template'],
  validations: ({ settings, spec }) => {
    const sidecars = celList(settings.remotes.map(({ name }) => `rclone-${name}`));
    const part = '(has(m.subPath) && m.subPath != "") || (has(m.subPathExpr) && m.subPathExpr != "")';
    const isPart = `has(c.volumeMounts) && c.volumeMounts.exists(m, ${isAtMediaPath('m')} && (${part}))`;
    return [
      {
        expression: `!variables.apps.exists(c, ${isPart})`,
        message: `"container " + variables.apps.filter(c, ${isPart})[0].name + " mounts " + variables.mediaPath + " through subPath: it never sees the mounts of the sidecars. Mount the whole volume there."`,
      },
      ...['variables.inits', `${spec}.containers`].map((list) => ({
        expression: `!${list}.exists(c, c.name in ${sidecars} && ${isPart})`,
        message: `"a mount sidecar mounts " + variables.mediaPath + " through subPath. Mount the whole volume there, or remove the sidecar and let the webhook inject it."`,
      })),
    ];
  },
};

export const celMs306: CelRule = {
  rule: ms306,
  origins: ['template'],
  validations: ({ spec, settings }) => [
    {
      expression: `!has(${spec}.hostUsers) || ${spec}.hostUsers`,
      message: celString(
        'hostUsers is false: in a user namespace the mounts of a sidecar cannot reach the app. Take hostUsers away or set it to true.',
      ),
    },
    // A sandbox is a warning, unless the settings raise the whole rule.
    ...(settings.policy.rules['MS306'] === 'deny'
      ? [
          {
            expression: `!has(${spec}.runtimeClassName) || !${spec}.runtimeClassName.matches(${celString(`(?i)${SANDBOXES}`)})`,
            message: `"runtimeClassName " + ${spec}.runtimeClassName + " looks like a VM or gVisor, where mounts may not pass between containers. Use the default runtime for this pod."`,
          },
        ]
      : []),
  ],
};
