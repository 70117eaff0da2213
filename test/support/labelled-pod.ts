// Small pods for tests of single pieces: one app with the media claim, and what a person may have put beside it.
import { applyAndCheck } from '../../src/inject/apply-and-check.ts';
import { decide } from '../../src/inject/decide.ts';
import type { Decision, InjectionInput } from '../../src/inject/decide.ts';
import { MOUNTS_LABEL } from '../../src/intent/labels.ts';
import type { Pod } from '../../src/pod/pod.ts';
import { defaultSettings, parseSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';

/** Fields as in a manifest. */
export type Fields = Readonly<Record<string, unknown>>;

export const MEDIA_CLAIM = { persistentVolumeClaim: { claimName: 'media-library-pvc' } };
export const MEDIA_VOLUME = { name: 'media', ...MEDIA_CLAIM };
export const MEDIA_MOUNT = { name: 'media', mountPath: '/mnt/media' };

/** The settings of this YAML text; a test that gets them wrong ends here. */
export function settingsOf(yaml: string): Settings {
  const parsed = parseSettings(yaml, 'settings.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.settings;
}

/** The default settings with zurg as the only remote. */
export const ONLY_ZURG: Settings = settingsOf('remotes: [{ name: zurg, secret: rclone-zurg-config }]');

/** An app that mounts the media volume; `fields` are added or replaced. */
export function app(fields: Fields = {}): Fields {
  return { name: 'sonarr', image: 'linuxserver/sonarr:4', volumeMounts: [MEDIA_MOUNT], ...fields };
}

/** A hand-written native sidecar for a remote, as it should be. */
export function handSidecar(remote: string, fields: Fields = {}): Fields {
  return {
    name: `rclone-${remote}`,
    image: 'rclone/rclone:1.75.1',
    restartPolicy: 'Always',
    args: ['mount', `${remote}:`, `/mnt/media/${remote}`, '--read-only'],
    resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '500m', memory: '1Gi' } },
    securityContext: { privileged: true },
    volumeMounts: [{ ...MEDIA_MOUNT, mountPropagation: 'Bidirectional' }],
    ...fields,
  };
}

/** A hand-written init container that makes the mount points. */
export function handInitDirs(fields: Fields = {}): Fields {
  return {
    name: 'init-dirs',
    image: 'busybox:1.37',
    command: ['sh', '-c', 'mkdir -p /mnt/media/zurg /mnt/media/torbox'],
    volumeMounts: [MEDIA_MOUNT],
    ...fields,
  };
}

/** A pod with one app, the media volume and the given fields of its spec; no part of it stands in two places. */
export function podOf(spec: Fields = {}, metadata: Fields = {}): Pod {
  const pod = { metadata, spec: { containers: [app()], volumes: [MEDIA_VOLUME], ...spec } };
  return JSON.parse(JSON.stringify(pod)) as Pod;
}

/** The same with the label, and with annotations. */
export function labelledPod(
  spec: Fields = {},
  annotations?: Readonly<Record<string, string>>,
  metadata: Fields = {},
): Pod {
  return podOf(spec, {
    labels: { [MOUNTS_LABEL]: 'true' },
    ...(annotations ? { annotations } : {}),
    ...metadata,
  });
}

/** The decision about a pod, by the default settings unless said otherwise. */
export function decideOn(pod: Pod, options: Partial<Omit<InjectionInput, 'pod'>> = {}): Decision {
  return decide({ pod, settings: defaultSettings(), ...options });
}

/** The pod as it is after injection. */
export function injected(pod: Pod, options: Partial<Omit<InjectionInput, 'pod'>> = {}): Pod {
  const decision = decideOn(pod, options);
  const { report } = decision;
  if (report.outcome !== 'injected') throw new Error(`not injected: ${JSON.stringify(report)}`);
  const applied = applyAndCheck(structuredClone(pod), decision, { settings: defaultSettings(), ...options });
  if (!applied.ok) throw new Error(applied.reason);
  return applied.pod;
}
