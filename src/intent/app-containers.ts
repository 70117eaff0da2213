// Which containers are the app.
import { mountsAt } from '../pod/containers.ts';
import type { ContainerRef } from '../pod/containers.ts';
import type { Pod } from '../pod/pod.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import type { Settings } from '../settings/schema.ts';
import { annotationProblem } from './annotations.ts';
import type { Intent } from './intent.ts';
import { DEFAULT_CONTAINER_ANNOTATION } from './labels.ts';

/** How many names a message lists, and how many slips are named at once. */
const MAX_NAMED = 10;

export interface ChosenApps {
  readonly apps: readonly ContainerRef[];
  readonly why: string;
  readonly problems: readonly Problem[];
}

/**
 * The app containers among the regular ones: those the annotation names; else every one that mounts a volume at the
 * media path; else the default container; else the first that is no known helper.
 */
export function chooseApps(
  pod: Pod,
  regular: readonly ContainerRef[],
  intent: Intent,
  settings: Settings,
): ChosenApps {
  const named = (names: readonly string[]) => regular.filter((ref) => names.includes(ref.container.name));
  if (intent.containersAsked) {
    const known = new Set(regular.map((ref) => ref.container.name));
    const shown = [...known].slice(0, MAX_NAMED);
    const problems = intent.containersAsked
      .filter((name) => !known.has(name))
      .slice(0, MAX_NAMED)
      .map((name) => {
        const hint =
          shown.length > 0
            ? `Containers that can be the app: ${shown.join(', ')}.`
            : 'The pod holds only mount sidecars.';
        return annotationProblem(
          'containers',
          `${quote(name)} is no app container of this pod`,
          didYouMean(name, shown) + hint,
        );
      });
    return {
      apps: named(intent.containersAsked),
      why: 'named by the annotation media-stack/containers',
      problems,
    };
  }
  const mounting = regular.filter((ref) => mountsAt(ref.container, intent.mediaPath).length > 0);
  if (mounting.length > 0)
    return { apps: mounting, why: `mounts a volume at ${intent.mediaPath}`, problems: [] };
  const preferred = pod.metadata?.annotations?.[DEFAULT_CONTAINER_ANNOTATION];
  const preferredRef = named([preferred ?? '']);
  if (preferredRef.length > 0)
    return { apps: preferredRef, why: `named by ${DEFAULT_CONTAINER_ANNOTATION}`, problems: [] };
  const first = regular.find((ref) => !settings.helperContainers.includes(ref.container.name));
  return {
    apps: first ? [first] : [],
    why: 'the first container that is neither a mount sidecar nor a known helper',
    problems: [],
  };
}
