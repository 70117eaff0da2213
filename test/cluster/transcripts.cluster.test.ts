// The examples of docs/cli.md are what the commands print: run here, on a real node. UPDATE_TRANSCRIPTS=1 writes them
// anew, to be read in the diff; then `npm run docs`.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBlocks } from '../docs/markdown-blocks.ts';
import { MEDIA_STACK } from '../support/run-command.ts';
import { buildTools } from './build-tools.ts';
import { renderDeployment } from './media-app.ts';
import { useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';
import { recordTranscript, TRANSCRIPTS } from './transcripts.ts';

const provider = await findProvider('node');

/** Names of its pods do not differ from run to run. */
function renderPlex(): object {
  const { spec, ...deployment } = renderDeployment({ namespace: 'media', name: 'plex', labels: {} });
  return { ...deployment, kind: 'StatefulSet', spec: { ...spec, serviceName: 'plex' } };
}

const PINNED = `apiVersion: apps/v1
kind: Deployment
metadata: { name: radarr }
spec:
  selector: { matchLabels: { app: radarr } }
  template:
    metadata:
      labels:
        app: radarr
        media-stack/cloud-mounts: "true"
    spec:
      nodeSelector:
        kubernetes.io/hostname: node-2
      containers:
        - name: radarr
          image: lscr.io/linuxserver/radarr:5.21.1
          volumeMounts:
            - { name: media, mountPath: /mnt/media }
      volumes:
        - { name: media, persistentVolumeClaim: { claimName: media-library-pvc } }
`;

describe.skipIf(provider === null)('the examples of docs/cli.md', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const folder = mkdtempSync(join(tmpdir(), 'media-stack-transcripts-'));
  let env: Record<string, string> = {};

  beforeAll(async () => {
    const { kubeconfig, kubectl } = scene();
    const bin = join(folder, '.bin');
    mkdirSync(bin);
    cpSync('examples', join(folder, 'examples'), { recursive: true });
    const [byHand] = readBlocks('docs/migrate.md').filter(({ language }) => language === 'yaml');
    writeFileSync(join(folder, 'by-hand.yaml'), byHand?.text ?? '');
    writeFileSync(join(folder, 'pinned.yaml'), PINNED);
    const programs = {
      'media-stack': `exec ${process.execPath} ${MEDIA_STACK} "$@"`,
      kubectl: `exec ${(await buildTools(['kubectl'])).kubectl} "$@"`,
    };
    for (const [name, line] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, KUBECONFIG: kubeconfig, HOME: folder };
    await kubectl.create(renderPlex());
    await kubectl.text(['rollout', 'status', 'statefulset/plex', '-n', 'media', '--timeout=60s'], {
      timeoutMs: 70_000,
    });
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are as the commands print them', async () => {
    for (const transcript of TRANSCRIPTS) {
      if (transcript.before !== undefined) await scene().zurg.stop();
      const text = await recordTranscript(transcript, { cwd: folder, env });
      const file = `docs/transcripts/${transcript.name}.txt`;
      if (process.env['UPDATE_TRANSCRIPTS'] === '1') writeFileSync(file, text);
      else expect(text, `${file}: UPDATE_TRANSCRIPTS=1 writes it anew`).toBe(readFileSync(file, 'utf8'));
    }
  });
});
