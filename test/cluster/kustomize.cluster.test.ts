// `lint -k` with a real kubectl: no cluster is asked.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaStack } from '../support/run-command.ts';
import { buildTools, hasGo } from './build-tools.ts';
import { renderDeployment } from './media-app.ts';
import { findProvider } from './provider.ts';

const provider = await findProvider('API server');

describe.skipIf(provider === null)('lint -k', () => {
  let folder: string;
  // A cold build of all tools.
  beforeAll(async () => provider?.prepare(), 3_600_000);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'media-stack-kustomize-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('judges what an overlay makes of its base', async () => {
    const kubectl = (await hasGo()) ? (await buildTools(['kubectl'])).kubectl : undefined;
    const PATH = [...(kubectl === undefined ? [] : [dirname(kubectl)]), process.env['PATH']].join(':');
    const write = (name: string, value: object) =>
      writeFileSync(join(folder, name), `${JSON.stringify(value)}\n`);
    write('app.yaml', renderDeployment({ namespace: 'media', name: 'sonarr' }));
    const patch = [{ op: 'add', path: '/spec/template/spec/nodeName', value: 'node2' }];
    write('kustomization.yaml', {
      resources: ['app.yaml'],
      namePrefix: 'tv-',
      patches: [{ target: { kind: 'Deployment' }, patch: JSON.stringify(patch) }],
    });
    const { code, stdout, stderr } = await mediaStack(['lint', '-k', folder, '--json'], { env: { PATH } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      summary: { files: 1, workloads: 1, denied: 1 },
      workloads: [
        {
          kind: 'Deployment',
          name: 'tv-sonarr',
          position: { file: `kustomize ${folder}` },
          findings: [{ rule: 'MS103', path: 'spec.template.spec.nodeName' }],
        },
      ],
    });
  });
});
