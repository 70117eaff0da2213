# media-stack look-sidecar.sh: SECONDS looks at /dev/fuse and at the CPU time of its container.

# Opened for reading and writing as fusermount does; a subshell, for a failed redirection of exec ends the shell.
said=$( (exec 3<>/dev/fuse) 2>&1) && said=ok
printf 'device %s\n' "$said"

# The control group of a privileged container may be seen from its own root or from that of the node.
group='' v1=''
while IFS=: read -r _ name path; do
  case ,$name, in
    ,,) group=$path ;;
    *,cpuacct,*) v1=$path ;;
  esac
done </proc/self/cgroup

# cpu KEY
cpu() {
  read -r at _ </proc/uptime
  for file in "/sys/fs/cgroup$group/cpu.stat" /sys/fs/cgroup/cpu.stat; do
    [ -r "$file" ] || continue
    while read -r key value; do
      [ "$key" != usage_usec ] || { printf '%s %s usec %s\n' "$1" "$at" "$value"; return; }
    done <"$file"
  done
  for folder in cpuacct cpu,cpuacct; do
    for file in "/sys/fs/cgroup/$folder$v1/cpuacct.usage" "/sys/fs/cgroup/$folder/cpuacct.usage"; do
      [ -r "$file" ] || continue
      read -r value <"$file"
      printf '%s %s nsec %s\n' "$1" "$at" "$value"
      return
    done
  done
}

cpu cpu-from
sleep "$1"
cpu cpu-to
finish
