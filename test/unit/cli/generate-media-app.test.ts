// `media-stack generate-media-app` as a person meets it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { systemTimeZones } from '../../../src/cli/time-zones.ts';
import { mediaStack } from '../../support/run-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-generate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SONARR = ['sonarr', 'lscr.io/linuxserver/sonarr:4.0.15', '8989'];
const generate = (...args: string[]) => mediaStack(['generate-media-app', ...args], { cwd: folder });
const written = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('generate-media-app', () => {
  it('writes the files, names them and says what is next', async () => {
    expect(await generate(...SONARR, '-n', 'media', '--expose', 'route')).toEqual({
      code: 0,
      stdout: `WRITTEN                               KIND            DETAIL
apps/sonarr/base/deployment.yaml      Deployment      zone2, sidecars by the webhook
apps/sonarr/base/service.yaml         Service         port 8989
apps/sonarr/base/route.yaml           Route           https, the host is made by OpenShift
apps/sonarr/base/kustomization.yaml   Kustomization   namespace media

Next:
  kubectl apply -k apps/sonarr/base
  media-stack check-media-mounts media
Needed in namespace media: PersistentVolumeClaim media-library-pvc, Secret rclone-zurg-config, Secret rclone-config
`,
      stderr: '',
    });
    expect(written()).toEqual(
      ['deployment', 'kustomization', 'route', 'service'].map((name) => `apps/sonarr/base/${name}.yaml`),
    );
  });

  it('names git and the Application for Argo CD, and the SCC on OpenShift', async () => {
    const argocd = ['--argocd', 'git@github.com:me/cluster.git', '-n', 'media', '--openshift'];
    const { stdout } = await generate(...SONARR, ...argocd, '--out', 'my cluster', '--service-account', 'tv');
    expect(stdout.slice(stdout.indexOf('Next:'))).toBe(`Next:
  oc adm policy add-scc-to-user privileged -z tv -n media
  git add 'my cluster/apps/sonarr' && git commit -m 'Add sonarr' && git push
  kubectl apply -f 'my cluster/apps/sonarr/application.yaml'
  media-stack check-media-mounts media
Needed in namespace media: PersistentVolumeClaim media-library-pvc, Secret rclone-zurg-config, Secret rclone-config
`);
    expect(written()).toContain('my cluster/apps/sonarr/application.yaml');
  });

  it('warns of a Route that nobody asked for and of an image without a version, and writes', async () => {
    const { code, stderr } = await generate('plex', 'plexinc/pms-docker', '32400');
    expect([code, stderr]).toEqual([
      0,
      `Warning: the image "plexinc/pms-docker" can change any day: name a version, e.g. plexinc/pms-docker:1.2.3, or a digest
Warning: a Route is for OpenShift: elsewhere choose --expose ingress, gateway or none
`,
    ]);
  });

  it('takes OpenShift from the settings', async () => {
    put('settings.yaml', 'platform: openshift\n');
    const { code, stderr } = await generate(...SONARR, '--settings', 'settings.yaml');
    expect([code, stderr]).toEqual([0, '']);
    const deployment = readFileSync(join(folder, 'apps/sonarr/base/deployment.yaml'), 'utf8');
    expect(deployment).toContain('openshift.io/required-scc: privileged');
  });

  it('prints the files for --dry-run and writes nothing', async () => {
    const ran = await generate(...SONARR, '--expose', 'none', '--dry-run');
    expect(ran.code).toBe(0);
    expect(written()).toEqual([]);
    const kinds = parseAllDocuments(ran.stdout).map((one) => (one.toJS() as { kind: string }).kind);
    expect(kinds).toEqual(['Deployment', 'Service', 'Kustomization']);
    expect(ran.stdout).toContain('\n---\n# apps/sonarr/base/service.yaml\napiVersion: v1\n');
    expect(ran.stderr).toBe(`NOT WRITTEN                           KIND            DETAIL
apps/sonarr/base/deployment.yaml      Deployment      zone2, sidecars by the webhook
apps/sonarr/base/service.yaml         Service         port 8989
apps/sonarr/base/kustomization.yaml   Kustomization   the namespace of kubectl's context
`);
  });

  it('gives files, warnings and next steps as JSON', async () => {
    const { stdout, stderr } = await generate(
      'plex',
      'plex',
      '32400',
      '--expose',
      'none',
      '--json',
      '--dry-run',
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      app: 'plex',
      written: false,
      files: ['deployment', 'service', 'kustomization'].map((name) => ({
        path: `apps/plex/base/${name}.yaml`,
        manifest: expect.objectContaining({ kind: expect.any(String) as string }) as object,
      })),
      warnings: ['the image "plex" can change any day: name a version, e.g. plex:1.2.3, or a digest'],
      next: ['kubectl apply -k apps/plex/base', 'media-stack check-media-mounts'],
    });
  });

  it('refuses to overwrite, names every file that is there, and writes none', async () => {
    put('apps/sonarr/base/service.yaml', 'mine');
    put('apps/sonarr/base/kustomization.yml', 'mine');
    const ran = await generate(...SONARR);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: ['service.yaml', 'kustomization.yml']
        .map(
          (name) => `Error: apps/sonarr/base/${name} is there already: no file was written
  mend: Move it away, or choose another folder with --out. --dry-run prints what would stand there.

`,
        )
        .join(''),
    });
    expect(written()).toEqual(['apps/sonarr/base/kustomization.yml', 'apps/sonarr/base/service.yaml']);
    const dry = await generate(...SONARR, '--dry-run');
    expect([dry.code, dry.stderr.match(/is there already/g)?.length]).toEqual([0, 2]);
  });

  it('says everything that is wrong at once, each with its mend, and writes nothing', async () => {
    const ran = await generate('Sonarr', 'sonarr:4', '0', '--tz', 'europe/berlin');
    expect(ran).toEqual({
      code: 2,
      stdout: '',
      stderr: `Error: APP "Sonarr" has other characters than lower-case letters, digits and -
  mend: A letter, then letters, digits and -, all in lower case, at most 46 characters: it also names the Service and begins the names of the pods, e.g. sonarr.

Error: PORT "0" is not a port
  mend: The number on which the app listens, from 1 to 65535, e.g. 8989.

Error: --tz "europe/berlin" is not a time zone
  mend: Did you mean "Europe/Berlin"? A name of the IANA database, e.g. --tz Europe/Berlin

`,
    });
    expect(written()).toEqual([]);
  });

  it('says in a line that a word is missing, that settings are not there, that a folder is a file', async () => {
    put('file', '');
    const [none, settings, out] = await Promise.all([
      generate(),
      generate(...SONARR, '--settings', 'none.yaml'),
      generate(...SONARR, '--out', 'file'),
    ]);
    expect([none.code, none.stderr.split('\n')[0]]).toEqual([2, "error: missing required argument 'app'"]);
    expect([settings.code, settings.stderr.split('\n')[0]]).toEqual([
      2,
      'Error: none.yaml cannot be read: there is no such file or folder',
    ]);
    expect([out.code, out.stderr.split('\n')[0]]).toEqual([
      2,
      'Error: file/apps cannot be written: a part of the path is a file, not a folder. No file was written',
    ]);
  });

  it('warns of what the settings make of it, and refuses what their rules deny', async () => {
    put('warn.yaml', 'images: { rclone: rclone/rclone }\n');
    put('deny.yaml', 'images: { rclone: rclone/rclone }\npolicy: { rules: { MS404: deny } }\n');
    const words = [...SONARR, '--expose', 'none', '--settings'];
    const denied = await generate(...words, 'deny.yaml');
    expect([denied.code, denied.stdout]).toEqual([1, '']);
    expect(denied.stderr).toContain(
      `Error: MS404 by these settings: mount sidecar rclone-zurg has the image "rclone/rclone", which can change any day
  mend: Name a version, e.g. docker.io/rclone/rclone:1.75.1, or a digest.
`,
    );
    expect(written()).toEqual(['deny.yaml', 'warn.yaml']);
    const warned = await generate(...words, 'warn.yaml');
    expect([warned.code, warned.stderr]).toEqual([
      0,
      ['zurg', 'torbox']
        .map(
          (name) =>
            `Warning: MS404 by these settings: mount sidecar rclone-${name} has the image "rclone/rclone", which can change any day\n`,
        )
        .join(''),
    ]);
  });

  it('answers to the name generate too', async () => {
    const ran = await mediaStack(['generate', ...SONARR, '--dry-run', '--expose', 'none'], { cwd: folder });
    expect(ran.code).toBe(0);
  });
});

describe('time zones', () => {
  it.each([
    'Etc/UTC',
    'UTC',
    'Europe/Berlin',
    'America/Port-au-Prince',
    'US/Eastern',
    'Etc/GMT+1',
    'Asia/Kolkata',
  ])('%s is one', (name) => expect(systemTimeZones().isKnown(name)).toBe(true));

  it.each([
    '',
    'utc',
    'europe/berlin',
    'Europe/Berln',
    '+01:00',
    'Europe/berlin',
    'Mars/Phobos',
    '../etc/passwd',
  ])('%j is none', (name) => expect(systemTimeZones().isKnown(name)).toBe(false));
});
