#!/usr/bin/env bash
# What every gate runs: media-stack lint, with its options from the environment and never from text that is pasted into
# a shell. MEDIA_STACK_PATHS holds paths, one a line; the others are optional.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
args=(lint --fail-on "${MEDIA_STACK_FAIL_ON:-deny}" -o "${MEDIA_STACK_FORMAT:-text}")
[ -z "${MEDIA_STACK_SETTINGS:-}" ] || args+=(--settings "$MEDIA_STACK_SETTINGS")
[ "${MEDIA_STACK_ASSUME_LABEL:-false}" != true ] || args+=(--assume-label)
args+=(--)
while IFS= read -r path; do
  [ -z "$path" ] || args+=("$path")
done <<<"${MEDIA_STACK_PATHS:-.}"

# The checkout brings its own Node 24 where the runner's is older.
PATH="$home/node_modules/.bin:$PATH" exec node "$home/bin/media-stack.mjs" "${args[@]}"
