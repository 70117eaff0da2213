# media-stack ask-backend.sh: SECONDS MEDIA SOURCE [FLAG]... asks the server behind a mount, past the mount.

# A process that waits for a mount whose server hangs can be ended by no signal (state D, until rclone gives up). rclone
# itself can: so it asks first, and the mount is left alone when there is no answer.

seconds=$1 media=$2 source=$3
shift 3

while read -r line; do
  case $line in *" $media"*) printf 'table %s\n' "$line" ;; esac
done </proc/self/mountinfo

read -r from _ </proc/uptime
said=$(bounded "$seconds" rclone lsf "$source" --max-depth 1 --contimeout "${seconds}s" --timeout "${seconds}s" \
  --retries 1 --low-level-retries 1 --log-level ERROR "$@" 2>&1 >/dev/null)
printf 'backend-code %s\n' "$?"
read -r to _ </proc/uptime
printf 'took %s %s\n' "$from" "$to"
printf '%s\n' "$said" | while IFS= read -r line; do printf 'backend %s\n' "$line"; done
finish
