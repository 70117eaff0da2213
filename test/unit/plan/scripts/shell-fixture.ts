// A world for the shell scripts without privileges: a mount table in a file, and fakes of the programs that would
// touch real mounts, in a folder that comes first on the PATH. What the fakes do is appended to one event log, so
// a test sees the order of things.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe } from 'vitest';
import { hasProgram, testWithout } from '../../../support/required-program.ts';

export interface Shell {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly prelude: string;
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  stderr(): string;
  stdout(): string;
}

interface RunOptions {
  readonly env?: Record<string, string>;
  /** Runs with the machine's own tools, or under busybox its applets, in place of the fakes. */
  readonly realTools?: boolean;
}

/** The fakes share this head: `$W` is the world's folder, and the real tools are behind them on the PATH. */
const HEAD = `#!/bin/sh
W=\${0%/bin/*}
PATH=$REAL_PATH
note() { printf '%s\\n' "$*" >>"$W/events"; }
# A file hold-NAME stops a fake until the file is gone.
hold() { [ ! -e "$W/hold-$1" ] || note "held $1"; while [ -e "$W/hold-$1" ]; do sleep 0.01; done; }
escaped() { printf '%s\\n' "$1" | sed 's/ /\\\\040/g'; }
top() { awk -v at="$(printf '%s' "$1" | sed 's/ /\\\\\\\\040/g')" '$2 == at { s = $1 } END { print s }' "$W/mounts"; }
pop() { awk -v at="$(printf '%s' "$1" | sed 's/ /\\\\\\\\040/g')" '{ l[NR] = $0; if ($2 == at) n = NR } END { for (i = 1; i <= NR; i++) if (i != n) print l[i] }' "$W/mounts" >"$W/mounts.new" && mv "$W/mounts.new" "$W/mounts"; }
# live | dead | hung | none: a mount's source is its state, or pid-N: live while that process is.
state() {
  s=$(top "$1")
  case $s in
    '') echo none ;;
    pid-*) if kill -0 "\${s#pid-}" 2>/dev/null; then echo live; else echo dead; fi ;;
    dying) if [ -e "$W/looked" ]; then echo dead; else : >"$W/looked"; echo live; fi ;;
    *) echo "$s" ;;
  esac
}
`;

const FAKES: Readonly<Record<string, string>> = {
  // How the next rclone behaves is the first line of rclone-modes (default: mount).
  rclone: `
mode=mount
if [ -s "$W/rclone-modes" ]; then
  read -r mode <"$W/rclone-modes"
  sed -i 1d "$W/rclone-modes"
fi
at=$3
args=
for a; do args="$args <$a>"; done
note "rclone $(state "$at") $(stat -c %a "$at")$args"
echo $$ >"$W/rclone.pid"
mount_at() { printf '%s %s fuse.rclone rw 0 0\\n' "$1" "$(escaped "$at")" >>"$W/mounts"; }
case $mode in
  exit*) exit "\${mode#exit }" ;;
  unmounted) exit 0 ;;
  usurped) mount_at live; exit 1 ;;
esac
mount_at "pid-$$"
trap 'note HUP' HUP
case $mode in
  mount) trap 'note TERM; pop "$at"; exit 143' TERM ;;
  busy) trap 'note TERM; exit 143' TERM ;;
  foreign) trap 'note TERM; pop "$at"; mount_at live; exit 143' TERM ;;
  slow) trap 'note TERM; hold rclone; pop "$at"; exit 143' TERM ;;
  deaf) trap 'note TERM' TERM ;;
esac
note mounted
while :; do sleep 0.02; done`,
  // fstype: the magic number of the file system; by default NFS.
  stat: `
if [ "$2" = -c ]; then cat "$W/fstype" 2>/dev/null || echo 6969; exit; fi
case $(state "$2") in
  dead) cat "$W/enotconn" >&2; exit 1 ;;
  hung) exec sleep 60 ;;
esac
echo statfs`,
  fusermount3: `
hold fusermount3
note "fusermount3 $1 $(state "$2") $2"
[ ! -e "$W/no-fusermount3" ] || exit 1
pop "$2"`,
  umount: `
note "umount $1 $(state "$2") $2"
[ ! -e "$W/no-umount" ] || exit 1
pop "$2"`,
  mkdir: `
hold mkdir
if [ -s "$W/mkdir-error" ]; then cat "$W/mkdir-error" >&2; exit 1; fi
exec mkdir "$@"`,
  chmod: `
note "chmod $*"
[ ! -e "$W/no-chmod" ] || exit 1
exec chmod "$@"`,
  grep: `
note 'looked for uploads'
exec grep "$@"`,
  flock: `
[ ! -e "$W/no-flock" ] || exit 127
exec flock "$@"`,
  ln: `
if [ -s "$W/ln-error" ]; then cat "$W/ln-error" >&2; exit 1; fi
exec ln "$@"`,
  // Root can list a directory of mode 0000; whoever runs the tests may not be root.
  ls: `
[ ! -e "$W/hung-ls" ] || exec sleep 60
for at; do :; done
[ ! -e "$W/unlistable" ] || [ "$(stat -c %a "$at")" != 0 ] || exit 2
[ -r "$at" ] || { [ -d "$at" ] && exit 0; }
exec ls "$@"`,
  // The file hurry makes time limits short.
  timeout: `
if [ -e "$W/hurry" ]; then shift 3; set -- -s KILL 0.3 "$@"; fi
PATH=$W/bin:$PATH
exec "$REAL_TIMEOUT" "$@"`,
  sleep: `
case $1 in
  1) set -- 0.02 ;;
  10) [ ! -e "$W/hurry" ] || set -- 0.1 ;;
esac
exec sleep "$@"`,
};

