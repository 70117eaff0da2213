# media-stack probe.sh: startup|liveness|gate SECONDS POINT [CONTENT].

# Only CONTENT asks the server behind the mount: one that is down must not restart a healthy mount.

fail() {
  printf '%s: %s\n' "$0" "$*"
  exit 1
}

limit=$2

# ask WHAT COMMAND...
ask() {
  what=$1
  shift
  bounded "$limit" "$@" >/dev/null 2>&1
  case $? in
    0) ;;
    137) fail "$what took over ${limit}s" ;;
    *) fail "$what failed" ;;
  esac
}

check() {
  if [ "$1" != liveness ]; then
    mounted "$3" || fail "$3 is not mounted"
    case $type in
      fuse*) ;;
      *) fail "$3 is mounted as $type, not by FUSE" ;;
    esac
  fi
  ask "statfs of $3" stat -f "$3"
  [ "$1" = liveness ] || [ -z "$4" ] || ask "listing of $3/$4" ls "$3/$4"
}

# gate holds a postStart hook until startup would pass; the hook bounds it, for the kubelet does not.
if [ "$1" = gate ]; then
  until (check "$@"); do sleep 1; done
else
  check "$@"
fi
exit 0
