// A WebDAV server that wants a password, and one that it does not take.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from './free-ports.ts';
import { startProcess } from './supervised-process.ts';
import { waitUntil } from './wait-until.ts';

export interface PasswordWebdav {
  readonly url: string;
  /** As `rclone obscure` prints it: user `me` is refused with it. */
  readonly wrongPass: string;
  stop(): Promise<void>;
}

/** Resolves when it answers, with 401. */
export async function startPasswordWebdav(
  { folder, rclone }: { readonly folder: string; readonly rclone: string },
  name: string,
): Promise<PasswordWebdav> {
  const root = join(folder, 'webdav', `password-${name}`);
  mkdirSync(join(root, '__all__'), { recursive: true });
  writeFileSync(join(root, '__all__/film.txt'), 'a film');
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const server = startProcess({
    name: `rclone serve webdav (password, ${name})`,
    command: rclone,
    args: ['serve', 'webdav', root, `--addr=127.0.0.1:${port}`, '--config=', '--user=me', '--pass=right'],
    logFile: join(folder, 'logs', `webdav-password-${name}.log`),
  });
  const answers = async (): Promise<boolean> => (await fetch(url)).status === 401;
  await waitUntil('WebDAV with a password', answers, { timeoutMs: 30_000, failed: server.failure });
  const { stdout } = await promisify(execFile)(rclone, ['obscure', 'wrong']);
  return { url, wrongPass: stdout.trim(), stop: () => server.kill() };
}