// A busybox built with FEATURE_SH_STANDALONE (Debian's static one) prefers its own applets to the PATH, but a
// function to both. The text under test stays as it is, behind this.
const PRELUDE = Object.keys(FAKES)
  .filter((name) => name !== 'rclone' && name !== 'fusermount3')
  .map((name) => `${name}() { "$FAKES/${name}" "$@"; }\n`)
  .join('');

export class World {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'media-stack-scripts-')));
  readonly point = join(this.folder, 'media', 'zurg');
  readonly #runs: ChildProcess[] = [];
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
    mkdirSync(join(this.folder, 'bin'));
    for (const [name, body] of Object.entries(FAKES)) {
      writeFileSync(join(this.folder, 'bin', name), `${HEAD}${body}\n`, { mode: 0o755 });
    }
    this.write('mounts', 'tmpfs /tmp tmpfs rw 0 0\n');
    this.write('events', '');
    this.write('uptime', '1000.25 900.50\n');
    this.write('enotconn', `stat: can't read file system information for 'x': Socket not connected\n`);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, text = ''): void {
    writeFileSync(this.path(name), text);
  }

  remove(name: string): void {
    rmSync(this.path(name));
  }

  read(name: string): string {
    return existsSync(this.path(name)) ? readFileSync(this.path(name), 'utf8') : '';
  }

  events(): string[] {
    return this.read('events').trimEnd().split('\n');
  }

  /** Puts a mount into the table; the state is `dead`, `live`, `hung` or `dying` (live at the first look). */
  mount(state: string, point = this.point, type = 'fuse.rclone'): void {
    const table = this.read('mounts');
    this.write('mounts', `${table}${state} ${point.replaceAll(' ', '\\040')} ${type} rw 0 0\n`);
  }

  /** The sources of the mounts at a point, the topmost last. */
  mountsAt(point = this.point): string[] {
    const lines = this.read('mounts').trimEnd().split('\n');
    return lines
      .map((line) => line.split(' '))
      .filter((fields) => fields[1]?.replaceAll('\\040', ' ') === point)
      .map((fields) => fields[0] ?? '');
  }

  run(name: string, text: string, args: readonly string[], options: RunOptions = {}): Run {
    const [program, ...before] = this.#shell.argv;
    const index = this.#runs.length;
    const out = openSync(this.path(`stdout-${index}`), 'w');
    const err = openSync(this.path(`stderr-${index}`), 'w');
    const realPath = process.env['PATH'] ?? '/usr/bin:/bin';
    const child = spawn(
      program,
      [...before, '-c', (options.realTools ? '' : this.#shell.prelude) + text, name, ...args],
      {
        // Files, not pipes: a process that is left behind must not keep a pipe open. A group of its own, to end it.
        stdio: ['ignore', out, err],
        detached: true,
        cwd: this.folder,
        env: {
          PATH: options.realTools ? realPath : `${this.path('bin')}:${realPath}`,
          REAL_PATH: realPath,
          REAL_TIMEOUT: REAL_TIMEOUT,
          FAKES: this.path('bin'),
          LC_ALL: 'C',
          MEDIA_STACK_MOUNT_TABLE: this.path('mounts'),
          MEDIA_STACK_UPTIME: this.path('uptime'),
          MEDIA_STACK_TERMINATION_LOG: this.path('termination'),
          MEDIA_STACK_READY_MARKER: this.path('ready'),
          ...options.env,
        },
      },
    );
    closeSync(out);
    closeSync(err);
    this.#runs.push(child);
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    return {
      child,
      ended,
      stdout: () => this.read(`stdout-${index}`),
      stderr: () => this.read(`stderr-${index}`),
    };
  }

  /** Waits for a condition; a test never sleeps for a fixed time. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const end = performance.now() + 15_000;
    while (!condition()) {
      if (performance.now() > end) {
        throw new Error(`never came: ${what}\n${this.read('events')}\n${this.read('stderr-0')}`);
      }
      await delay(5);
    }
  }

  async untilEvent(event: string, times = 1): Promise<void> {
    await this.until(`${times} x ${event}`, () => this.events().filter((e) => e === event).length >= times);
  }

  rclonePid(): number {
    return Number(this.read('rclone.pid'));
  }

  async end(): Promise<void> {
    for (const child of this.#runs) {
      if (child.pid === undefined) continue;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Its whole group has ended already.
      }
    }
    // Who is not root cannot remove what is in, or below, a closed directory.
    spawnSync('chmod', ['-R', 'u+rwx', this.folder]);
    // A process that was just killed may still be writing its last event.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}

const REAL_TIMEOUT = spawnSync('sh', ['-c', 'command -v timeout'], { encoding: 'utf8' }).stdout.trim();

/** Runs a suite under every shell there is; one that is missing is a visible skip, or a failure in CI. */
export function describeUnderShells(title: string, suite: (newWorld: () => World) => void): void {
  const shells: readonly Shell[] = [
    { name: 'sh', argv: ['sh'], prelude: '' },
    { name: 'busybox sh', argv: ['busybox', 'sh'], prelude: PRELUDE },
  ];
  describe.each(shells)(`${title} ($name)`, (shell) => {
    if (hasProgram(shell.argv[0])) suite(() => new World(shell));
    else testWithout(shell.argv[0]);
  });
}
