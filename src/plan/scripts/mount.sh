# media-stack mount.sh: POINT [OTHER]... -- COMMAND... runs rclone, starts it again, unmounts only its own and the dead.

point=$1
shift
# The mount points of the pod's other sidecars, one a line.
others=''
while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
  others="$others$1
"
  shift
done
shift
ends='' cache='' child='' term='' dog='' told='' claimed='' t1='' t2='' t3=''
read -r _ shell _ </proc/self/stat

# flush: rclone ends without its uploads, which wait for --vfs-write-back: with the pod they would be lost. 20 s at most:
# a server may be down, and the grace period is for the others too.
flush() {
  left=xxxxxxxxxxxxxxxxxxxx
  while [ -n "$left" ] && grep -rqs '"Dirty": *true' "$cache/vfsMeta"; do
    left=${left#x}
    sleep 1
  done
}

# rclone ends on TERM even when it cannot unmount, and a second TERM would cut its unmount short. One that hangs is
# killed, so that its mount can be cleared.
stop() {
  signalled=1
  if [ -z "$term" ]; then
    term=1
    # The kubelet ends this container alone when its mount hangs (liveness), else with the pod.
    [ -z "$others" ] || {
      bounded 2 stat -f "$point" >/dev/null
      [ "$?" = 137 ] || ends=1
    }
    [ -z "$cache" ] || flush
  fi
  [ -n "$child" ] && [ -z "$dog" ] || return 0
  # Between fork and exec the child is still a shell, which would lose the signal.
  for _ in 1 2 3; do
    comm=''
    read -r _ comm _ <"/proc/$child/stat"
    [ "$comm" = "$shell" ] || break
    sleep 1
  done
  kill -TERM "$child"
  { sleep 10; kill -KILL "$child"; } >/dev/null 9<&- &
  dog=$!
} 2>/dev/null
trap stop TERM INT
trap 'signalled=1; [ -z "$child" ] || kill -HUP "$child" 2>/dev/null' HUP

# claim: locks the bare directory for as long as rclone, which inherits the lock, lives. Where two pods of a node have a
# local file system by plain binds (`local` volumes, CSI drivers that stage), the second does not see the mount of the
# first, and would put its own over it in both. Network file systems lock on their server, for other nodes too: those
# are no danger, and not asked. Magic numbers of statfs(2): ext4, xfs, btrfs, zfs, tmpfs.
claim() {
  [ -z "$claimed" ] || return 0
  stat -f -c %t "$point" 2>/dev/null | {
    read -r magic
    case $magic in ef53 | 58465342 | 9123683e | 2fc12fc1 | 1021994) ;; *) exit 1 ;; esac
  } || return 0
  command exec 9<"$point" || return 0
  # 127: an image without flock.
  flock -n 9 2>/dev/null
  [ "$?" != 1 ] || return 1
  claimed=1
}

while :; do
  # The second look is for a server that is just dying.
  { prepare "$point" && claim; } || { sleep 1; prepare "$point" && claim; } || die "another pod or container already has a live mount at $point through a volume shared on this node" 'media-stack/mounts: "private"'
  [ -z "$term" ] || break
  # A socket that a killed rclone left would stop the next one: it listens without removing it first.
  for arg; do
    case $arg in
      --rc-addr=unix://*) rm -f "${arg#*://}" ;;
      --cache-dir=*) cache=${arg#*=} ;;
    esac
  done
  if [ -n "$allow" ]; then "$@" --allow-non-empty & else "$@" & fi
  child=$!
  # A TERM that came before child had its value.
  [ -z "$term" ] || stop
  # A trap interrupts wait; a wait for a child that is reported already says 127.
  code=127
  while :; do
    signalled=
    wait "$child"
    ended=$?
    [ "$ended" != 127 ] || break
    code=$ended
    [ -n "$signalled" ] || break
  done
  child=''
  [ -z "$term" ] || break

  # Three restarts a minute; t1 is the third last. A dead mount stays: an error, not an empty directory.
  read -r now _ <"${MEDIA_STACK_UPTIME:-/proc/uptime}"
  now=${now%%.*}
  # shellcheck disable=SC2003 # the kubelet would expand shell arithmetic
  if [ -n "$t1" ] && expr "$now" - "$t1" | { read -r age; [ "$age" -lt 60 ]; }; then
    status=$code
    [ "$code" != 0 ] || status=1
    case $code in
      137) mend='raise media-stack/memory-limit (it was killed, most often for memory)' ;;
      126 | 127) mend='check the image of the sidecar: it cannot run the command' ;;
      *) mend='see its log: most often the Secret (remote, password) or no access to /dev/fuse' ;;
    esac
    die "rclone at $point ended 4 times within a minute, last with code $code" "$mend"
  fi
  t1=$t2 t2=$t3 t3=$now
  say "rclone at $point ended with code $code: starting it again"
done

[ -z "$dog" ] || kill "$dog" 2>/dev/null
clear_dead "$point" || say "a dead mount is left at $point"
# With the pod end the dead mounts of sidecars that were killed, and that nobody restarts: the pod would stay in
# Terminating (kubernetes #129550). In native mode init-dirs does the same, if it was not killed too.
[ -z "$ends" ] || printf %s "$others" | while IFS= read -r other; do
  clear_dead "$other" || say "a dead mount is left at $other"
done
exit 0
