# media-stack init-dirs.sh: stay|once [POINT LINK]... makes mount points and links; clears dead mounts first and last.

mode=$1
shift
term='' told=''
[ "$mode" != stay ] || trap term=1 TERM INT

# link POINT LINK: a relative link, so that it means the same under every path the volume is mounted at.
# Nothing that is there already is ever replaced.
link() {
  target=${1#"${2%/*}"/}
  [ -L "$2" ] || [ -e "$2" ] || ln -sn "$target" "$2" 2>&1 | {
    read -r error || exit 0
    # Another pod was faster: what it made is looked at below.
    case $error in *'ile exists'*) exit 0 ;; esac
    refuse "$2" "$error"
  } || exit 1
  [ -L "$2" ] || die "$2 is a real directory (or file) and never replaced" 'move its contents away and remove it, or use media-stack/mounts: "volume"'
  readlink "$2" | { IFS= read -r old; [ "$old" = "$target" ]; } || die "$2 is a link, but not to $target" 'remove the link, or use media-stack/mounts: "volume"'
}

make_points() {
  while [ -n "$1" ]; do
    # A live mount is this pod's own when this container was restarted.
    prepare "$1" || say "$1 has a live mount: left as it is"
    [ -z "$2" ] || link "$1" "$2"
    shift 2
  done
}

clear_points() {
  busy=
  while [ -n "$1" ]; do
    clear_dead "$1" || say "a dead mount is left at $1"
    ! mounted "$1" || busy=1
    shift 2
  done
}

make_points "$@"
[ "$mode" = stay ] || exit 0
marker=${MEDIA_STACK_READY_MARKER:-/tmp/media-stack-ready}
true >"$marker" || die "cannot write $marker" 'this container needs a writable /tmp'

# finish [POINT LINK]... The sidecars have ended by now. Where the grace period ran out they are only just being
# stopped: wait a little.
finish() {
  trap '' TERM INT
  kill "$!" 2>/dev/null
  for _ in 1 2 3 4 5; do
    clear_points "$@"
    [ -n "$busy" ] || break
    sleep 1
  done
  exit 0
}

# In the trap itself, for no test of a flag before wait is free of a race.
trap 'finish "$@"' TERM INT
[ -z "$term" ] || finish "$@"
while :; do
  sleep 86400 &
  wait "$!"
done
