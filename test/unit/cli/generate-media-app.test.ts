import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXPOSURES } from '../../../src/generate/check-exposure.ts';
import { ZONES } from '../../../src/generate/app-description.ts';
import type { KubeObject } from '../../cluster/kubectl.ts';
import { mediaStack } from '../../support/run-command.ts';
import type { Ran } from '../../support/run-command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'media-stack-generate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const APP = ['sonarr', 'lscr.io/linuxserver/sonarr:4.0.15', '8989'];
const generate = (...args: readonly string[]): Promise<Ran> =>
  mediaStack(['generate-media-app', ...APP, ...args], { cwd: folder });
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

describe('generate-media-app', () => {
  it('writes one file for each object, and says what is next', async () => {
    expect(await generate('-n', 'media')).toEqual({
      code: 0,
      stdout:
        'apps/sonarr/base/deployment.yaml\napps/sonarr/base/service.yaml\napps/sonarr/base/route.yaml\napps/sonarr/base/kustomization.yaml\n',
      stderr: '\nNext: kubectl apply -k apps/sonarr/base\nThen: media-stack check-media-mounts media\n',
    });
    expect(read('apps/sonarr/base/kustomization.yaml')).toBe(
      '# Made by media-stack 0.1.0; yours to change.\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: media\nresources:\n  - deployment.yaml\n  - service.yaml\n  - route.yaml\n',
    );
  });

  it('never writes over a file, and then writes none', async () => {
    mkdirSync(join(folder, 'apps/sonarr/base'), { recursive: true });
    writeFileSync(join(folder, 'apps/sonarr/base/service.yaml'), 'mine');
    const { code, stderr } = await generate();
    expect(code).toBe(2);
    expect(stderr).toBe(
      'Error: apps/sonarr/base/service.yaml is there already\n  mend: Move it away, or write elsewhere with --out FOLDER.\n',
    );
    expect(readdirSync(join(folder, 'apps/sonarr/base'))).toEqual(['service.yaml']);
    expect(read('apps/sonarr/base/service.yaml')).toBe('mine');
  });

  it('leaves nothing behind when a file cannot be written', async () => {
    writeFileSync(join(folder, 'apps'), 'a file');
    const { code, stderr } = await generate();
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be written: ');
    expect(read('apps')).toBe('a file');
  });

  it('with --dry-run prints what it would write, as YAML or JSON, and writes nothing', async () => {
    const { stdout } = await generate('--dry-run', '--expose', 'none');
    expect(stdout.split('\n').filter((line) => line.startsWith('# apps/'))).toEqual([
      '# apps/sonarr/base/deployment.yaml',
      '# apps/sonarr/base/service.yaml',
      '# apps/sonarr/base/kustomization.yaml',
    ]);
    const json = JSON.parse((await generate('--dry-run', '--json')).stdout) as { file: string }[];
    expect(json.map(({ file }) => file)).toHaveLength(4);
    expect(existsSync(join(folder, 'apps'))).toBe(false);
  });

  it('follows the settings: media path and volume, preferred nodes', async () => {
    writeFileSync(
      join(folder, 'settings.yaml'),
      'media: { path: /data, volume: { nfs: { server: nas, path: /export } } }\npreferredNodes: [node-2]\n',
    );
    await generate('--settings', 'settings.yaml');
    const deployment = parse(read('apps/sonarr/base/deployment.yaml')) as KubeObject;
    const { spec } = deployment['spec'].template as KubeObject;
    expect(spec['volumes']).toEqual([{ name: 'media', nfs: { server: 'nas', path: '/export' } }]);
    expect(spec['containers'][0].volumeMounts[1].mountPath).toBe('/data');
    expect(JSON.stringify(spec['affinity'])).toContain('["node-2"]');
  });

  it('writes the Argo CD Application beside the folder that it points to', async () => {
    const { stderr } = await generate('-n', 'media', '--argocd', 'https://git.example.org/apps.git');
    expect(stderr).toBe(
      '\nCommit and push them, then: kubectl apply -n argocd -f apps/sonarr/argocd-application.yaml\n',
    );
    expect(parse(read('apps/sonarr/argocd-application.yaml'))).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'sonarr' },
      spec: {
        project: 'default',
        source: {
          repoURL: 'https://git.example.org/apps.git',
          targetRevision: 'HEAD',
          path: 'apps/sonarr/base',
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'media' },
        syncPolicy: { automated: { prune: true, selfHeal: true } },
      },
    });
  });

  it('refuses words that contradict each other', async () => {
    expect(await generate('--inline', '--no-sidecars')).toMatchObject({
      code: 2,
      stderr: 'Error: --inline and --no-sidecars contradict each other\n  mend: Take one of the two away.\n',
    });
  });
});

const WAYS: Readonly<Record<string, readonly string[]>> = {
  route: [],
  ingress: ['--host', 'sonarr.example.org'],
  gateway: ['--gateway', 'public'],
  none: [],
};

describe('what it writes lints clean', () => {
  const forms = [[], ['--inline'], ['--no-sidecars'], ['--openshift']];
  it.each(EXPOSURES.flatMap((way) => ZONES.map((zone) => [way, zone] as const)))(
    '%s in %s',
    async (way, zone) => {
      const ran = await Promise.all(
        forms.map((form, index) =>
          generate('--expose', way, ...(WAYS[way] ?? []), '--zone', zone, '--out', `form-${index}`, ...form),
        ),
      );
      expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
      const { code, stdout } = await mediaStack(['lint', '--fail-on', 'warn', '.'], { cwd: folder });
      expect(stdout).toContain('3 workloads in ');
      expect(stdout).toContain(': 0 denied, 0 warned');
      expect(code).toBe(0);
    },
  );
});
