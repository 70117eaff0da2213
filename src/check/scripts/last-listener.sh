# Shared by the scripts that run by exec: they end when nobody listens any more. Closing the connection ends no process,
# but it ends stdin, which is kept open for nothing else.

exec 3<&0 </dev/null
{
  while read -r _ <&3; do :; done
  kill -KILL "$$"
  # What belongs to the session that a runtime makes for each exec: GNU timeout leaves the process group.
  read -r self _ </proc/self/stat
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    pid=${line%% *}
    # Behind the name, which may hold blanks: state, parent, group, session.
    # shellcheck disable=SC2086 # these are words
    set -- ${line##*) }
    [ "$4" != "$$" ] || [ "$pid" = "$self" ] || kill -KILL "$pid"
  done
} >/dev/null 2>&1 &
watcher=$!

# finish: lets the watcher go.
finish() {
  kill -KILL "$watcher"
  exit 0
} 2>/dev/null
