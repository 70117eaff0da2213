// The programs of a cluster, built with the Go toolchain from pinned modules (go/*/go.mod). A cold build takes about
// a quarter of an hour on two cores; what is built stays in the cache folder, keyed by everything that goes into it.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cachedFile, cacheFolder } from './tool-cache.ts';

const run = promisify(execFile);

interface Tool {
  /** Folder below go/. */
  readonly module: 'kubernetes' | 'rclone';
  readonly package: string;
  /** The module whose version, as go.mod pins it, the program is told to have. */
  readonly versionOf: string;
  readonly ldflags: (version: string) => string;
}

// Without a version kubectl and helm cannot parse what the API server says of itself; names as in hack/lib/version.sh.
const kubernetesLdflags = (version: string): string => {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const base = 'k8s.io/component-base/version';
  const values = [
    `${base}.gitVersion=${version}`,
    `${base}.gitMajor=${major}`,
    `${base}.gitMinor=${minor}`,
    `${base}.gitTreeState=clean`,
    `${base}.buildDate=2026-01-01T00:00:00Z`,
    `k8s.io/client-go/pkg/version.gitVersion=${version}`,
  ];
  return `-s -w ${values.map((value) => `-X ${value}`).join(' ')}`;
};

const kubernetes = (name: string): Tool => ({
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  versionOf: 'k8s.io/kubernetes',
  ldflags: kubernetesLdflags,
});

const TOOLS = {
  'kube-apiserver': kubernetes('kube-apiserver'),
  kubectl: kubernetes('kubectl'),
  'kube-controller-manager': kubernetes('kube-controller-manager'),
  'kube-scheduler': kubernetes('kube-scheduler'),
  kubelet: kubernetes('kubelet'),
  etcd: {
    module: 'kubernetes',
    package: 'go.etcd.io/etcd/server/v3',
    versionOf: 'go.etcd.io/etcd/server/v3',
    ldflags: () => '',
  },
  rclone: {
    module: 'rclone',
    package: 'github.com/rclone/rclone',
    versionOf: 'github.com/rclone/rclone',
    ldflags: (version) => `-s -w -X github.com/rclone/rclone/fs.Version=${version}`,
  },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES: readonly ToolName[] = Object.keys(TOOLS) as ToolName[];

/** Static programs: rclone and the kubelet run among other libraries than those of this machine. */
const GO_ENV = { CGO_ENABLED: '0', GOFLAGS: '' };

/**
 * Paths of these tools, built one after the other where the cache lacks them (go build uses every core by itself).
 * `report` gets a line per tool that has to be built. Rejects with Go's own words when a build fails.
 */
export async function buildTools<N extends ToolName>(
  names: readonly N[],
  report: (line: string) => void = reportOnStderr,
): Promise<Record<N, string>> {
  const paths: Partial<Record<N, string>> = {};
  const modules = new Map<string, GoModule>();
  for (const name of names) {
    const tool: Tool = TOOLS[name];
    const module = modules.get(tool.module) ?? (await readModule(tool.module));
    modules.set(tool.module, module);
    const ldflags = tool.ldflags(pinnedVersion(module, tool.versionOf));
    const key = hash([module.mod, module.sum, module.toolchain, ldflags, JSON.stringify(GO_ENV)]);
    const file = join(cacheFolder(), 'tools', `${tool.module}-${key}`, name);
    paths[name] = await cachedFile(file, (temporary) =>
      buildTool({ name, module, package: tool.package, ldflags, output: temporary }, report),
    );
  }
  return paths as Record<N, string>;
}

/** True where `go` can be run. */
export async function hasGo(): Promise<boolean> {
  return run('go', ['version']).then(
    () => true,
    () => false,
  );
}

interface Build {
  readonly name: string;
  readonly module: GoModule;
  readonly package: string;
  readonly ldflags: string;
  readonly output: string;
}

async function buildTool(build: Build, report: (line: string) => void): Promise<void> {
  report(`building ${build.name} (once: it is kept in ${cacheFolder()}) ...`);
  const started = performance.now();
  const flags = ['-trimpath', ...(build.ldflags === '' ? [] : ['-ldflags', build.ldflags])];
  await run('go', ['build', ...flags, '-o', build.output, build.package], {
    cwd: build.module.folder,
    env: { ...process.env, ...GO_ENV },
    maxBuffer: 64 << 20,
  });
  report(`built ${build.name} in ${Math.round((performance.now() - started) / 1000)} s`);
}

interface GoModule {
  readonly folder: string;
  readonly mod: string;
  readonly sum: string;
  /** Version of the toolchain that go.mod selects, and its platform. */
  readonly toolchain: string;
}

async function readModule(name: string): Promise<GoModule> {
  const folder = join(import.meta.dirname, 'go', name);
  const [mod, sum, go] = await Promise.all([
    readFile(join(folder, 'go.mod'), 'utf8'),
    readFile(join(folder, 'go.sum'), 'utf8'),
    run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { cwd: folder }),
  ]);
  return { folder, mod, sum, toolchain: go.stdout };
}

function pinnedVersion(module: GoModule, path: string): string {
  const line = module.mod.split('\n').find((text) => text.trim().startsWith(`${path} v`));
  const version = line?.trim().split(' ')[1];
  if (version === undefined) throw new Error(`${module.folder}/go.mod does not require ${path}`);
  return version;
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function reportOnStderr(line: string): void {
  process.stderr.write(`media-stack cluster: ${line}\n`);
}
