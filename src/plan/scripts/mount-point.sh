# Shared by mount.sh and init-dirs.sh: clears, makes and closes a mount point.

# One line for the log; $0 names the script.
say() {
  printf '%s: %s\n' "$0" "$*" >&2
}

# die WHAT MEND: both lines into the termination message (kubectl describe pod) and the log.
die() {
  say "$1. Mend: $2"
  { printf '%s.\nMend: %s\n' "$1" "$2" >"${MEDIA_STACK_TERMINATION_LOG:-/dev/termination-log}"; } 2>/dev/null
  exit "${status:-1}"
}

# dead POINT: a mount whose server is gone. One that hangs is not dead: it may come back, and may be somebody's.
# musl says "Socket not connected", glibc "Transport endpoint is not connected". The echo ends the read even
# when a hanging stat still holds the pipe.
dead() {
  mounted "$1" && { bounded 5 stat -f "$1" 2>&1 >/dev/null; echo; } | {
    read -r error
    case $error in
      *'not connected' | *'onnection abort'*) exit 0 ;;
    esac
    exit 1
  }
}

# clear_dead POINT: until what is there is live or nothing: mounts can be stacked.
# fusermount3 fails where the mount is seen through propagation only; umount -l then does it.
clear_dead() {
  tries=
  while dead "$1"; do
    [ "$tries" != xxxxxxxxxxxxxxxx ] || return 1
    tries=x$tries
    fusermount3 -uz "$1" || umount -l "$1" || sleep 1
  done 2>/dev/null
}

# refuse PATH ERROR: the system's own error text becomes a cause with a mend.
refuse() {
  case $2 in
    *'ead-only file'*) die "cannot create $1: read-only file system" 'mount the media volume without readOnly, or create it on the server' ;;
    *'ermission denied'* | *'not permitted'*) die "cannot create $1: permission denied to root (NFS root_squash?)" 'create it on the server, or export with no_root_squash' ;;
    *'ot a directory'* | *'ile exists'*) die "cannot create $1: not a directory, a file is in the way" 'move that file away' ;;
  esac
  die "cannot create $1: $2" 'look at the media volume and its server'
}

# prepare POINT: fails when a live mount is there. Else POINT is a bare directory, closed (mode 0000) while it is
# empty: an app gets an error and never an empty library, which a media server would purge.
# allow is set where rclone's own test for an empty directory would fail.
# shellcheck disable=SC2034 # mount.sh reads allow
prepare() {
  allow=
  clear_dead "$1" || die "the dead mount at $1 cannot be removed" 'umount -l it on the node (findmnt names it)'
  ! mounted "$1" || return 1
  # From here on nothing is mounted; before, even a test for a link could hang.
  [ ! -L "$1" ] || die "$1 is a symbolic link, left there by media-stack/mounts: \"private\"" "remove the link, or set media-stack/mounts: \"private\" again"
  umask 022
  [ -d "$1" ] || mkdir -p "$1" 2>&1 | {
    read -r error || exit 0
    refuse "$1" "$error"
  } || exit 1
  # No file name holds a slash, so it can stand for "cannot be listed".
  { ls -A "$1" 2>/dev/null || echo /; } | {
    read -r a || exit 0
    [ "$a" != / ] || exit 2
    read -r b
    read -r c
    say "$1 is not empty ($a $b $c): left as it is, the mount goes over it"
    exit 1
  }
  case $? in
    0)
      chmod 0000 "$1" 2>/dev/null || [ -n "$told" ] || {
        told=1
        say "cannot close $1 (chmod refused): an app sees an empty directory there while it is not mounted"
      }
      ls -A "$1" >/dev/null 2>&1 || allow=1
      ;;
    *) allow=1 ;;
  esac
}
