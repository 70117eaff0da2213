// What rclone, fusermount and the container runtime say, and what it means. The first pattern that fits a line counts.
// Each has its source: a file of rclone, of libfuse, or the measurement that showed it (docs/testing.md).
import type { Symptom } from './symptoms.ts';

export interface LogPattern {
  /** Stable: the code of the finding. */
  readonly id: string;
  readonly pattern: RegExp;
  /** `start`: the mount does not come about; `server`: it is there and its server is not; `note`: worth knowing. */
  readonly stops: 'start' | 'server' | 'note';
  readonly symptom: Symptom;
  readonly cause: string;
  /** POD, NAMESPACE, CONTAINER, SECRET, KEY and SOURCE (`zurg:`) are replaced. */
  readonly mend: readonly string[];
  readonly yaml?: string;
  readonly source: string;
}

const SECRET_AGAIN = [
  'kubectl create secret generic SECRET -n NAMESPACE --from-file=KEY=rclone.conf --dry-run=client -o yaml | kubectl replace -f -',
  'then restart the pod: a running rclone does not read its configuration again',
];
const LOOK_AT_SERVER = [
  'look at the server: does it run, and does the pod reach it?',
  'kubectl exec POD -n NAMESPACE -c CONTAINER -- rclone lsf SOURCE --max-depth 1',
];
const PRIVILEGED_YAML = 'securityContext:\n  privileged: true\n  runAsUser: 0\n  runAsNonRoot: false\n';

