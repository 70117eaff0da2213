// From words to an app, or to everything that is wrong with the words.
import { resolveIntent } from '../intent/intent.ts';
import { imageFault, isUnpinned } from '../pod/image-reference.ts';
import { cleanPath, isWithin } from '../pod/mount-path.ts';
import { didYouMean } from '../problem/did-you-mean.ts';
import type { Problem } from '../problem/problem.ts';
import { quote } from '../problem/quote.ts';
import type { Settings } from '../settings/schema.ts';
import type { AppRequest, Complain } from './app-request.ts';
import { checkArgoCd } from './check-argocd.ts';
import { checkExposure } from './check-exposure.ts';
import { labelFault, subdomainFault, suggestLabel } from './dns-name-fault.ts';
import { ZONES } from './media-app.ts';
import type { MediaApp, Zone } from './media-app.ts';

/** What a pure function cannot know. */
export interface TimeZones {
  readonly isKnown: (name: string) => boolean;
  readonly names: readonly string[];
}

export type CheckedApp =
  | { readonly ok: true; readonly app: MediaApp; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * A pod is named APP-HASH-RANDOM, with a hash of up to 10 characters and 5 random ones, and that is its host name too:
 * a label of at most 63 (pkg/controller/deployment/sync.go, apiserver/pkg/storage/names/generate.go).
 */
const MAX_APP_NAME = 63 - '-0123456789-01234'.length;
/** kubelet and API server take 32 bits (apimachinery validation.IsValidUserID). */
const MAX_ID = 2 ** 31 - 1;

/** All problems at once, in the order of the command line. */
export function checkMediaApp(request: AppRequest, settings: Settings, timeZones: TimeZones): CheckedApp {
  const problems: Problem[] = [];
  const complain: Complain = (option, message, hint) =>
    problems.push({ code: 'option', level: 'deny', path: option, message, hint });
  const app: MediaApp = {
    name: checkAppName(request.app, settings, complain),
    image: checkImage(request.image, complain),
    port: checkPort(request.port, complain),
    zone: checkZone(request.zone, complain),
    sidecars: checkSidecars(request, settings, complain),
    exposure: checkExposure(request, complain),
    namespace: checkName('-n', request.namespace, complain),
    openshift: request.openshift,
    serviceAccount: checkServiceAccount(request.serviceAccount, complain),
    puid: checkId('--puid', request.puid, complain),
    pgid: checkId('--pgid', request.pgid, complain),
    timeZone: checkTimeZone(request.tz, timeZones, complain),
    configPath: checkConfigPath(request.configPath, settings, complain),
    argocd: checkArgoCd(request, complain),
  };
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, app, warnings: listWarnings(app, settings) };
}

function listWarnings({ image, sidecars, configPath }: MediaApp, { media, remotes }: Settings): string[] {
  const warnings: string[] = [];
  if (isUnpinned(image)) {
    const pinned = `${withoutTag(image)}:1.2.3`;
    warnings.push(
      `the image ${quote(image)} can change any day: name a version, e.g. ${pinned}, or a digest`,
    );
  }
  if (sidecars === 'label' && remotes.length === 0)
    warnings.push('the settings have no remotes: the label brings no mounts');
  const sources = Object.values(media.volume as Readonly<Record<string, { readonly readOnly?: unknown }>>);
  if (sources.some(({ readOnly }) => readOnly === true))
    warnings.push(`the media volume of the settings is read-only: the app cannot write at ${configPath}`);
  return warnings;
}

function checkAppName(name: string, settings: Settings, complain: Complain): string {
  const limits = { maxLength: MAX_APP_NAME, letterFirst: true };
  const fault = labelFault(name, limits);
  if (fault !== null) {
    const suggestion = suggestLabel(name, limits);
    const rule = `A letter, then letters, digits and -, all in lower case, at most ${MAX_APP_NAME} characters: it also names the Service and begins the names of the pods`;
    complain(
      'APP',
      `${quote(name)} ${fault}`,
      suggestion === null ? `${rule}.` : `${rule}, e.g. ${suggestion}.`,
    );
  }
  const { intent } = resolveIntent({}, settings);
  const taken = ['init-dirs', ...intent.knownRemotes.map((remote) => remote.containerName)];
  if (taken.includes(name))
    complain(
      'APP',
      `${quote(name)} is the name of a container that is injected`,
      `Choose another name than ${taken.join(', ')}.`,
    );
  return name;
}

