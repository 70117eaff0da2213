# Shared by the scripts of the pods: what is mounted where.

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
