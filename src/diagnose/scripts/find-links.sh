# media-stack find-links.sh: SECONDS MAX ROOT [HANGING]... finds links, and whether they lead on.

# A target below HANGING, a mount that may not answer, is not touched: a process that waits for it ends by no signal.

seconds=$1 max=$2 root=$3
shift 3
[ -d "$root" ] || { echo absent; finish; }

# looked TARGET HANGING...: whether it may be touched.
looked() {
  target=$1
  shift
  for mount; do
    case $target in "$mount" | "$mount"/*) return 1 ;; esac
  done
}

bounded "$seconds" find "$root" -type l 2>/dev/null | head -n "$max" | while IFS= read -r link; do
  to=$(readlink "$link")
  case $to in
    /*) full=$to ;;
    # A link is resolved in its own folder; ".." is left to the one who reads this.
    *) full=${link%/*}/$to ;;
  esac
  if ! looked "$full" "$@" || { [ "$#" -gt 0 ] && [ "$full" != "${full#*/../}" ]; }; then state=unseen
  elif bounded 2 ls -dL "$link" >/dev/null 2>&1; then state=ok
  else state=broken
  fi
  printf '%s\t%s\t%s\n' "$state" "$link" "$to"
done
finish