function checkImage(image: string, complain: Complain): string {
  const fault = imageFault(image);
  if (fault !== null)
    complain('IMAGE', `${quote(image)} is not the name of an image: ${fault}`, imageMend(image));
  return image;
}

function imageMend(image: string): string {
  const plain = image.replace(/^[a-z]+:\/\//, '').toLowerCase();
  return plain !== image && imageFault(plain) === null
    ? `Write ${plain}`
    : 'Write it as the registry has it, e.g. lscr.io/linuxserver/sonarr:4.0.15';
}

function checkPort(port: string, complain: Complain): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65535)
    complain(
      'PORT',
      `${quote(port)} is not a port`,
      'The number on which the app listens, from 1 to 65535, e.g. 8989.',
    );
  return number;
}

function checkZone(zone: string, complain: Complain): Zone {
  const known = ZONES.find((candidate) => candidate === zone);
  if (known === undefined)
    complain(
      '--zone',
      `${quote(zone)} is not a zone`,
      `${didYouMean(zone, ZONES)}zone1 (cloud gateway), zone2 (managers), zone3 (player) or zone4 (discovery).`,
    );
  return known ?? 'zone2';
}

function checkSidecars(
  { sidecars, inline }: AppRequest,
  settings: Settings,
  complain: Complain,
): MediaApp['sidecars'] {
  if (!inline) return sidecars ? 'label' : 'none';
  if (!sidecars)
    complain('--inline', 'writes the sidecars out, --no-sidecars leaves them away', 'Take one of the two.');
  if (settings.remotes.length === 0)
    complain(
      '--inline',
      'there is no sidecar to write out: the settings have no remotes',
      'Name remotes in the settings, or take --inline away.',
    );
  return 'inline';
}

function checkName(option: string, name: string | undefined, complain: Complain): string | null {
  const fault = name === undefined ? null : labelFault(name);
  if (name !== undefined && fault !== null) {
    const suggestion = suggestLabel(name);
    const example = suggestion === null ? 'media' : suggestion;
    complain(option, `${quote(name)} ${fault}`, `The name of a namespace, e.g. ${option} ${example}`);
  }
  return name ?? null;
}

function checkServiceAccount(name: string | undefined, complain: Complain): string | null {
  const fault = name === undefined ? null : subdomainFault(name);
  if (fault !== null)
    complain(
      '--service-account',
      `${quote(name)} ${fault}`,
      'The name of a ServiceAccount of the namespace, e.g. --service-account managers',
    );
  return name ?? null;
}

function checkId(option: string, id: string, complain: Complain): number {
  const number = /^\d{1,10}$/.test(id) ? Number(id) : Infinity;
  if (number > MAX_ID)
    complain(
      option,
      `${quote(id)} is not a numeric ID`,
      `A number from 0 to ${MAX_ID}, e.g. ${option} 1000 (the command id shows them).`,
    );
  return number;
}

function checkTimeZone(name: string, { isKnown, names }: TimeZones, complain: Complain): string {
  if (!isKnown(name))
    complain(
      '--tz',
      `${quote(name)} is not a time zone`,
      `${didYouMean(name, names)}A name of the IANA database, e.g. --tz Europe/Berlin`,
    );
  return name;
}

function checkConfigPath(path: string, settings: Settings, complain: Complain): string {
  const clean = cleanPath(path);
  const media = settings.media.path;
  const mend = 'A folder of the container, e.g. --config-path /config';
  if (!/^(\/[^/:]+)+$/.test(clean) || clean.split('/').includes('..'))
    complain('--config-path', `${quote(path)} is not an absolute path without : and ..`, mend);
  else if (isWithin(clean, media) || isWithin(media, clean))
    complain('--config-path', `${quote(path)} and the media path ${media} are one inside the other`, mend);
  return clean;
}

function withoutTag(image: string): string {
  return image.replace(/:[^:/]*$/, '');
}
