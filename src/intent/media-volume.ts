// Which volume is the media volume.
import { mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import { freeName } from '../pod/free-name.ts';
import { isJsonObject, jsonEqual } from '../pod/json.ts';
import type { JsonObject } from '../pod/json.ts';
import type { Pod, Volume } from '../pod/pod.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import { annotationProblem } from './annotations.ts';
import type { Intent } from './intent.ts';

/** Name of a media volume that we add. */
export const MEDIA_VOLUME_NAME = 'media-library';

export interface MediaVolume {
  readonly name: string;
  /** The volume source, null for a claim template of a StatefulSet. */
  readonly source: JsonObject | null;
  /** False when it must be added to the pod. */
  readonly exists: boolean;
}

/** MS503: the annotation media-stack/media-claim asks for another volume than the one that is at the media path. */
export function claimProblem(media: MediaVolume, intent: Intent, why: string): Problem[] {
  const asked = intent.claimAsked;
  if (asked === null || !media.exists) return [];
  const found = media.source === null ? 'a volume claim template' : (claimName(media.source) ?? 'no claim');
  // The claim of a claim template carries the name of its pod behind it.
  if (found === asked || media.name === asked) return [];
  return [
    annotationProblem(
      'media-claim',
      `${quote(asked)} is not the claim of volume ${media.name} (${quote(found)}), which is the media volume: ${why}`,
      'Mount a volume of that claim there, or take the annotation away.',
    ),
  ];
}

export interface Classified {
  readonly apps: readonly ContainerRef[];
  readonly regular: readonly ContainerRef[];
  readonly userInits: readonly ContainerRef[];
  readonly sidecars: readonly ContainerRef[];
  readonly initDirs: readonly ContainerRef[];
}

/**
 * What a container mounts at the media path, apps first and mount sidecars last; else the volume with the source of the
 * settings; else a new one.
 */
export function chooseMediaVolume(
  pod: Pod,
  { apps, regular, userInits, sidecars, initDirs }: Classified,
  intent: Intent,
  claimTemplates: readonly string[],
): { volume: MediaVolume; why: string } {
  const volumes = pod.spec.volumes ?? [];
  const byName = (name: string): MediaVolume => {
    const volume = volumes.find((candidate) => candidate.name === name);
    return { name, source: volume ? volumeSource(volume) : null, exists: true };
  };
  for (const group of [apps, regular, userInits, sidecars, initDirs]) {
    for (const { container } of group) {
      const [at] = mountsAt(container, intent.mediaPath);
      if (at)
        return {
          volume: byName(at.mount.name),
          why: `container ${container.name} mounts it at ${intent.mediaPath}`,
        };
    }
  }
  const equal = volumes.find((volume) => isMediaVolume(volume, intent.mediaSource, pod));
  if (equal) return { volume: byName(equal.name), why: 'its source is the media volume asked for' };
  const template = claimTemplates.find((name) => name === claimName(intent.mediaSource));
  if (template !== undefined)
    return { volume: byName(template), why: 'the volume claim template has the name of the media claim' };
  const taken = new Set([...volumes.map((volume) => volume.name), ...claimTemplates]);
  const name = freeName(MEDIA_VOLUME_NAME, taken);
  return {
    volume: { name, source: intent.mediaSource, exists: false },
    why: 'no volume of the pod is the media volume: it is added',
  };
}

/** The volume without its name: `{ persistentVolumeClaim: { claimName } }`. */
function volumeSource(volume: Volume): JsonObject {
  const { name: _name, ...source } = volume;
  return source;
}

/** Whether a volume is the one of the settings: the same claim, export or path; options beside do not count. */
function isMediaVolume(volume: Volume, wanted: JsonObject, pod: Pod): boolean {
  // An emptyDir equals every other one, and yet each is a volume of its own.
  if (ANONYMOUS.some((kind) => wanted[kind] !== undefined)) return false;
  for (const [kind, keys] of IDENTITY) {
    const source = volume[kind] as JsonObject | undefined | null;
    const other = wanted[kind] as JsonObject | undefined | null;
    if (!source || !other) continue;
    if (keys.every((key) => source[key] === other[key])) return true;
    return kind === 'persistentVolumeClaim' && isFromTemplate(volume.name, source, claimName(wanted), pod);
  }
  // The API server fills in defaults: what is asked for has to be equal, what is beside may be anything.
  return Object.entries(wanted).every(([kind, source]) => {
    const found = volume[kind];
    if (!isJsonObject(found) || !isJsonObject(source)) return false;
    return Object.entries(source).every(([key, value]) => jsonEqual(found[key], value));
  });
}

/** A StatefulSet names the volume like its claim template, and the claim TEMPLATE-POD. */
function isFromTemplate(name: string, source: JsonObject, wantedClaim: unknown, pod: Pod): boolean {
  const podName = pod.metadata?.name ?? '';
  return name === wantedClaim && podName !== '' && source['claimName'] === `${name}-${podName}`;
}

const ANONYMOUS = ['emptyDir', 'ephemeral'];

const IDENTITY: readonly (readonly [string, readonly string[]])[] = [
  ['persistentVolumeClaim', ['claimName']],
  ['nfs', ['server', 'path']],
  ['hostPath', ['path']],
];

function claimName(source: JsonObject): unknown {
  return (source['persistentVolumeClaim'] as JsonObject | undefined)?.['claimName'];
}
