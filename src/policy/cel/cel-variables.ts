// The variables of the policies: what the rules of policy/ read from PodView, as far as CEL can say it. Each may use
// those above it. Where CEL knows less than the rules, a variable is drawn so that the policy lets the object pass.
import { ANNOTATIONS } from '../../intent/annotations.ts';
import { MOUNTS_LABEL } from '../../intent/labels.ts';
import type { Settings } from '../../settings/schema.ts';
import { celList, celString } from './cel-rule.ts';

/** What the annotation media-path takes, in the syntax of RE2. */
const PATH = '^(/[A-Za-z0-9_+=@-][A-Za-z0-9._+=@-]*)+/?$';

export interface CelVariable {
  readonly name: string;
  readonly expression: string;
}

/** `metadata` and `spec` are CEL of the pod's or the template's own, which may be without metadata. */
export function renderVariables(
  { metadata, spec, hasMetadata }: { metadata: string; spec: string; hasMetadata: string },
  settings: Settings,
): CelVariable[] {
  const map = (field: string) =>
    `${hasMetadata} && has(${metadata}.${field}) ? ${metadata}.${field} : {"": ""}`;
  const annotation = (name: string) => `variables.annotations[${celString(`media-stack/${name}`)}]`;
  const hasAnnotation = (name: string) => `${celString(`media-stack/${name}`)} in variables.annotations`;
  const names = (text: string) => `${text}.split(",").map(n, n.trim())`;
  const mountsMedia = `has(c.volumeMounts) && c.volumeMounts.exists(m, ${isAtMediaPath('m')})`;
  const isUnderstood = [
    '!k.startsWith("media-stack/") || k == "media-stack/status"',
    `(k == "media-stack/media-path" && variables.annotations[k].matches(${celString(PATH)}))`,
    ...ANNOTATIONS.flatMap(({ name, type }) =>
      type.choices
        ? [
            `(k == ${celString(`media-stack/${name}`)} && variables.annotations[k] in ${celList(type.choices)})`,
          ]
        : [],
    ),
  ].join(' || ');
  const remotes = settings.remotes.map(({ name }) => name);
  const wantsRemotes =
    remotes.length === 0
      ? 'false'
      : `!(${hasAnnotation('remotes')} && ${annotation('remotes')}.trim() == "")`;
  return [
    { name: 'labels', expression: map('labels') },
    { name: 'annotations', expression: map('annotations') },
    // MS502 first: with a label that nobody understands the rest is guesswork.
    {
      name: 'isLabelled',
      expression: `${celString(MOUNTS_LABEL)} in variables.labels && variables.labels[${celString(MOUNTS_LABEL)}] == "true"`,
    },
    {
      // A mirror pod runs already, the kubelet of a Windows pod could not mount, and some pods want no remote.
      name: 'isJudged',
      expression: `variables.isLabelled && ${wantsRemotes} && !("kubernetes.io/config.mirror" in variables.annotations) && !(has(${spec}.os) && ${spec}.os.name == "windows") && !(has(${spec}.nodeSelector) && "kubernetes.io/os" in ${spec}.nodeSelector && ${spec}.nodeSelector["kubernetes.io/os"] == "windows")`,
    },
    {
      name: 'waived',
      expression:
        settings.policy.waivers === 'all'
          ? `${hasAnnotation('ignore')} ? ${names(annotation('ignore'))} : [""]`
          : '[""]',
    },
    {
      // One that is no path is refused by MS503, and the settings' is in force.
      name: 'mediaPath',
      expression: `${hasAnnotation('media-path')} && ${annotation('media-path')}.matches(${celString(PATH)}) ? "/" + ${annotation('media-path')}.split("/").filter(s, s != "").join("/") : ${celString(settings.media.path)}`,
    },
    {
      name: 'remotes',
      expression: `${celList(remotes)}.filter(r, !(${hasAnnotation('remotes')}) || r in ${names(annotation('remotes'))})`,
    },
    { name: 'inits', expression: `has(${spec}.initContainers) ? ${spec}.initContainers : []` },
    {
      // By its name, or by a command line that names rclone and a place below the media path.
      name: 'regular',
      expression: `${spec}.containers.filter(c, !(${celList(remotes.map((name) => `rclone-${name}`))}.exists(n, n == c.name) || ${runsRclone('c')}))`,
    },
    {
      name: 'mounting',
      expression: `variables.regular.filter(c, has(c.volumeMounts) && c.volumeMounts.exists(m, ${isAtMediaPath('m')}))`,
    },
    {
      name: 'apps',
      expression: `${hasAnnotation('containers')} ? variables.regular.filter(c, c.name in ${names(annotation('containers'))}) : variables.mounting.size() > 0 ? variables.mounting : variables.regular.filter(c, !(c.name in ${celList(settings.helperContainers)}))`,
    },
    {
      name: 'mediaVolume',
      expression: `variables.apps.filter(c, ${mountsMedia}).size() == 0 ? "" : variables.apps.filter(c, ${mountsMedia})[0].volumeMounts.filter(m, ${isAtMediaPath('m')})[0].name`,
    },
    {
      // Two volumes at the media path (MS208), or an annotation that may not parse (MS503): the injection may be refused.
      name: 'isInjectable',
      expression: `variables.apps.all(c, !has(c.volumeMounts) || c.volumeMounts.all(m, !${isAtMediaPath('m')} || m.name == variables.mediaVolume)) && variables.annotations.all(k, ${isUnderstood})`,
    },
  ];
}

/** True for a container that mounts by rclone, as far as its words tell. */
export function runsRclone(container: string): string {
  const words = (field: string) =>
    `has(${container}.${field}) && ${container}.${field}.exists(w, w.contains("mount")) && `;
  const rclone = (field: string) =>
    `has(${container}.${field}) && ${container}.${field}.exists(w, w.contains("rclone"))`;
  const image = `has(${container}.image) && ${container}.image.contains("rclone")`;
  const isRclone = `(${rclone('command')} || ${rclone('args')} || ${image})`;
  return `((${words('command')}${isRclone}) || (${words('args')}${isRclone}))`;
}

/** True for a mount at exactly the media path, as cleanPath reads it: `/mnt//media/.` is `/mnt/media`. */
export function isAtMediaPath(mount: string): string {
  return `(${mount}.mountPath.startsWith("/") && "/" + ${mount}.mountPath.split("/").filter(s, s != "" && s != ".").join("/") == variables.mediaPath)`;
}

/** True for a mount at the media path that shows the whole volume and could propagate. */
export function isWholeMount(mount: string): string {
  return [
    isAtMediaPath(mount),
    `(!has(${mount}.subPath) || ${mount}.subPath == "")`,
    `(!has(${mount}.subPathExpr) || ${mount}.subPathExpr == "")`,
    `(!has(${mount}.recursiveReadOnly) || ${mount}.recursiveReadOnly == "Disabled")`,
  ].join(' && ');
}
