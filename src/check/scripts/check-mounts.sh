# media-stack check-mounts.sh: SECONDS MAX MEDIA [MODE POINT PATH]... looks at mounts as this container sees them.

# MODE: list lists PATH; statfs asks the mount at POINT only whether it lives, which no server behind it is needed for.
# Every line begins with the number of its POINT; the mount table comes first, without a number.

seconds=$1 max=$2 media=$3
shift 3

while read -r line; do
  case $line in *" $media"*) printf 'table %s\n' "$line" ;; esac
done </proc/self/mountinfo

# tell NUMBER KEY: what comes in, each line with both in front.
tell() {
  while IFS= read -r line; do printf '%s %s %s\n' "$1" "$2" "$line"; done
}

# look NUMBER MODE POINT PATH
look() {
  [ "$2" != table ] || return 0
  said=$(bounded "$seconds" stat -f "$3" 2>&1 >/dev/null)
  printf '%s statfs-code %s\n' "$1" "$?"
  printf '%s\n' "$said" | tell "$1" statfs
  [ "$2" = list ] || return 0
  read -r from _ </proc/uptime
  # wc writes last: what stands before its number is what ls complains of. ls reads no more than head takes.
  # shellcheck disable=SC2016 # the inner shell expands it
  said=$(bounded "$seconds" sh -c 'ls -A "$0" | head -n "$1" | wc -l' "$4" "$max" 2>&1)
  printf '%s list-code %s\n' "$1" "$?"
  read -r to _ </proc/uptime
  printf '%s\n' "$said" | tell "$1" list
  printf '%s took %s %s\n' "$1" "$from" "$to"
}

number=0 jobs=''
while [ "$#" -gt 2 ]; do
  look "$number" "$1" "$2" "$3" &
  jobs="$jobs $!"
  number=$((number + 1))
  shift 3
done
# shellcheck disable=SC2086 # a list of process ids
wait $jobs
finish
