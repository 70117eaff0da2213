// Container images without a registry: root folders made of Debian's static busybox, the rclone that was built and
// Debian's fusermount3 and flock, packed in the format of `docker save` under the names that the pods ask for.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { NODE_PROGRAMS } from './node-packages.ts';
import { buildReader, READER, readerSources } from './node-reader.ts';
import { cachedFile, cacheFolder } from './tool-cache.ts';

const run = promisify(execFile);

export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';
/** The settings' default, which the sidecars ask for. */
export const RCLONE_IMAGE = 'docker.io/rclone/rclone:1.75.1';
/** A shell and its tools, and the reader of node-reader.ts: for apps and their init containers. */
export const APP_IMAGE = 'docker.io/library/alpine:3.22';

interface ImageConfig {
  readonly tag: string;
  readonly layers: readonly Layer[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly string[];
}

interface Layer {
  readonly file: string;
  /** sha256 of the tar, as `diff_ids` wants it. */
  readonly digest: string;
}

/** The archive for `ctr image import`; made once per rclone and once per change of this file. */
export async function buildNodeImages(rclone: string): Promise<string> {
  const { busybox, flock, fusermount3 } = NODE_PROGRAMS;
  const facts = await Promise.all([rclone, busybox, flock, fusermount3].map(describeFile));
  const recipe = readFileSync(import.meta.filename, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([facts, recipe, readerSources()]))
    .digest('hex')
    .slice(0, 16);
  const file = join(cacheFolder(), 'images', key, 'node-images.tar');
  return cachedFile(file, async (temporary) => {
    const work = await mkdtemp(`${dirname(temporary)}/work-`);
    try {
      await packArchive(work, rclone, temporary);
    } finally {
      await rm(work, { recursive: true });
    }
  });
}

async function packArchive(work: string, rclone: string, archive: string): Promise<void> {
  const base = await packLayer(work, 'base', (root) => makeBase(root));
  const mount = await packLayer(work, 'rclone', (root) => makeRclone(root, rclone));
  const reader = await packLayer(work, 'reader', (root) => buildReader(join(root, READER)));
  const images: readonly ImageConfig[] = [
    // As PID 1 of a shared process namespace it has to bury the dead: wait does.
    { tag: PAUSE_IMAGE, layers: [base], entrypoint: ['/bin/sh', '-c', PAUSE] },
    {
      tag: RCLONE_IMAGE,
      layers: [base, mount],
      entrypoint: ['rclone'],
      env: ['XDG_CONFIG_HOME=/config'],
    },
    { tag: APP_IMAGE, layers: [base, reader], command: ['/bin/sh'] },
  ];
  const manifest = images.map((image) => {
    const config = JSON.stringify(renderConfig(image));
    const name = `${createHash('sha256').update(config).digest('hex')}.json`;
    writeFileSync(join(work, name), config);
    return { Config: name, RepoTags: [image.tag], Layers: image.layers.map(({ file }) => file) };
  });
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest));
  const files = new Set(manifest.flatMap(({ Config, Layers }) => [Config, ...Layers]));
  await run('tar', ['-cf', archive, '-C', work, 'manifest.json', ...files]);
}

const PAUSE = 'trap "exit 0" TERM INT; while :; do sleep 86400 & wait $!; done';

async function packLayer(work: string, name: string, make: (root: string) => Promise<void>): Promise<Layer> {
  const root = join(work, name);
  mkdirSync(root);
  await make(root);
  const file = `${name}.tar`;
  await run('tar', [
    '--numeric-owner',
    '--owner=0',
    '--group=0',
    '--sort=name',
    '--mtime=@0',
    '-cf',
    join(work, file),
    '-C',
    root,
    '.',
  ]);
  const digest = createHash('sha256')
    .update(readFileSync(join(work, file)))
    .digest('hex');
  return { file, digest };
}

/** What Alpine has: busybox under every name, a few users, a world-writable /tmp. */
async function makeBase(root: string): Promise<void> {
  for (const folder of [
    'bin',
    'etc',
    'tmp',
    'root',
    'proc',
    'sys',
    'dev',
    'run',
    'mnt',
    'usr/local/bin',
    'var',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  chmodSync(join(root, 'tmp'), 0o1777);
  copyFileSync(NODE_PROGRAMS.busybox, join(root, 'bin/busybox'));
  const { stdout } = await run(NODE_PROGRAMS.busybox, ['--list']);
  for (const applet of stdout.split('\n').filter((name) => name !== '' && name !== 'busybox')) {
    symlinkSync('busybox', join(root, 'bin', applet));
  }
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/tmp:/bin/sh\n',
  );
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\napp:x:1000:\n');
}

/** What the official image adds: rclone, fuse3 with the libraries of the machine it comes from, user_allow_other. */
async function makeRclone(root: string, rclone: string): Promise<void> {
  const put = (source: string, target = source): void => {
    mkdirSync(dirname(join(root, target)), { recursive: true });
    copyFileSync(source, join(root, target));
  };
  put(rclone, '/usr/local/bin/rclone');
  // Alpine's busybox has it, Debian's does not.
  put(NODE_PROGRAMS.flock);
  put(NODE_PROGRAMS.fusermount3);
  chmodSync(join(root, NODE_PROGRAMS.fusermount3), 0o4755);
  const { stdout } = await run('ldd', [NODE_PROGRAMS.fusermount3]);
  for (const [library] of stdout.matchAll(/\/\S+/g)) put(library);
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/fuse.conf'), 'user_allow_other\n');
  mkdirSync(join(root, 'config'));
}

/** OCI image configuration (image-spec config.md). */
function renderConfig(image: ImageConfig): object {
  return {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...(image.env ?? [])],
      ...(image.entrypoint ? { Entrypoint: image.entrypoint } : {}),
      ...(image.command ? { Cmd: image.command } : {}),
    },
    rootfs: { type: 'layers', diff_ids: image.layers.map(({ digest }) => `sha256:${digest}`) },
  };
}

async function describeFile(file: string): Promise<unknown> {
  const { size, mtimeMs } = await stat(file);
  return [file, size, mtimeMs];
}
