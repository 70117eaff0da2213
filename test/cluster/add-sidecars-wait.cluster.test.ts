// add-sidecars --wait on a real node: the pods come with their mounts, or it says why not.
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mediaStack } from '../support/run-command.ts';
import { FILM, useNodeScene } from './node-scene.ts';
import { findProvider } from './provider.ts';

const provider = await findProvider('node');

describe.skipIf(provider === null)('add-sidecars --wait on a real node', { timeout: 180_000 }, () => {
  const scene = useNodeScene(provider);
  const add = async (...args: string[]) => {
    const { kubectl, namespace } = scene();
    const config = await kubectl.text(['config', 'view', '--raw', '--minify', '--flatten']);
    const file = `${scene().folder}/wait.kubeconfig`;
    writeFileSync(file, config, { mode: 0o600 });
    return mediaStack(['add-sidecars', 'sonarr', namespace, '--yes', '--wait', ...args], {
      env: { KUBECONFIG: file },
    });
  };

  it('tells how it goes, and ends when the app has its mounts', async () => {
    const { deploy, exec } = scene();
    await deploy({ labels: {} });
    const ran = await add();
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /\ndeployment\/sonarr labelled\ndeployment\/sonarr rolled out: 1 of 1 pods are new and available\n$/,
    );
    expect(ran.stderr).toMatch(/^(deployment\/sonarr: .* \.\.\.\n)+$/);
    expect(await exec('sonarr', 'cat', FILM)).toBe('a film');
  });

  it('says what a pod waits for, the way to the cause, and the way back', async () => {
    const { deploy, namespace } = scene();
    await deploy({ labels: {}, annotations: { 'media-stack/remotes': 'zurg' } });
    await scene().kubectl.text(['delete', 'secret', 'rclone-zurg-config', '-n', namespace]);
    const ran = await add('--timeout', '15s');
    expect(ran.code).toBe(1);
    const lines = ran.stderr.trimEnd().split('\n');
    expect(lines).toContain(
      'Failed: deployment/sonarr is not rolled out within 15 s: old pods that are still to end: 1',
    );
    expect(lines.at(-2)).toMatch(
      /^ {2}pod sonarr-\S+: FailedMount: MountVolume\.SetUp failed for volume "rclone-zurg-config" : secret "rclone-zurg-config" not found$/,
    );
    expect(lines.at(-1)).toMatch(
      /^ {2}mend: media-stack troubleshoot-mounts sonarr-\S+ media; back: kubectl -n media rollout undo deployment\/sonarr$/,
    );
  });
});
