// An app as the command line asks for it when it is given nothing but the three words.
import type { AppRequest } from '../../src/generate/app-request.ts';
import { checkMediaApp } from '../../src/generate/check-media-app.ts';
import type { CheckedApp, TimeZones } from '../../src/generate/check-media-app.ts';
import type { MediaApp } from '../../src/generate/media-app.ts';
import { defaultSettings } from '../../src/settings/parse-settings.ts';
import type { Settings } from '../../src/settings/schema.ts';

const PLAIN: AppRequest = {
  app: 'sonarr',
  image: 'lscr.io/linuxserver/sonarr:4.0.15',
  port: '8989',
  zone: 'zone2',
  sidecars: true,
  inline: false,
  expose: 'route',
  openshift: false,
  puid: '1000',
  pgid: '1000',
  tz: 'Etc/UTC',
  configPath: '/config',
};

const ZONES: TimeZones = {
  names: ['Etc/UTC', 'Europe/Berlin'],
  isKnown: (name) => ZONES.names.includes(name),
};

/** What the check says of these words beside the three. */
export function checkRequest(words: Partial<AppRequest>, settings: Settings = defaultSettings()): CheckedApp {
  return checkMediaApp({ ...PLAIN, ...words }, settings, ZONES);
}

/** The app, where there is nothing to complain about. */
export function readApp(words: Partial<AppRequest>, settings: Settings = defaultSettings()): MediaApp {
  const checked = checkRequest(words, settings);
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.app;
}

/** Options that go with each way to expose an app. */
export const EXPOSE_WORDS: Readonly<Record<string, Partial<AppRequest>>> = {
  route: { expose: 'route' },
  'route with a host': { expose: 'route', host: 'sonarr.example.com' },
  ingress: { expose: 'ingress', host: 'sonarr.example.com' },
  'ingress with class and TLS': {
    expose: 'ingress',
    host: 'sonarr.example.com',
    ingressClass: 'nginx',
    tlsSecret: 'sonarr-tls',
  },
  gateway: { expose: 'gateway', host: 'sonarr.example.com', gateway: 'public' },
  'gateway of another namespace': {
    expose: 'gateway',
    host: 'sonarr.example.com',
    gateway: 'infra/public',
    gatewayListener: 'https',
  },
  none: { expose: 'none' },
};
