// The words of generate-media-app as the description of an app, or everything that is wrong with them.
import type { Problem } from '../problem/problem.ts';
import type { Settings } from '../settings/schema.ts';
import { ZONES } from './app-description.ts';
import type { AppDescription, ArgocdTarget } from './app-description.ts';
import { checkExposure } from './check-exposure.ts';
import type { ExposureWords } from './check-exposure.ts';
import { readImageReference } from './image-reference.ts';
import { LABEL, SERVICE_NAME, SUBDOMAIN, WordCheck } from './word-check.ts';

/** As they stand on the command line. */
export interface AppWords extends ExposureWords {
  readonly name: string;
  readonly image: string;
  readonly port: string;
  readonly zone: string;
  readonly namespace?: string;
  readonly serviceAccount?: string;
  readonly puid: string;
  readonly pgid: string;
  readonly tz: string;
  /** False for --no-sidecars and for --inline. */
  readonly isLabelled: boolean;
  readonly openshift: boolean;
  /** The repository. */
  readonly argocd?: string;
  readonly argocdProject: string;
  readonly argocdRevision: string;
  readonly argocdDestination: string;
}

export type CheckedApp =
  | { readonly ok: true; readonly app: AppDescription; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `isTimeZone` knows the time zones, which takes a library of the platform. */
export function checkApp(
  words: AppWords,
  settings: Settings,
  isTimeZone: (name: string) => boolean,
): CheckedApp {
  const check = new WordCheck();
  const name = check.name('APP', words.name, SERVICE_NAME, 'sonarr');
  const reserved = reservedNames(settings);
  if (reserved.includes(name))
    check.add(
      'APP',
      name,
      'is the name of a container that is never taken for the app',
      `Names that are taken: ${reserved.join(', ')}.`,
    );
  const image = readImageReference(words.image);
  if (image === null)
    check.add(
      'IMAGE',
      words.image,
      'is not the name of an image',
      'Write for example lscr.io/linuxserver/sonarr:4.0.15.',
    );
  const zone = ZONES.find((known) => known === words.zone);
  if (zone === undefined)
    check.add(
      '--zone',
      words.zone,
      `is none of ${ZONES.join(', ')}`,
      'zone1 cloud gateway, zone2 managers, zone3 player, zone4 discovery.',
    );
  if (!isTimeZone(words.tz))
    check.add('--tz', words.tz, 'is not a time zone', 'Write for example Europe/Berlin or Etc/UTC.');
  const app = {
    name,
    image: words.image,
    port: check.number('PORT', words.port, 1, 65_535, '8989'),
    zone: zone ?? 'zone2',
    namespace:
      words.namespace === undefined ? null : check.name('--namespace', words.namespace, LABEL, 'media'),
    serviceAccount:
      words.serviceAccount === undefined
        ? null
        : check.name('--service-account', words.serviceAccount, SUBDOMAIN, 'managers'),
    uid: check.number('--puid', words.puid, 0, MAX_ID, '1000'),
    gid: check.number('--pgid', words.pgid, 0, MAX_ID, '1000'),
    timeZone: words.tz,
    isLabelled: words.isLabelled,
    isOpenshift: words.openshift,
    exposure: checkExposure(words, check),
    argocd: checkArgocd(words, check),
  };
  if (check.problems.length > 0) return { ok: false, problems: check.problems };
  const unpinned = `the image ${words.image} is not pinned: with a version in its name every restart runs the same`;
  return { ok: true, app, warnings: image?.isPinned ? [] : [unpinned] };
}

/** uid_t. */
const MAX_ID = 2 ** 32 - 2;

function reservedNames({ remotes, helperContainers }: Settings): string[] {
  return ['init-dirs', ...remotes.map(({ name }) => `rclone-${name}`), ...helperContainers];
}

/** `https://`, `ssh://`, and the form of scp (git-clone(1), GIT URLS). */
const REPOSITORY = /^(?:(?:https?|ssh|git):\/\/\S+|[\w.-]+@[\w.-]+:\S+)$/;

function checkArgocd(words: AppWords, check: WordCheck): ArgocdTarget | null {
  const { argocd: repository, namespace } = words;
  if (repository === undefined) return null;
  if (!REPOSITORY.test(repository))
    check.add(
      '--argocd',
      repository,
      'is not the address of a Git repository',
      'Write for example https://git.example.org/home/apps.git.',
    );
  if (namespace === undefined)
    check.add(
      '--argocd',
      repository,
      'needs a namespace to put the app into',
      'Name it with --namespace NAME.',
    );
  return {
    repository,
    project: check.name('--argocd-project', words.argocdProject, SUBDOMAIN, 'default'),
    revision: words.argocdRevision,
    destination: words.argocdDestination,
    namespace: namespace ?? '',
  };
}
