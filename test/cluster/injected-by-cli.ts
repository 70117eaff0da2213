// What `media-stack inject` says about a pod, run as a person runs it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { KubeObject } from './kubectl.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

/** The injected manifest; rejects with the words on stderr when the command refuses it. */
export async function injectedByCli(manifest: KubeObject, settingsFile: string): Promise<KubeObject> {
  const stdout = await new Promise<string>((resolve, reject) => {
    const args = [MAIN, 'inject', '--settings', settingsFile, '-f', '-'];
    const child = execFile(process.execPath, args, { maxBuffer: 64 << 20 }, (error, out, err) => {
      if (error) reject(new Error(err));
      else resolve(out);
    });
    child.stdin?.end(JSON.stringify(manifest));
  });
  return parse(stdout) as KubeObject;
}
