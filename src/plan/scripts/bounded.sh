# Shared by every script: how to ask a mount that may hang.

# bounded SECONDS COMMAND...: the command's exit code, 137 when it took too long. The inner timeout kills it.
# The outer one lets go of what no signal ends (state D: a FUSE request that its server has read and does not
# answer): busybox's timeout *becomes* the command, so the shell would wait for that one for ever.
bounded() {
  seconds=$1
  shift
  # shellcheck disable=SC2016 # the inner shell expands it
  timeout -s KILL "$seconds" sh -c 'timeout -s KILL "$0" "$@" & wait $!' "$seconds" "$@"
}