/** Of rclone and fusermount; those of our own scripts are in script-patterns.ts. */
export const RCLONE_PATTERNS: readonly LogPattern[] = [
  {
    id: 'fuse_refused',
    pattern:
      /failed to open \/dev\/fuse: (?:Operation not permitted|Permission denied)|open \/dev\/fuse: (?:operation not permitted|permission denied)/i,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause:
      'the container may not open /dev/fuse: it is not privileged, so its device control group refuses it',
    mend: ['make the sidecar privileged; on OpenShift its service account needs the SCC "privileged" too'],
    yaml: PRIVILEGED_YAML,
    source: 'libfuse util/fusermount.c open_fuse_device; rclone cmd/mount (bazil.org/fuse mount_linux.go)',
  },
  {
    id: 'fuse_missing',
    pattern:
      /fuse:? device not found|failed to open \/dev\/fuse: No such (?:file|device)|open \/dev\/fuse: no such (?:file|device)|\/dev\/fuse: not found/i,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause:
      'there is no /dev/fuse in the container: it is not privileged, or the node has not loaded the module fuse',
    mend: ['make the sidecar privileged; if it is: load the module on the node', 'modprobe fuse'],
    yaml: PRIVILEGED_YAML,
    source:
      'libfuse util/fusermount.c open_fuse_device: "fuse device not found, try \'modprobe fuse\' first"; measured unprivileged, and with the device removed',
  },
  {
    id: 'mount_not_permitted',
    pattern: /fusermount3?: mount failed: (?:Operation not permitted|Permission denied)/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'the container may not mount: it lacks CAP_SYS_ADMIN, or AppArmor or SELinux forbids it',
    mend: ['make the sidecar privileged'],
    yaml: PRIVILEGED_YAML,
    source: 'libfuse util/fusermount.c do_mount',
  },
  {
    id: 'allow_other_refused',
    pattern: /option allow_other only allowed if 'user_allow_other' is set/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'rclone does not run as root, and /etc/fuse.conf of its image lacks user_allow_other',
    mend: ['run it as root, as the official image does'],
    yaml: PRIVILEGED_YAML,
    source: 'libfuse util/fusermount.c do_mount_opts',
  },
  {
    id: 'fusermount_missing',
    pattern: /exec: "?fusermount3?"?: executable file not found/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'the image has no fusermount3',
    mend: ['use the official image docker.io/rclone/rclone, or install fuse3 in yours'],
    source: 'bazil.org/fuse mount_linux.go',
  },
  {
    id: 'already_mounted',
    pattern: /directory already mounted, use --allow-non-empty/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'something is mounted there already: the dead mount of an rclone that was killed, or another one',
    mend: [
      'kubectl exec POD -n NAMESPACE -c CONTAINER -- fusermount3 -uz MOUNT, or delete the pod',
      'the injected sidecar clears dead mounts itself: media-stack migrate replaces a hand-written one',
    ],
    source: 'rclone cmd/mountlib/check_linux.go CheckMountEmpty',
  },
  {
    id: 'not_empty',
    pattern: /is not empty, use --allow-non-empty/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'files lie in the bare mount point: an app wrote there while nothing was mounted',
    mend: ['look at them and move them away, then restart the pod'],
    source: 'rclone cmd/mountlib/check_linux.go CheckMountEmpty',
  },
  {
    id: 'no_mount_point',
    pattern:
      /cannot open: \S+: open \S+: no such file|mountpoint path does not exist|failed to access mountpoint \S+: No such file/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'the mount point does not exist: nothing made it before rclone started (MS303)',
    mend: [
      'an init container has to make it; the webhook adds one: media-stack migrate replaces a hand-written sidecar',
    ],
    source: 'rclone cmd/mountlib/check_linux.go',
  },
  {
    id: 'dead_mount_in_the_way',
    pattern: /failed to access mountpoint \S+: Transport endpoint is not connected/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause:
      'the dead mount of an rclone that was killed is still there, and --allow-non-empty does not cure it',
    mend: [
      'delete the pod; the injected sidecar clears dead mounts itself: media-stack migrate replaces a hand-written one',
    ],
    source: 'measured: rclone killed with SIGKILL and started again with --allow-non-empty',
  },
  {
    id: 'section_missing',
    pattern: /didn't find section in config file/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'rclone.conf has no section of the name that the sidecar mounts',
    mend: ['name the section as the remote, e.g. [zurg] for zurg:', ...SECRET_AGAIN],
    source: 'rclone fs/newfs.go ErrorNotFoundInConfigFile',
  },
  {
    id: 'config_missing',
    pattern: /Config file "[^"]*" not found - using defaults/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'the file that --config names is not in the container: the Secret lacks the key',
    mend: SECRET_AGAIN,
    source: 'rclone fs/config/config.go LoadConfig',
  },
  {
    id: 'password_not_obscured',
    pattern:
      /couldn't decrypt password|failed to decrypt|input too short when revealing password|base64 decode failed when revealing password/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'pass in rclone.conf is not obscured: rclone takes no plain password there',
    mend: ['write what this prints into pass: rclone obscure PASSWORD', ...SECRET_AGAIN],
    source: 'rclone fs/config/obscure/obscure.go',
  },
  {
    id: 'unknown_flag',
    pattern: /unknown (?:shorthand )?flag|invalid argument "[^"]*" for "--/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'rclone does not know a flag, or a value of it',
    mend: ['look at the flags of the remote in the settings: rclone help flags'],
    source: 'rclone cmd/cmd.go (spf13/pflag)',
  },
  {
    id: 'rc_port_taken',
    pattern: /[Ff]ailed to start (?:remote control|metrics server).*address already in use/,
    stops: 'start',
    symptom: 'sidecar_crash_loop',
    cause: 'two rclones of the pod (or, with hostNetwork, of the node) want the same port',
    mend: ['give each --rc-addr or --metrics-addr a port of its own, or do without'],
    source: 'rclone fs/rc/rcserver/rcserver.go',
  },
  {
    id: 'wrong_password',
    pattern: /\b(?:401 Unauthorized|403 Forbidden|401: |403: )/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'the server refuses user or password of rclone.conf',
    mend: ['check user and pass of the section; pass is what `rclone obscure` prints', ...SECRET_AGAIN],
    source: 'rclone backend/webdav/webdav.go errorHandler',
  },
  {
    id: 'server_refuses',
    pattern: /connection refused|no route to host|network is unreachable/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'nothing listens at the address of the server: it is down, or url names the wrong host or port',
    mend: LOOK_AT_SERVER,
    source: 'measured: rclone with its WebDAV server stopped',
  },
  {
    id: 'no_such_host',
    pattern: /no such host|server misbehaving|Temporary failure in name resolution/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'the host name in url cannot be resolved in the pod',
    mend: ['write NAME.NAMESPACE.svc for a Service of another namespace', ...LOOK_AT_SERVER],
    source: 'Go net/dnsclient.go',
  },
  {
    id: 'server_silent',
    pattern: /i\/o timeout|timeout awaiting response|context deadline exceeded|Client\.Timeout exceeded/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'the server takes the connection and does not answer',
    mend: ['restart the server; a NetworkPolicy that drops packets looks the same', ...LOOK_AT_SERVER],
    source: 'Go net/http transport.go',
  },
  {
    id: 'certificate',
    pattern: /x509: |tls: failed to verify certificate/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'rclone does not trust the certificate of the server',
    mend: ['add --ca-cert=FILE to the flags of the remote, or mend the certificate'],
    source: 'Go crypto/x509',
  },
  {
    id: 'too_many_requests',
    pattern: /429 Too Many Requests|503 Service Unavailable|502 Bad Gateway/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'the server, or the provider behind it, is overloaded or limits the rate',
    mend: ['raise dir-cache-time, and let the apps scan less often'],
    source: 'rclone backend/webdav/webdav.go retryErrorCodes',
  },
  {
    id: 'cache_full',
    pattern: /no space left on device|failed to create data cache directory/,
    stops: 'server',
    symptom: 'mount_unreadable',
    cause: 'the cache has no room or no writable folder',
    mend: ['raise media-stack/cache-size, or use vfs-cache-mode writes'],
    source: 'rclone vfs/vfscache/cache.go',
  },
  {
    id: 'unmount_busy',
    pattern: /[Ff]ailed to unmount.*(?:busy|exit status 1)/,
    stops: 'note',
    symptom: 'mount_unreadable',
    cause: 'rclone ended while a file was open, and left a dead mount',
    mend: ['the injected sidecar unmounts lazily: media-stack migrate replaces a hand-written one'],
    source: 'rclone cmd/mountlib/mount.go; measured with an open file',
  },
];
