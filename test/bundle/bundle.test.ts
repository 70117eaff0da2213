// The bundle on a machine that has nothing but node: no checkout, no node_modules.
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../support/run-command.ts';
import { VERSION } from '../../src/version.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const POD = `apiVersion: v1
kind: Pod
metadata: { name: sonarr, labels: { media-stack/cloud-mounts: "true" } }
spec: { containers: [{ name: sonarr, image: "sonarr:4" }] }
`;

let folder: string;
let bundle: string;
beforeAll(async () => {
  await promisify(execFile)(process.execPath, ['scripts/build.ts'], { cwd: ROOT });
  folder = mkdtempSync(join(tmpdir(), 'media-stack-bundle-'));
  bundle = join(folder, 'media-stack.mjs');
  copyFileSync(join(ROOT, 'dist/media-stack.mjs'), bundle);
  writeFileSync(join(folder, 'pod.yaml'), POD);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const mediaStack = (...args: string[]) => run(process.execPath, [bundle, ...args], { cwd: folder });

describe('the bundle outside the checkout', () => {
  it('is a file that can be run', () => {
    const file = join(ROOT, 'dist/media-stack.mjs');
    expect(statSync(file).mode & 0o111).toBe(0o111);
    expect(readFileSync(file, 'utf8').slice(0, 20)).toBe('#!/usr/bin/env node\n');
  });

  it('tells its version', async () => {
    expect(await mediaStack('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('injects as the source does', async () => {
    const source = await run(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'inject', '-f', 'pod.yaml'], {
      cwd: folder,
    });
    const ran = await mediaStack('inject', '-f', 'pod.yaml');
    expect(ran.stdout).toContain('name: rclone-zurg');
    expect(ran).toEqual(source);
  });

  it('names what is wrong with a settings file', async () => {
    writeFileSync(join(folder, 'settings.yaml'), 'remote: []\n');
    const ran = await mediaStack('inject', '-f', 'pod.yaml', '--settings', 'settings.yaml');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^settings\.yaml:1:1 settings-unknown-key\n/);
  });

  it('serves, and ends when it is told to', async () => {
    const args = [bundle, 'serve', '--dev', '--port', '0', '--metrics-port', 'off'];
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    try {
      await vi.waitFor(() => expect(output).toContain('Ctrl-C ends it'), { timeout: 20_000 });
      const url = /https:\/\/\S+/.exec(output)?.[0] ?? '';
      const answer = await new Promise<string>((resolve, reject) => {
        // Its CA is in a private folder that is not told without the example.
        get(`${url}/healthz`, { rejectUnauthorized: false }, (response) => {
          resolve(text(response).then((body) => `${response.statusCode} ${body}`));
        }).on('error', reject);
      });
      expect(answer).toMatch(/^200 /);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });
});
