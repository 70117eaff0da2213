// zurg's and TorBox's stand-in: `rclone serve webdav` on loopback, over a folder that the test fills.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { startProcess } from './supervised-process.ts';
import type { SupervisedProcess } from './supervised-process.ts';
import { waitUntil } from './wait-until.ts';

export interface WebdavOptions {
  readonly name: string;
  /** From createRunFolder. */
  readonly folder: string;
  readonly rclone: string;
  /** Path -> text. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Webdav {
  readonly url: string;
  /** What is served; a test may look at it, or change it. */
  readonly root: string;
  /** Again on the same port; nothing while it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Pauses (SIGSTOP): it goes on accepting and never answers. */
  freeze(): void;
  thaw(): void;
}

/** Resolves when it answers. */
export async function startWebdav(options: WebdavOptions): Promise<Webdav> {
  const { name, folder } = options;
  const root = join(folder, 'webdav', name);
  mkdirSync(root, { recursive: true });
  for (const [path, text] of Object.entries(options.files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  let server: SupervisedProcess | undefined;
  const runs = (): boolean => server !== undefined && server.failure() === undefined;
  const start = async (): Promise<void> => {
    if (runs()) return;
    const started = startProcess({
      name: `rclone serve webdav (${name})`,
      command: options.rclone,
      args: ['serve', 'webdav', root, `--addr=127.0.0.1:${port}`, '--config=', '--dir-cache-time=1s'],
      logFile: join(folder, 'logs', `webdav-${name}.log`),
    });
    server = started;
    const answers = async (): Promise<boolean> => (await fetch(url, { method: 'OPTIONS' })).ok;
    await waitUntil(`WebDAV ${name}`, answers, { timeoutMs: 30_000, failed: started.failure });
  };
  await start();
  const signal = (name: NodeJS.Signals): void => {
    if (server !== undefined && runs()) process.kill(server.pid, name);
  };
  return {
    url,
    root,
    start,
    stop: async () => server?.kill(),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
  };
}

/** rclone.conf with one WebDAV remote, as the users' Secrets have it. */
export function renderRcloneConfig(remote: string, url: string): string {
  return `[${remote}]\ntype = webdav\nurl = ${url}\nvendor = other\n`;
}
