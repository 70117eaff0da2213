# Shared by all three scripts: what is mounted where, and how to ask a mount that may hang.

table=${MEDIA_STACK_MOUNT_TABLE:-/proc/self/mounts}

# mounted POINT: whether something is mounted exactly there; type = file system of the topmost mount.
# The table writes a space as \040. Settings refuse the other characters it escapes (tab, newline, backslash).
mounted() {
  type='' want='' rest=$1
  while [ "$rest" != "${rest#* }" ]; do
    want=$want${rest%% *}'\040' rest=${rest#* }
  done
  while read -r _ at fs _; do
    [ "$at" != "$want$rest" ] || type=$fs
  done <"$table"
  [ -n "$type" ]
}

# bounded SECONDS COMMAND...: the command's exit code, 137 when it took too long. The inner timeout kills it.
# The outer one lets go of what no signal ends (state D: a FUSE request that its server has read and does not
# answer): busybox's timeout *becomes* the command, so the shell would wait for that one for ever.
bounded() {
  seconds=$1
  shift
  # shellcheck disable=SC2016 # the inner shell expands it
  timeout -s KILL "$seconds" sh -c 'timeout -s KILL "$0" "$@" & wait $!' "$seconds" "$@"
}
